#include "s3/replies/reply_xml.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace beatsync::s3;

namespace {
constexpr const char* ns = " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
const std::string declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
}  // namespace

BOOST_AUTO_TEST_SUITE(replies)

BOOST_AUTO_TEST_CASE(errors_of_s3) {
  const auto e = parse_error(
      declaration +
      "<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'us-east-1' is wrong; "
      "expecting 'eu-central-1'</Message><Region>eu-central-1</Region><RequestId>RID</RequestId>"
      "<HostId>h</HostId></Error>");
  BOOST_REQUIRE(e.has_value());
  BOOST_TEST(e->code == "AuthorizationHeaderMalformed");
  BOOST_TEST(e->region == "eu-central-1");
  BOOST_TEST(e->request_id == "RID");
  BOOST_TEST(e->message == "the region 'us-east-1' is wrong; expecting 'eu-central-1'");
}

BOOST_AUTO_TEST_CASE(members_of_special_errors) {
  BOOST_TEST(
      parse_error(
          "<Error><Code>PermanentRedirect</Code><Endpoint>b.s3.eu.example</Endpoint></Error>")
          ->endpoint == "b.s3.eu.example");
  BOOST_TEST(
      parse_error("<Error><ServerTime>2026-01-31T12:00:00Z</ServerTime></Error>")->server_time ==
      "2026-01-31T12:00:00Z");
  BOOST_TEST(parse_error("<Error><Header>x-amz-checksum-crc64nvme</Header></Error>")->header ==
             "x-amz-checksum-crc64nvme");
  BOOST_TEST(
      parse_error(
          "<ErrorResponse><Error><Code>C</Code></Error><RequestId>r</RequestId></ErrorResponse>")
          ->request_id == "r");
}

BOOST_AUTO_TEST_CASE(what_is_no_error_document) {
  for (const char* body : {"", " \n", "<html><body>502</body></html>", "<Error><Code>X</Code>",
                           "plain text", "<Error><Code>X</Code></Error>trailing",
                           "<!DOCTYPE x [<!ENTITY a 'b'>]><Error>&a;</Error>"})
    BOOST_TEST(!parse_error(body).has_value(), body);
}

BOOST_AUTO_TEST_CASE(initiate) {
  BOOST_TEST(*parse_initiate("<InitiateMultipartUploadResult" + std::string(ns) +
                             "><Bucket>b</Bucket><Key>k</Key><UploadId>VXBsb2FkIElE</UploadId>"
                             "</InitiateMultipartUploadResult>") == "VXBsb2FkIElE");
  BOOST_TEST((parse_initiate("<InitiateMultipartUploadResult/>").error().code == errc::bad_reply));
}

BOOST_AUTO_TEST_CASE(initiate_of_rclone_serve_s3) {
  BOOST_TEST(*parse_initiate(declaration + "<InitiateMultipartUpload><Bucket>b</Bucket><Key>k</Key>"
                                           "<UploadId>1</UploadId></InitiateMultipartUpload>") ==
             "1");
  for (const char* body : {"<InitiateMultipartUpload/>", "<InitiateMultipart/>", "<Error/>"})
    BOOST_TEST((parse_initiate(body).error().code == errc::bad_reply), body);
}

BOOST_AUTO_TEST_CASE(complete_that_worked) {
  const auto done = parse_complete(
      declaration + "\n   \n<CompleteMultipartUploadResult" + std::string(ns) +
      "><Location>l</Location><Bucket>b</Bucket><Key>k</"
      "Key><ETag>&quot;3858f62230ac3c915f300c664312c11f-9&quot;</ETag>"
      "<ChecksumCRC64NVME>rosUhgp5mIg=</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>"
      "</CompleteMultipartUploadResult>");
  BOOST_REQUIRE(done.has_value());
  BOOST_TEST(done->done);
  BOOST_TEST(done->etag == "3858f62230ac3c915f300c664312c11f-9");
  BOOST_TEST(done->sum.value == 0xAE8B14860A799888U);
}

BOOST_AUTO_TEST_CASE(blanks_that_keep_a_slow_complete_alive) {
  BOOST_TEST(parse_complete(
                 "   \n  " + declaration +
                 "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>")
                 ->done);
}

BOOST_AUTO_TEST_CASE(complete_with_an_error_inside_the_200) {
  const auto refused = parse_complete(declaration +
                                      "<Error><Code>InternalError</Code><Message>We encountered an "
                                      "internal error.</Message></Error>");
  BOOST_REQUIRE(refused.has_value());
  BOOST_TEST(!refused->done);
  BOOST_TEST(refused->refusal.code == "InternalError");
}

