#include "s3/http_date.hpp"
#include "s3/replies/list_scanner.hpp"
#include "s3/replies/reply_xml.hpp"
#include "tests/unit/s3/replies/list_pages.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3;
using beatsync::tests::as_body;
using beatsync::tests::list_document;
using beatsync::tests::list_entry;

namespace {

constexpr const char* url = "<EncodingType>url</EncodingType>";
const std::string last(beatsync::tests::last_page);

bool same(const list_page& a, const list_page& b) {
  const auto equal = [](const object_summary& x, const object_summary& y) {
    return x.key == y.key && x.size == y.size && x.etag == y.etag &&
           x.last_modified == y.last_modified && x.archived == y.archived;
  };
  return a.next_token == b.next_token && a.common_prefixes == b.common_prefixes &&
         std::equal(a.objects.begin(), a.objects.end(), b.objects.begin(), b.objects.end(), equal);
}

/// Both parsers, which must agree; the scanner has to take the page where `by_scanner`.
result<list_page> parse(const std::string& text, std::string_view prefix = "",
                        bool by_scanner = true) {
  auto scanned = as_body(text);
  BOOST_TEST(scan_list(scanned).has_value() == by_scanner, text);
  auto fast = parse_list(as_body(text), prefix);
  const auto slow = parse_list_by_expat(as_body(text), prefix);
  BOOST_REQUIRE_EQUAL(fast.has_value(), slow.has_value());
  if (fast) BOOST_TEST(same(*fast, *slow), text);
  if (!fast) BOOST_TEST((fast.error().code == errc::bad_reply));
  return fast;
}

std::string refusal(const std::string& text, std::string_view prefix = "", bool by_scanner = true) {
  const auto page = parse(text, prefix, by_scanner);
  BOOST_REQUIRE(!page.has_value());
  return page.error().message;
}

std::string first_key(const std::string& text, bool by_scanner = true) {
  const auto page = parse(text, "", by_scanner);
  BOOST_REQUIRE(page.has_value());
  BOOST_REQUIRE(!page->objects.empty());
  return std::string(page->objects.front().key);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(listings)

BOOST_AUTO_TEST_CASE(a_page_of_aws) {
  const auto page =
      parse(list_document(
                "<Name>bucket</Name><Prefix>dj/</Prefix><NextContinuationToken>1ueGcxLPRx1Tr/"
                "XYExHnhbYLgveDs2J/wm36Hy4vbOwM="
                "</NextContinuationToken><KeyCount>2</KeyCount><MaxKeys>2</"
                "MaxKeys><IsTruncated>true</IsTruncated>" +
                list_entry("dj/a", "5") +
                "<Contents><Key>dj/b</Key><LastModified>2026-01-31T12:34:56.789Z</"
                "LastModified><ETag>\"x-2\"</ETag>"
                "<ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</"
                "ChecksumType><Size>6442450944</Size>"
                "<Owner><ID>i</ID></Owner><StorageClass>DEEP_ARCHIVE</StorageClass></Contents>"),
            "dj/");
  BOOST_REQUIRE(page.has_value());
  BOOST_REQUIRE(page->objects.size() == 2U);
  BOOST_TEST(page->objects[0].key == "dj/a");
  BOOST_TEST(page->objects[0].size == 5U);
  BOOST_TEST(page->objects[0].etag == "d41d8cd98f00b204e9800998ecf8427e");
  BOOST_TEST(!page->objects[0].archived);
  BOOST_TEST(page->objects[1].size == 6'442'450'944U);
  BOOST_TEST(page->objects[1].etag == "x-2");
  BOOST_TEST(page->objects[1].archived);
  BOOST_TEST(format_iso8601(page->objects[1].last_modified) == "2026-01-31T12:34:56.789Z");
  BOOST_TEST(page->next_token == "1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=");
}

BOOST_AUTO_TEST_CASE(an_empty_page) {
  const auto page = parse(list_document(last));
  BOOST_REQUIRE(page.has_value());
  BOOST_TEST(page->objects.empty());
  BOOST_TEST(page->next_token.empty());
}

BOOST_AUTO_TEST_CASE(blanks_and_plus_signs_of_aws_minio_and_ceph) {
  for (const char* key : {"a+b%2Bc", "a%20b%2Bc"})  // AWS and MinIO; Ceph
    BOOST_TEST(first_key(list_document(url + list_entry(key))) == "a b+c", key);
}

BOOST_AUTO_TEST_CASE(keys_are_decoded_only_where_the_answer_says_so) {
  BOOST_TEST(first_key(list_document(list_entry("100%25 a+b.mp3"))) == "100%25 a+b.mp3");
  BOOST_TEST(first_key(list_document(list_entry("100%.mp3"))) == "100%.mp3");
  BOOST_TEST(first_key(list_document(url + list_entry("100%25.mp3"))) == "100%.mp3");
  BOOST_TEST(first_key(list_document("<EncodingType></EncodingType>" + list_entry("a%41"))) ==
             "a%41");
}

BOOST_AUTO_TEST_CASE(decoding_happens_once) {
  BOOST_TEST(first_key(list_document(url + list_entry("a%252525"))) == "a%2525");
  BOOST_TEST(first_key(list_document(url + list_entry("a&amp;amp;%26amp;"))) == "a&amp;&amp;");
}

BOOST_AUTO_TEST_CASE(the_encoding_may_be_named_after_the_keys) {
  BOOST_TEST(first_key(list_document(list_entry("a%20b") + url)) == "a b");
}

BOOST_AUTO_TEST_CASE(raw_keys_with_references) {
  BOOST_TEST(first_key(list_document(list_entry(
                 "R&amp;B &lt;3 &quot;x&quot; &apos;y&#39;&#x26;&#10;"))) == "R&B <3 \"x\" 'y'&\n");
  BOOST_TEST(first_key(list_document(list_entry("caf&#233;&#x1F3A7;")), false) == "café🎧");
}

BOOST_AUTO_TEST_CASE(control_characters_arrive_encoded) {
  BOOST_TEST(first_key(list_document(url + list_entry("a%1B%5B2J%0D%00"))) ==
             std::string("a\x1b[2J\r\0", 7));
}

BOOST_AUTO_TEST_CASE(common_prefixes) {
  const auto page =
      parse(list_document(std::string(url) +
                          "<CommonPrefixes><Prefix>dj/a+b/</Prefix></"
                          "CommonPrefixes><CommonPrefixes><Prefix>dj/c/</Prefix></CommonPrefixes>"),
            "dj/");
  BOOST_REQUIRE(page.has_value());
  const std::vector<std::string> expected = {"dj/a b/", "dj/c/"};
  BOOST_TEST(page->common_prefixes == expected, boost::test_tools::per_element());
  BOOST_TEST(!parse(list_document("<CommonPrefixes><Prefix>b/</Prefix></"
                                  "CommonPrefixes><CommonPrefixes><Prefix>a/</Prefix>"
                                  "</CommonPrefixes>"))
                  .has_value());
}

BOOST_AUTO_TEST_CASE(keys_must_rise_in_byte_order) {
  BOOST_TEST(parse(list_document(list_entry("a.b") + list_entry("a/") + list_entry("a0") +
                                 list_entry("ö")))
                 .has_value());
  BOOST_TEST(
      refusal(list_document(list_entry("b") + list_entry("a"))).find("\"a\" comes after \"b\"") !=
      std::string::npos);
  BOOST_TEST(!parse(list_document(list_entry("a") + list_entry("a"))).has_value());
  BOOST_TEST(!parse(list_document(list_entry("\xF0\x9F\x8E\xA7") + list_entry("\xEF\xBD\x81")))
                  .has_value());
  // Rising as sent, but not as decoded.
  BOOST_TEST(!parse(list_document(url + list_entry("a%20") + list_entry("a%1F"))).has_value());
}

BOOST_AUTO_TEST_CASE(keys_must_lie_below_the_prefix) {
  BOOST_TEST(refusal(list_document(list_entry("other/a")), "dj/").find("does not begin with") !=
             std::string::npos);
  BOOST_TEST(!parse(list_document(list_entry("")), "").has_value());
  BOOST_TEST(parse(list_document(url + list_entry("dj+x/a")), "dj x/").has_value());
}

BOOST_AUTO_TEST_CASE(sizes_must_be_numbers_below_2_63) {
  BOOST_TEST(parse(list_document(list_entry("a", "9223372036854775807"))).has_value());
  for (const char* size : {"9223372036854775808", "18446744073709551616", "-1", "+1", "", " 1",
                           "1 ", "0x1", "1.0", "many"})
    BOOST_TEST(!parse(list_document(list_entry("a", size))).has_value(), size);
}

BOOST_AUTO_TEST_CASE(a_truncated_list_needs_a_token) {
  BOOST_TEST(
      refusal(list_document("<IsTruncated>true</IsTruncated>")).find("no NextContinuationToken") !=
      std::string::npos);
  BOOST_TEST(!parse(list_document("<IsTruncated>perhaps</IsTruncated>")).has_value());
  const auto page = parse(list_document(
      "<IsTruncated>false</IsTruncated><NextContinuationToken>t</NextContinuationToken>"));
  BOOST_TEST(page->next_token.empty());
}

BOOST_AUTO_TEST_CASE(a_page_must_say_whether_it_is_the_last) {
  const std::string root = "<ListBucketResult>", end = "</ListBucketResult>";
  const std::string token = "<NextContinuationToken>t</NextContinuationToken>";
  for (const std::string& inside :
       {std::string(), list_entry("a"), token, "<IsTruncated></IsTruncated>" + list_entry("a")})
    BOOST_TEST(refusal(root + inside + end).find("does not say") != std::string::npos, inside);
}

BOOST_AUTO_TEST_CASE(times_of_long_ago_are_taken) {
  for (const char* time : {"1904-01-01T00:00:00.000Z", "0001-01-01T00:00:00.000Z"}) {
    const auto page = parse(list_document("<Contents><Key>a</Key><Size>1</Size><LastModified>" +
                                          std::string(time) + "</LastModified></Contents>"));
    BOOST_REQUIRE(page.has_value());
    BOOST_TEST(format_iso8601(page->objects.front().last_modified) == time);
  }
}

BOOST_AUTO_TEST_CASE(objects_need_key_and_size) {
  BOOST_TEST(!parse(list_document("<Contents><Key>a</Key></Contents>")).has_value());
  BOOST_TEST(!parse(list_document("<Contents><Size>1</Size></Contents>")).has_value());
  BOOST_TEST(parse(list_document("<Contents><Key>a</Key><Size>1</Size></Contents>")).has_value());
}

BOOST_AUTO_TEST_CASE(broken_encodings_are_lies) {
  BOOST_TEST(!parse(list_document(url + list_entry("100%"))).has_value());
  BOOST_TEST(!parse(list_document("<EncodingType>rot13</EncodingType>")).has_value());
  BOOST_TEST(
      !parse(list_document(
                 "<Contents><Key>a</Key><Size>1</Size><LastModified>now</LastModified></Contents>"))
           .has_value());
}

BOOST_AUTO_TEST_CASE(other_documents_and_broken_ones) {
  const std::string root = "<ListBucketResult>" + last, end = "</ListBucketResult>";
  for (const std::string& body :
       {std::string(), std::string(" "), std::string("<html></html>"),
        std::string("<Error><Code>SlowDown</Code></Error>"), root, root + "</x>",
        root + "<Contents>" + end, root + end + "x", root + "<Name>&nbsp;</Name>" + end,
        "<!DOCTYPE ListBucketResult>" + root + end, root + "<Name>\xff</Name>" + end,
        root + "<Name>\x01</Name>" + end, root + "<Name>&#0;</Name>" + end,
        root + "<Name>a]]>b</Name>" + end,
        root + "<Contents><Key><b>x</b></Key><Size>1</Size></Contents>" + end, root + last + end})
    BOOST_TEST(!parse(body, "", false).has_value(), body);
  BOOST_TEST(refusal("<Error><Code>SlowDown</Code></Error>", "", false).find("<Error>") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_scanner_leaves_to_expat) {
  const std::string entry = last + list_entry("k");
  const std::string texts[] = {
      "<?xml version='1.0' encoding='utf-8'?><ListBucketResult>" + entry + "</ListBucketResult>",
      "<ListBucketResult><!-- c -->" + entry + "</ListBucketResult>",
      "<ListBucketResult><?pi?>" + entry + "</ListBucketResult>",
      "<ListBucketResult xmlns:x=\"u\">" + entry + "</ListBucketResult>",
      "<ListBucketResult >" + last +
          "<Contents ><Key>k</Key "
          "><Size><![CDATA[1]]></Size></Contents></ListBucketResult>",
      "<s:ListBucketResult "
      "xmlns:s=\"u\"><s:IsTruncated>false</s:IsTruncated><s:Contents><s:Key>k</s:Key><s:Size>1</"
      "s:Size></s:Contents></"
      "s:ListBucketResult>",
      "  \r\n<?xml version=\"1.0\"?><ListBucketResult>\r\n" + entry + "</ListBucketResult>"};
  for (const std::string& text : texts) BOOST_TEST(first_key(text, false) == "k", text);
}

BOOST_AUTO_TEST_CASE(what_the_scanner_takes_beside_the_usual) {
  const std::string texts[] = {
      "<ListBucketResult>" + last + list_entry("k") + "</ListBucketResult>\n",
      "<ListBucketResult xmlns=\"u\">\n  " + last +
          "\n  <Contents>\n    <Key>k</Key>\n\t<Size>1</Size>\n  "
          "</Contents>\n</ListBucketResult>",
      list_document("<Name/><Unknown><Deep><Er>x &amp; y</Er></Deep></Unknown><Blank> </Blank>" +
                    list_entry("k"))};
  for (const std::string& text : texts) BOOST_TEST(first_key(text) == "k", text);
}

BOOST_AUTO_TEST_CASE(a_key_of_blanks_is_a_key) {
  BOOST_TEST(first_key(list_document(list_entry(" "))) == " ");
  BOOST_TEST(first_key(list_document(list_entry(" a "))) == " a ");
}

BOOST_AUTO_TEST_CASE(views_survive_moving_the_page) {
  auto parsed = parse_list(as_body(list_document(url + list_entry("a+b") + list_entry("c"))), "");
  BOOST_REQUIRE(parsed.has_value());
  const list_page first = std::move(*parsed);
  BOOST_TEST(first.objects[0].key == "a b");
  BOOST_TEST((first.objects[0].key.data() >= first.text.data() &&
              first.objects[0].key.data() < first.text.data() + first.text.size()));
}

BOOST_AUTO_TEST_CASE(scanner_and_expat_agree_on_thousands_of_pages) {
  int taken_by_scanner = 0, good = 0;
  constexpr int pages = 6'000;
  for (std::uint32_t seed = 0; seed < pages; ++seed) {
    const std::string text = beatsync::tests::random_list(seed);
    auto copy = as_body(text);
    const bool scanned = scan_list(copy).has_value();
    if (!scanned) BOOST_REQUIRE((copy == as_body(text)));  // nothing is changed on giving up
    const auto fast = parse_list(as_body(text), "k/");
    const auto slow = parse_list_by_expat(as_body(text), "k/");
    BOOST_REQUIRE_MESSAGE(fast.has_value() == slow.has_value(), "seed " << seed << ": " << text);
    if (fast) BOOST_REQUIRE_MESSAGE(same(*fast, *slow), "seed " << seed << ": " << text);
    taken_by_scanner += scanned;
    good += fast.has_value();
  }
  // Neither half of the comparison may be empty.
  BOOST_TEST(taken_by_scanner > pages / 4);
  BOOST_TEST(taken_by_scanner < pages * 9 / 10);
  BOOST_TEST(good > pages / 10);
  BOOST_TEST(good < pages * 9 / 10);
}

BOOST_AUTO_TEST_SUITE_END()
