#include "tests/s3_server/body_sums.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/unit/s3_server/loopback.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3_server;
using namespace beatsync::tests;

namespace {

std::string sum_of(const std::string& algorithm, std::string_view text) {
  checksum_stream sum(algorithm);
  sum.update(as_bytes(text));
  return sum.finish();
}

std::string code(const answer& of) { return element(of.body, "Code"); }

}  // namespace

BOOST_AUTO_TEST_CASE(known_answers_of_the_checksums) {
  // Check values of the CRC catalogue, and of FIPS 180 for "abc".
  BOOST_TEST(to_hex(from_base64(sum_of("CRC32", "123456789")).value()) == "cbf43926");
  BOOST_TEST(to_hex(from_base64(sum_of("CRC32C", "123456789")).value()) == "e3069283");
  BOOST_TEST(to_hex(from_base64(sum_of("CRC64NVME", "123456789")).value()) == "ae8b14860a799888");
  BOOST_TEST(to_hex(from_base64(sum_of("SHA1", "abc")).value()) ==
             "a9993e364706816aba3e25717850c26c9cd0d89d");
}

BOOST_AUTO_TEST_CASE(what_was_put_comes_back) {
  loopback server;
  const auto stored =
      server.put("/music/a%20b", "hello",
                 {{"content-type", "audio/mpeg"}, {"x-amz-meta-mtime", "1700000000.5"}});
  BOOST_TEST(stored.status == 200);
  BOOST_TEST(stored.header("etag") == "\"5d41402abc4b2a76b9719d911017c592\"");
  const auto got = server.get("/music/a%20b");
  BOOST_TEST(got.body == "hello");
  BOOST_TEST(got.header("etag") == stored.header("etag"));
  BOOST_TEST(got.header("content-type") == "audio/mpeg");
  BOOST_TEST(got.header("x-amz-meta-mtime") == "1700000000.5");
  BOOST_TEST(got.header("accept-ranges") == "bytes");
  BOOST_TEST(!got.header("last-modified").empty());
  call head;
  head.method = "HEAD";
  head.target = "/music/a%20b";
  const auto looked = server.ask(head);
  BOOST_TEST(looked.header("content-length") == "5");
  BOOST_TEST(looked.body.empty());
  BOOST_TEST(server.erase("/music/a%20b").status == 204);
  BOOST_TEST(code(server.get("/music/a%20b")) == "NoSuchKey");
}

BOOST_AUTO_TEST_CASE(virtual_hosted_names_are_understood) {
  loopback server;
  server.put("/music/k", "path");
  for (const char* host : {"music.localhost:9000", "music.s3.localhost"}) {
    call request;
    request.host = host;
    request.target = "/k";
    BOOST_TEST(server.ask(request).body == "path");
  }
}

BOOST_AUTO_TEST_CASE(ranges) {
  loopback server;
  server.put("/music/k", "0123456789");
  const auto range = [&](const char* text) { return server.get("/music/k", {{"Range", text}}); };
  BOOST_TEST(range("bytes=2-4").body == "234");
  BOOST_TEST(range("bytes=2-4").header("content-range") == "bytes 2-4/10");
  BOOST_TEST(range("bytes=2-4").status == 206);
  BOOST_TEST(range("bytes=7-").body == "789");
  BOOST_TEST(range("bytes=-2").body == "89");
  BOOST_TEST(range("bytes=5-99").body == "56789");
  BOOST_TEST(code(range("bytes=10-")) == "InvalidRange");
  BOOST_TEST(range("bytes=4-2").status == 200);
  BOOST_TEST(range("lines=1-2").body.size() == 10U);
}

BOOST_AUTO_TEST_CASE(conditions_on_reading) {
  loopback server;
  const auto etag = server.put("/music/k", "x").header("etag");
  BOOST_TEST(server.get("/music/k", {{"If-Match", etag}}).status == 200);
  BOOST_TEST(server.get("/music/k", {{"If-Match", "\"other\""}}).status == 412);
  BOOST_TEST(server.get("/music/k", {{"If-None-Match", etag}}).status == 304);
  BOOST_TEST(server.get("/music/k", {{"If-None-Match", "\"other\""}}).status == 200);
}

BOOST_AUTO_TEST_CASE(conditions_on_writing) {
  loopback server;
  const auto first = server.put("/music/k", "1", {{"If-None-Match", "*"}});
  BOOST_TEST(first.status == 200);
  BOOST_TEST(server.put("/music/k", "2", {{"If-None-Match", "*"}}).status == 412);
  BOOST_TEST(server.put("/music/k", "2", {{"If-Match", "\"other\""}}).status == 412);
  BOOST_TEST(server.put("/music/new", "2", {{"If-Match", "\"other\""}}).status == 404);
  BOOST_TEST(server.put("/music/k", "3", {{"If-Match", first.header("etag")}}).status == 200);
  BOOST_TEST(server.get("/music/k").body == "3");
}

BOOST_AUTO_TEST_CASE(checksums_are_verified_stored_and_shown) {
  loopback server;
  for (const std::string name : {"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"}) {
    const auto header = "x-amz-checksum-" + to_lower(name);
    const auto sum = sum_of(name, "hello");
    BOOST_TEST(server.put("/music/k", "hello", {{header, sum}}).header(header) == sum);
    BOOST_TEST(server.get("/music/k").header(header).empty());
    const auto shown = server.get("/music/k", {{"x-amz-checksum-mode", "ENABLED"}});
    BOOST_TEST(shown.header(header) == sum);
    BOOST_TEST(shown.header("x-amz-checksum-type") == "FULL_OBJECT");
    const auto part =
        server.get("/music/k", {{"x-amz-checksum-mode", "ENABLED"}, {"Range", "bytes=0-1"}});
    BOOST_TEST(part.header(header).empty());
    BOOST_TEST(code(server.put("/music/k", "Hello", {{header, sum}})) == "BadDigest");
    BOOST_TEST(code(server.put("/music/k", "hello", {{header, "AA=="}})) == "InvalidRequest");
  }
  BOOST_TEST(server.get("/music/k").body == "hello");
}

