#include "tests/s3_server/body_sums.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/unit/s3_server/loopback.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3_server;
using namespace beatsync::tests;

namespace {

const std::string big(std::size_t{5} << 20U, 'a');

std::string sum_of(const std::string& algorithm, std::string_view text) {
  checksum_stream sum(algorithm);
  sum.update(as_bytes(text));
  return sum.finish();
}

std::string code(const answer& of) { return element(of.body, "Code"); }

struct upload {
  loopback server;
  std::string id;
  std::string algorithm;

  upload() : upload(header_list()) {}
  explicit upload(header_list headers, std::string sums = "") : algorithm(std::move(sums)) {
    id = element(server.post("/music/k?uploads=", "", std::move(headers)).body, "UploadId");
  }

  answer part(int number, const std::string& body) {
    header_list headers;
    if (!algorithm.empty()) {
      headers = {{"x-amz-checksum-" + to_lower(algorithm), sum_of(algorithm, body)}};
    }
    return server.put("/music/k?partNumber=" + std::to_string(number) + "&uploadId=" + id, body,
                      headers);
  }

  struct named {
    int number;
    std::string etag;
    std::string checksum;
  };
  answer complete(const std::vector<named>& parts, header_list headers = {}) {
    std::string xml = "<CompleteMultipartUpload>";
    for (const auto& one : parts) {
      xml += "<Part><PartNumber>" + std::to_string(one.number) + "</PartNumber><ETag>" + one.etag +
             "</ETag>";
      if (!one.checksum.empty()) {
        xml += "<Checksum" + algorithm + '>' + one.checksum + "</Checksum" + algorithm + '>';
      }
      xml += "</Part>";
    }
    return server.post("/music/k?uploadId=" + id, xml + "</CompleteMultipartUpload>",
                       std::move(headers));
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(parts_become_one_object) {
  upload up;
  const auto one = up.part(1, big).header("etag");
  const auto two = up.part(7, "tail").header("etag");
  const auto listed = up.server.get("/music/k?uploadId=" + up.id);
  BOOST_TEST(elements(listed.body, "PartNumber").size() == 2U);
  const auto done = up.complete({{1, one, ""}, {7, two, ""}});
  BOOST_TEST(done.status == 200);
  const auto md5 = from_hex(one.substr(1, 32)).value() + from_hex(two.substr(1, 32)).value();
  digest etag("MD5");
  etag.update(md5);
  BOOST_TEST(element(done.body, "ETag") == "&quot;" + to_hex(etag.finish()) + "-2&quot;");
  const auto got = up.server.get("/music/k");
  BOOST_TEST((got.body == big + "tail"));
  BOOST_TEST(code(up.complete({{1, one, ""}})) == "NoSuchUpload");
  BOOST_TEST(up.server.get("/music/k?partNumber=2").body == "tail");
}

BOOST_AUTO_TEST_CASE(the_rules_of_complete) {
  upload up;
  const auto one = up.part(1, "small").header("etag");
  const auto two = up.part(2, "small").header("etag");
  BOOST_TEST(code(up.complete({{1, one, ""}, {2, two, ""}})) == "EntityTooSmall");
  BOOST_TEST(code(up.complete({{2, two, ""}, {1, one, ""}})) == "InvalidPartOrder");
  BOOST_TEST(code(up.complete({{1, "\"wrong\"", ""}})) == "InvalidPart");
  BOOST_TEST(code(up.complete({{3, one, ""}})) == "InvalidPart");
  BOOST_TEST(code(up.complete({})) == "MalformedXML");
  BOOST_TEST(code(up.part(10001, "x")) == "InvalidArgument");
  BOOST_TEST(up.complete({{2, two, ""}}).status == 200);
}

BOOST_AUTO_TEST_CASE(full_object_checksums_are_combined_and_verified) {
  for (const std::string name : {"CRC64NVME", "CRC32C", "CRC32"}) {
    upload up({{"x-amz-checksum-algorithm", name}, {"x-amz-checksum-type", "FULL_OBJECT"}}, name);
    const auto header = "x-amz-checksum-" + to_lower(name);
    const auto one = up.part(1, big).header("etag");
    const auto two = up.part(2, "tail").header("etag");
    const std::vector<upload::named> parts = {{1, one, ""}, {2, two, ""}};
    BOOST_TEST(code(up.complete(parts, {{header, sum_of(name, "other")}})) == "BadDigest");
    const auto whole = sum_of(name, big + "tail");
    const auto done = up.complete(parts, {{header, whole}});
    BOOST_TEST(element(done.body, "Checksum" + name) == whole);
    const auto got = up.server.get("/music/k", {{"x-amz-checksum-mode", "ENABLED"}});
    BOOST_TEST(got.header(header) == whole);
  }
}

BOOST_AUTO_TEST_CASE(composite_checksums_need_every_part) {
  upload up({{"x-amz-checksum-algorithm", "SHA256"}}, "SHA256");
  const auto body = std::string("only");
  const auto one = up.part(1, body).header("etag");
  BOOST_TEST(code(up.complete({{1, one, ""}})) == "InvalidRequest");
  const auto done = up.complete({{1, one, sum_of("SHA256", body)}});
  BOOST_TEST(element(done.body, "ChecksumSHA256").ends_with("-1"));
  BOOST_TEST(element(done.body, "ChecksumType") == "COMPOSITE");
}

BOOST_AUTO_TEST_CASE(parts_must_carry_the_declared_checksum) {
  upload up(header_list{{"x-amz-checksum-algorithm", "CRC64NVME"}});
  BOOST_TEST(code(up.part(1, "x")) == "InvalidRequest");
  up.algorithm = "CRC32C";
  BOOST_TEST(code(up.part(1, "x")) == "InvalidRequest");
  up.algorithm = "CRC64NVME";
  BOOST_TEST(up.part(1, "x").status == 200);
}

BOOST_AUTO_TEST_CASE(declarations_that_cannot_be) {
  loopback server;
  const auto create = [&](header_list headers) {
    return code(server.post("/music/k?uploads", "", std::move(headers)));
  };
  BOOST_TEST(create({{"x-amz-checksum-type", "FULL_OBJECT"}}) == "InvalidRequest");
  BOOST_TEST(create({{"x-amz-checksum-algorithm", "SHA256"},
                     {"x-amz-checksum-type", "FULL_OBJECT"}}) == "InvalidRequest");
  BOOST_TEST(create({{"x-amz-checksum-algorithm", "CRC64NVME"},
                     {"x-amz-checksum-type", "COMPOSITE"}}) == "InvalidRequest");
  BOOST_TEST(create({{"x-amz-checksum-algorithm", "MD5"}}) == "InvalidRequest");
}

BOOST_AUTO_TEST_CASE(conditional_complete) {
  upload up;
  const auto one = up.part(1, "x").header("etag");
  up.server.put("/music/k", "there");
  BOOST_TEST(up.complete({{1, one, ""}}, {{"If-None-Match", "*"}}).status == 412);
  BOOST_TEST(up.server.get("/music/k").body == "there");
  BOOST_TEST(up.complete({{1, one, ""}}).status == 200);
}

BOOST_AUTO_TEST_CASE(uploads_are_listed_and_aborted) {
  upload up;
  auto listed = up.server.get("/music?uploads&prefix=k");
  BOOST_TEST(element(listed.body, "UploadId") == up.id);
  BOOST_TEST(up.server.erase("/music/k?uploadId=" + up.id).status == 204);
  listed = up.server.get("/music?uploads");
  BOOST_TEST(elements(listed.body, "UploadId").empty());
  BOOST_TEST(code(up.server.erase("/music/k?uploadId=" + up.id)) == "NoSuchUpload");
}

BOOST_AUTO_TEST_CASE(long_lists_of_uploads_have_pages) {
  loopback server;
  for (int i = 0; i < 5; ++i) server.post("/music/k?uploads", "");
  std::string target = "/music?uploads&max-uploads=2";
  std::size_t seen = 0;
  for (int page = 0; page < 3; ++page) {
    const auto listed = server.get(target);
    seen += elements(listed.body, "UploadId").size();
    target = "/music?uploads&max-uploads=2&key-marker=k&upload-id-marker=" +
             element(listed.body, "NextUploadIdMarker");
  }
  BOOST_TEST(seen == 5U);
}

BOOST_AUTO_TEST_CASE(parts_can_be_copied) {
  upload up;
  up.server.put("/music/source", "0123456789");
  const auto copied = up.server.put(
      "/music/k?partNumber=1&uploadId=" + up.id, "",
      {{"x-amz-copy-source", "music/source"}, {"x-amz-copy-source-range", "bytes=2-4"}});
  const auto etag = element(copied.body, "ETag");
  BOOST_TEST(up.complete({{1, etag, ""}}).status == 200);
  BOOST_TEST(up.server.get("/music/k").body == "234");
}
