#include "tests/s3_server/auth.hpp"

#include "s3/http_date.hpp"
#include "tests/s3_server/refusal.hpp"
#include "tests/unit/s3_server/loopback.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3_server;
using beatsync::tests::call;
using beatsync::tests::element;
using beatsync::tests::loopback;

namespace {

// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
const std::map<std::string, secret> published = {
    {"AKIAIOSFODNN7EXAMPLE", {"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "", false}}};

identity verify(const std::string& wire, bool strict = true) {
  const auto parsed = parse_head(wire);
  BOOST_REQUIRE(parsed.state == head_state::complete);
  const auto now = beatsync::s3::parse_amz_date("20130524T000000Z").value();
  const auth_context context{published, "us-east-1", now, true, strict};
  return authenticate(parsed.head, context);
}

const std::string example_get =
    "GET /test.txt HTTP/1.1\r\nHost: examplebucket.s3.amazonaws.com\r\n"
    "Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
    "aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature="
    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41\r\n"
    "Range: bytes=0-9\r\nx-amz-content-sha256: "
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\r\n"
    "x-amz-date: 20130524T000000Z\r\n\r\n";

std::string refused(loopback& server, const call& request) {
  const auto answer = server.ask(request);
  return std::to_string(answer.status) + ' ' + element(answer.body, "Code");
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_published_get_is_signed_rightly) {
  BOOST_TEST(verify(example_get).access_key == "AKIAIOSFODNN7EXAMPLE");
}

BOOST_AUTO_TEST_CASE(a_changed_byte_is_a_wrong_signature) {
  auto changed = example_get;
  changed.replace(changed.find("bytes=0-9"), 9, "bytes=0-8");
  BOOST_CHECK_EXCEPTION(verify(changed), refusal,
                        [](const refusal& why) { return why.code == "SignatureDoesNotMatch"; });
}

BOOST_AUTO_TEST_CASE(the_published_presigned_get_is_signed_rightly) {
  const std::string wire =
      "GET /test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F"
      "20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&"
      "X-Amz-SignedHeaders=host&X-Amz-Signature="
      "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404 HTTP/1.1\r\n"
      "Host: examplebucket.s3.amazonaws.com\r\n\r\n";
  BOOST_CHECK(verify(wire).kind == auth_kind::query);
}

BOOST_AUTO_TEST_CASE(strange_keys_are_signed_as_they_are_sent) {
  loopback server;
  for (const std::string path :
       {"/music/a//b", "/music/.", "/music/../x", "/music/a%20b%2Bc%25",
        "/music/%C3%BC%F0%9F%98%80", "/music/a%00b", "/music/%5C%0A%09", "/music/a!b*c(d)"}) {
    // The signer signs the path as it is; only a canonical spelling is the same on both sides.
    const auto answer = server.put(path, "x");
    const bool canonical = uri_encode(percent_decode(path).value(), true) == path;
    BOOST_TEST((answer.status == 200) == canonical, path << ' ' << answer.body);
  }
}

BOOST_AUTO_TEST_CASE(refusals_have_the_codes_of_s3) {
  loopback server;
  call request;
  request.target = "/music?list-type=2";
  BOOST_TEST(refused(server, request) == "200 ");
  auto other = request;
  other.sign = false;
  BOOST_TEST(refused(server, other) == "403 AccessDenied");
  other = request;
  other.access_key = "nobody";
  BOOST_TEST(refused(server, other) == "403 InvalidAccessKeyId");
  other = request;
  other.secret_key = "wrong";
  BOOST_TEST(refused(server, other) == "403 SignatureDoesNotMatch");
  other = request;
  other.clock_error = std::chrono::minutes(16);
  BOOST_TEST(refused(server, other) == "403 RequestTimeTooSkewed");
  other.clock_error = std::chrono::minutes(14);
  BOOST_TEST(refused(server, other) == "200 ");
  other = request;
  other.region = "eu-north-1";
  const auto wrong_region = server.ask(other);
  BOOST_TEST(element(wrong_region.body, "Code") == "AuthorizationHeaderMalformed");
  BOOST_TEST(element(wrong_region.body, "Region") == "us-east-1");
  BOOST_TEST(wrong_region.header("x-amz-bucket-region") == "us-east-1");
}

BOOST_AUTO_TEST_CASE(the_canonical_request_is_shown_when_signatures_differ) {
  loopback server;
  call request;
  request.secret_key = "wrong";
  const auto answer = server.ask(request);
  BOOST_TEST(element(answer.body, "CanonicalRequest").starts_with("GET\n/\n"));
}

BOOST_AUTO_TEST_CASE(session_tokens_must_match_and_may_expire) {
  loopback server;
  server.service().set_credentials({{"test-access-key", {"test-secret-key", "token", false}}});
  BOOST_TEST(refused(server, call()) == "400 InvalidToken");
  server.service().set_credentials({{"test-access-key", {"test-secret-key", "", true}}});
  BOOST_TEST(refused(server, call()) == "400 ExpiredToken");
}

BOOST_AUTO_TEST_CASE(unsigned_amz_headers_are_refused_when_strict) {
  loopback server;
  call request;
  auto wire = server.to_wire(request);
  wire.insert(wire.find("\r\n") + 2, "x-amz-meta-smuggled: 1\r\n");
  BOOST_TEST(element(server.talk(wire).answers.at(0).body, "HeadersNotSigned") ==
             "x-amz-meta-smuggled");
}

BOOST_AUTO_TEST_CASE(unsigned_payload_passes_over_tls_only) {
  loopback plain{server_options()};
  call request;
  request.method = "PUT";
  request.target = "/music/a";
  BOOST_TEST(refused(plain, request) == "400 InvalidRequest");
  loopback tls;
  BOOST_TEST(refused(tls, request) == "200 ");
}