BOOST_AUTO_TEST_CASE(complete_that_says_neither_yes_nor_no) {
  for (const char* body :
       {"", "\n", "   ", "<CompleteMultipartUploadResult><ETag>\"e\"</ETag>",
        "<CompleteMultipartUploadResult/>", "<html><body>OK</body></html>", "<ListPartsResult/>",
        "<CompleteMultipartUploadResult><ETag></ETag>"
        "</CompleteMultipartUploadResult>",
        "{\"ok\":true}",
        "<CompleteMultipartUploadResult><ETag>\"e\"</ETag></CompleteMultipartUploadResult><Error/"
        ">"}) {
    const auto outcome = parse_complete(body);
    BOOST_TEST(!outcome.has_value(), body);
  }
}

// S3 allows them in keys; XML 1.0 has no way to write them. Stores repeat the key all the same.
BOOST_AUTO_TEST_CASE(keys_with_characters_that_xml_does_not_have) {
  using namespace std::string_literals;
  for (const auto& key : {"a&#27;b"s, "a&#x1b;b"s, "&#x1B;"s, "a\x1b"s, "\x01\x1f"s, "&#0;"s, "\0"s,
                          "\uFFFF"s, "&#xFFFE;&#65535;"s, "&#xD800;"s, "&#x110000;"s,
                          "&#99999999999999999999;"s, "&#27;&amp;&#233;"s}) {
    const auto id = parse_initiate("<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>" + key +
                                   "</Key><UploadId>id</UploadId></InitiateMultipartUploadResult>");
    BOOST_TEST_CONTEXT(key) {
      BOOST_REQUIRE(id.has_value());
      BOOST_TEST(*id == "id");
      const auto done = parse_complete("<CompleteMultipartUploadResult><Location>http://s/b/" +
                                       key + "</Location><Key>" + key +
                                       "</Key><ETag>&quot;e&quot;</ETag>"
                                       "</CompleteMultipartUploadResult>");
      BOOST_REQUIRE(done.has_value());
      BOOST_TEST(done->etag == "e");
      BOOST_TEST(parse_error("<Error><Code>NoSuchKey</Code><Key>" + key + "</Key></Error>")->code ==
                 "NoSuchKey");
      // Where the key is what is asked for, another one is no answer.
      BOOST_TEST(
          !parse_uploads("<ListMultipartUploadsResult><Upload><Key>" + key +
                         "</Key><UploadId>i</UploadId></Upload></ListMultipartUploadsResult>")
               .has_value());
      BOOST_TEST(!parse_delete("<DeleteResult><Error><Key>" + key +
                               "</Key><Code>AccessDenied</Code></Error></DeleteResult>")
                      .has_value());
    }
  }
  for (const char* key : {"&#;", "&#27", "&#x;", "&#xg;", "&#-1;", "&x;", "&", "<", "\xff"})
    BOOST_TEST(!parse_initiate("<InitiateMultipartUploadResult><Key>" + std::string(key) +
                               "</Key><UploadId>id</UploadId></InitiateMultipartUploadResult>")
                    .has_value(),
               key);
}

BOOST_AUTO_TEST_CASE(composite_checksums_are_not_those_of_the_object) {
  const auto done = parse_complete(
      "<CompleteMultipartUploadResult><ETag>e</ETag><ChecksumCRC32C>4waSgw==-3</ChecksumCRC32C>"
      "<ChecksumType>COMPOSITE</ChecksumType></CompleteMultipartUploadResult>");
  BOOST_TEST(!done->sum.known());
  BOOST_TEST(
      !parse_complete(
           "<CompleteMultipartUploadResult><ETag>e</ETag><ChecksumCRC32C>4waSgw==</ChecksumCRC32C>"
           "<ChecksumType>COMPOSITE</ChecksumType></CompleteMultipartUploadResult>")
           ->sum.known());
}

BOOST_AUTO_TEST_CASE(copies) {
  BOOST_TEST(parse_copy("<CopyPartResult><ETag>\"e\"</ETag></CopyPartResult>")->etag == "e");
  BOOST_TEST(parse_copy("<CopyObjectResult><ETag>\"f\"</ETag></CopyObjectResult>")->done);
  BOOST_TEST(!parse_copy("<Error><Code>SlowDown</Code></Error>")->done);
}