BOOST_AUTO_TEST_CASE(content_md5_and_payload_hash_are_verified) {
  loopback server;
  BOOST_TEST(
      server.put("/music/k", "hello", {{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}}).status == 200);
  BOOST_TEST(code(server.put("/music/k", "hellO", {{"Content-MD5", "XUFAKrxLKna5cZ2REBfFkg=="}})) ==
             "BadDigest");
  call request;
  request.method = "PUT";
  request.target = "/music/k";
  request.body = "hello";
  request.payload_hash = to_hex(sha256("hello"));
  BOOST_TEST(server.ask(request).status == 200);
  request.body = "hellO";
  BOOST_TEST(code(server.ask(request)) == "XAmzContentSHA256Mismatch");
}

BOOST_AUTO_TEST_CASE(bodies_in_aws_chunked_within_http_chunks) {
  loopback server;
  call request;
  request.method = "PUT";
  request.target = "/music/k";
  request.payload_hash = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  request.headers = {{"content-encoding", "aws-chunked"},
                     {"x-amz-decoded-content-length", "5"},
                     {"x-amz-trailer", "x-amz-checksum-crc32"},
                     {"Transfer-Encoding", "chunked"}};
  const auto inner =
      "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:" + sum_of("CRC32", "hello") + "\r\n\r\n";
  auto wire = server.to_wire(request);
  wire.erase(wire.find("Content-Length"), std::string("Content-Length: 0\r\n").size());
  wire += "7\r\n" + inner.substr(0, 7) + "\r\n";
  wire += to_hex(std::string(1, static_cast<char>(inner.size() - 7))) + "\r\n" + inner.substr(7) +
          "\r\n0\r\n\r\n";
  BOOST_TEST(server.talk(wire).answers.at(0).status == 200);
  const auto got = server.get("/music/k", {{"x-amz-checksum-mode", "ENABLED"}});
  BOOST_TEST(got.body == "hello");
  BOOST_TEST(got.header("content-encoding").empty());
  BOOST_TEST(got.header("x-amz-checksum-crc32") == sum_of("CRC32", "hello"));
}

BOOST_AUTO_TEST_CASE(copies) {
  loopback server;
  server.put("/music/a%2Bb", "x", {{"x-amz-meta-who", "me"}});
  BOOST_TEST(server.put("/music/c", "", {{"x-amz-copy-source", "/music/a%2Bb"}}).status == 200);
  BOOST_TEST(server.get("/music/c").header("x-amz-meta-who") == "me");
  BOOST_TEST(server.put("/music/c", "", {{"x-amz-copy-source", "music/none"}}).status == 404);
}

BOOST_AUTO_TEST_CASE(many_deletes_at_once) {
  loopback server;
  server.put("/music/a", "");
  server.put("/music/b&c", "");
  const std::string body =
      "<Delete><Object><Key>a</Key></Object><Object><Key>b&amp;c</Key></Object>"
      "<Object><Key>none</Key></Object></Delete>";
  BOOST_TEST(server.post("/music?delete", body).status == 400);  // needs a sum
  const auto done =
      server.post("/music?delete", body, {{"x-amz-checksum-crc32", sum_of("CRC32", body)}});
  BOOST_TEST(elements(done.body, "Deleted").size() == 3U);
  BOOST_TEST(elements(server.get("/music?list-type=2").body, "Key").empty());
}

BOOST_AUTO_TEST_CASE(archived_objects_can_be_looked_at_but_not_read) {
  loopback server;
  server.put("/music/k", "x", {{"x-amz-storage-class", "GLACIER"}});
  BOOST_TEST(code(server.get("/music/k")) == "InvalidObjectState");
  call head;
  head.method = "HEAD";
  head.target = "/music/k";
  BOOST_TEST(server.ask(head).header("x-amz-storage-class") == "GLACIER");
}

BOOST_AUTO_TEST_CASE(stores_that_know_no_checksums) {
  loopback server;
  quirks old;
  old.refused_checksums = {"crc64nvme"};
  server.service().set_quirks(old);
  const auto with = [&](const std::string& name) {
    return server.put("/music/k", "x", {{"x-amz-checksum-" + to_lower(name), sum_of(name, "x")}});
  };
  BOOST_TEST(with("CRC64NVME").status == 400);
  BOOST_TEST(with("CRC32C").status == 200);
  old.refused_checksums = {"*"};
  old.checksum_refusal_status = 501;
  server.service().set_quirks(old);
  BOOST_TEST(with("CRC32C").status == 501);
  BOOST_TEST(server.put("/music/k", "x").status == 200);
}

BOOST_AUTO_TEST_CASE(buckets) {
  loopback server;
  BOOST_TEST(server
                 .put("/other",
                      "<CreateBucketConfiguration><LocationConstraint>eu-north-1"
                      "</LocationConstraint></CreateBucketConfiguration>")
                 .status == 200);
  BOOST_TEST(server.put("/music", "").status == 409);
  call head;
  head.method = "HEAD";
  head.target = "/other";
  head.region = "eu-north-1";
  BOOST_TEST(server.ask(head).header("x-amz-bucket-region") == "eu-north-1");
  head.region = "us-east-1";
  const auto wrong = server.ask(head);
  BOOST_TEST(wrong.status == 400);
  BOOST_TEST(wrong.header("x-amz-bucket-region") == "eu-north-1");
  BOOST_TEST(elements(server.get("/").body, "Name").size() == 2U);
}
