// What heads say of objects, heads of requests, and the ETag of a multipart upload.
#include "s3/replies/object_reply.hpp"

#include "s3/client/request_head.hpp"
#include "s3/client/upload_headers.hpp"
#include "s3/client/write_proof.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3;

namespace {

reply_head with(std::vector<std::pair<std::string, std::string>> fields) {
  reply_head head;
  for (const auto& [name, value] : fields) head.add_field(name, value);
  return head;
}

constexpr const char* md5 = "\"d41d8cd98f00b204e9800998ecf8427e\"";

}  // namespace

BOOST_AUTO_TEST_SUITE(object_replies)

BOOST_AUTO_TEST_CASE(content_ranges_are_taken_exactly) {
  const auto range = parse_content_range("bytes 5-14/700");
  BOOST_REQUIRE(range.has_value());
  BOOST_TEST(range->first == 5U);
  BOOST_TEST(range->last == 14U);
  BOOST_TEST(range->total == 700U);
  for (const char* wrong : {"", "bytes", "bytes 5-14", "bytes 5-14/*", "bytes */700",
                            "bytes 14-5/700", "bytes 5-700/700", "bytes -5-14/700", "5-14/700",
                            "bytes 5-14/18446744073709551616", "bytes 5 -14/700"}) {
    BOOST_TEST(!parse_content_range(wrong).has_value(), wrong);
  }
}

BOOST_AUTO_TEST_CASE(etags_lose_their_quotes) {
  BOOST_TEST(unquoted_etag("\"abc-2\"") == "abc-2");
  BOOST_TEST(unquoted_etag("W/\"abc\"") == "abc");
  BOOST_TEST(unquoted_etag("abc") == "abc");
  BOOST_TEST(unquoted_etag("\"").size() == 1U);
  BOOST_TEST(unquoted_etag("").empty());
}

BOOST_AUTO_TEST_CASE(an_etag_is_an_md5_only_where_it_can_be_one) {
  BOOST_TEST(read_object_head(with({{"ETag", md5}})).etag_is_md5);
  BOOST_TEST(read_object_head(with({{"ETag", md5}, {"x-amz-server-side-encryption", "AES256"}}))
                 .etag_is_md5);
  for (const char* kms : {"aws:kms", "aws:kms:dsse"}) {
    BOOST_TEST(!read_object_head(with({{"ETag", md5}, {"x-amz-server-side-encryption", kms}}))
                    .etag_is_md5);
  }
  BOOST_TEST(
      !read_object_head(
           with({{"ETag", md5}, {"x-amz-server-side-encryption-customer-algorithm", "AES256"}}))
           .etag_is_md5);
  BOOST_TEST(
      !read_object_head(with({{"ETag", "\"d41d8cd98f00b204e9800998ecf8427e-2\""}})).etag_is_md5);
}

BOOST_AUTO_TEST_CASE(only_checksums_of_the_whole_object_are_shown) {
  const auto full = read_object_head(
      with({{"x-amz-checksum-crc32c", "yZRlqg=="}, {"x-amz-checksum-type", "FULL_OBJECT"}}));
  BOOST_TEST((full.full_checksum.algorithm == checksum_algorithm::crc32c));
  BOOST_TEST(full.full_checksum.value == 0xc99465aaU);
  BOOST_TEST(!read_object_head(with({{"x-amz-checksum-crc32c", "yZRlqg=="},
                                     {"x-amz-checksum-type", "COMPOSITE"}}))
                  .full_checksum.known());
  BOOST_TEST(
      !read_object_head(with({{"x-amz-checksum-crc32c", "yZRlqg==-3"}})).full_checksum.known());
  BOOST_TEST(!read_object_head(with({{"x-amz-checksum-crc32c", "%%%"}})).full_checksum.known());
  // Garage: the sum of the parts' sums, and no word about that.
  BOOST_TEST(!read_object_head(with({{"x-amz-checksum-crc32c", "yZRlqg=="},
                                     {"etag", "\"d41d8cd98f00b204e9800998ecf8427e-2\""}}))
                  .full_checksum.known());
  BOOST_TEST(read_object_head(with({{"x-amz-checksum-crc64nvme", "rosUhgp5n3g="},
                                    {"etag", "\"d41d8cd98f00b204e9800998ecf8427e-2\""}}))
                 .full_checksum.known());
}

BOOST_AUTO_TEST_CASE(metadata_and_storage_class_are_read) {
  const auto head = read_object_head(with({{"X-Amz-Meta-MTime", "1700000000"},
                                           {"x-amz-meta-", "nameless"},
                                           {"x-amz-storage-class", "DEEP_ARCHIVE"}}));
  BOOST_REQUIRE(head.metadata.size() == 1U);
  BOOST_TEST(head.metadata[0].first == "mtime");
  BOOST_TEST(head.metadata[0].second == "1700000000");
  BOOST_TEST(head.archived);
  BOOST_TEST(
      !read_object_head(with({{"x-amz-storage-class", "GLACIER"},
                              {"x-amz-restore", "ongoing-request=\"false\", expiry-date=x"}}))
           .archived);
  BOOST_TEST(!read_object_head(with({{"x-amz-storage-class", "GLACIER_IR"}})).archived);
}

BOOST_AUTO_TEST_CASE(values_that_would_end_a_header_line_are_refused) {
  header_list headers;
  add_object_headers(headers, "audio/mpeg", {}, {{"root", "E:/DJ"}});
  BOOST_TEST(!unsafe_header(headers).has_value());
  for (const std::string& value : {std::string("a\r\nx-evil: 1"), std::string("a\nb"),
                                   std::string("a\0b", 3), std::string("\x7f")}) {
    header_list bad;
    add_object_headers(bad, "", {}, {{"root", value}});
    BOOST_TEST(unsafe_header(bad).has_value());
  }
}

BOOST_AUTO_TEST_CASE(the_etag_of_a_multipart_upload_follows_from_its_parts) {
  // printf 'd41d8cd98f00b204e9800998ecf8427e%.0s' 1 2 | xxd -r -p | md5sum
  uploaded_part part;
  part.etag = "d41d8cd98f00b204e9800998ecf8427e";
  BOOST_TEST(multipart_etag({part, part}) == "5873dd45edd01f09c1ef2e7819369e8e-2");
  part.etag = "not-an-md5";
  BOOST_TEST(multipart_etag({part}).empty());
}

BOOST_AUTO_TEST_SUITE_END()