BOOST_AUTO_TEST_CASE(uploads_are_decoded_only_where_they_say_so) {
  const std::string upload =
      "<Upload><Key>dj/100%25+a.mp3</Key><UploadId>id</UploadId>"
      "<Initiated>2026-01-31T12:00:00.000Z</Initiated></Upload>";
  const auto raw = parse_uploads("<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>" +
                                 upload + "</ListMultipartUploadsResult>");
  BOOST_TEST(raw->uploads.front().key == "dj/100%25+a.mp3");
  const auto decoded = parse_uploads(
      "<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>true</"
      "IsTruncated><NextKeyMarker>dj/a+b"
      "</NextKeyMarker><NextUploadIdMarker>id</NextUploadIdMarker>" +
      upload + "</ListMultipartUploadsResult>");
  BOOST_TEST(decoded->uploads.front().key == "dj/100% a.mp3");
  BOOST_TEST(decoded->next_key_marker == "dj/a b");
  BOOST_TEST(decoded->truncated);
}

BOOST_AUTO_TEST_CASE(uploads_that_cannot_be_trusted) {
  for (const char* body :
       {"<ListMultipartUploadsResult><IsTruncated>true</IsTruncated></ListMultipartUploadsResult>",
        "<ListMultipartUploadsResult><Upload><Key>k</Key></Upload></ListMultipartUploadsResult>",
        "<ListMultipartUploadsResult><EncodingType>url</EncodingType><Upload><Key>%zz</"
        "Key><UploadId>i</UploadId></Upload>"
        "</ListMultipartUploadsResult>",
        "<Other/>"})
    BOOST_TEST(!parse_uploads(body).has_value(), body);
}

BOOST_AUTO_TEST_CASE(parts) {
  const auto page = parse_parts(
      "<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>2</"
      "NextPartNumberMarker>"
      "<Part><PartNumber>1</PartNumber><ETag>\"a\"</ETag><Size>5242880</"
      "Size><ChecksumCRC32C>4waSgw==</ChecksumCRC32C></Part>"
      "<Part><PartNumber>2</PartNumber><ETag>\"b\"</ETag><Size>7</Size></Part></ListPartsResult>");
  BOOST_REQUIRE(page.has_value());
  BOOST_TEST(page->parts.size() == 2U);
  BOOST_TEST(page->parts[0].size == 5'242'880U);
  BOOST_TEST(page->parts[0].sum.value == 0xE3069283U);
  BOOST_TEST(page->parts[1].etag == "b");
  BOOST_TEST(page->next_part_number_marker == 2);
}

BOOST_AUTO_TEST_CASE(parts_that_cannot_be_trusted) {
  for (const char* part :
       {"<Part><PartNumber>0</PartNumber><Size>1</Size></Part>",
        "<Part><PartNumber>10001</PartNumber><Size>1</Size></Part>",
        "<Part><PartNumber>1</PartNumber><Size>-1</Size></Part>",
        "<Part><PartNumber>1</PartNumber><Size>9223372036854775808</Size></Part>",
        "<Part><PartNumber>2</PartNumber><Size>1</Size></Part><Part><PartNumber>2</PartNumber>"
        "<Size>1</Size></Part>",
        "<IsTruncated>true</IsTruncated>"})
    BOOST_TEST(
        !parse_parts("<ListPartsResult>" + std::string(part) + "</ListPartsResult>").has_value(),
        part);
}

BOOST_AUTO_TEST_CASE(deletes) {
  const auto refused = parse_delete(
      "<DeleteResult><Deleted><Key>a</Key></Deleted><Error><Key>b%20 "
      "&amp;</Key><Code>AccessDenied</Code>"
      "<Message>no</Message></Error></DeleteResult>");
  BOOST_REQUIRE(refused.has_value());
  BOOST_REQUIRE(refused->size() == 1U);
  BOOST_TEST(refused->front().key == "b%20 &");
  BOOST_TEST(refused->front().why.code == "AccessDenied");
  BOOST_TEST(parse_delete("<DeleteResult/>")->empty());
  BOOST_TEST(!parse_delete("").has_value());
}

BOOST_AUTO_TEST_CASE(locations) {
  BOOST_TEST(*parse_location("<LocationConstraint" + std::string(ns) +
                             ">eu-central-1</LocationConstraint>") == "eu-central-1");
  BOOST_TEST(*parse_location("<LocationConstraint/>") == "us-east-1");
  BOOST_TEST(*parse_location("<LocationConstraint>EU</LocationConstraint>") == "eu-west-1");
}

BOOST_AUTO_TEST_CASE(bombs_are_refused) {
  std::string deep, wide = "<DeleteResult>";
  for (int i = 0; i < 10'000; ++i) deep += "<a>";
  for (int i = 0; i < 60'000; ++i) wide += "<a/>";
  BOOST_TEST(!parse_error(deep).has_value());
  BOOST_TEST(!parse_delete(wide + "</DeleteResult>").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
