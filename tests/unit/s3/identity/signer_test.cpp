#include "s3/identity/signer.hpp"

#include "s3/http_date.hpp"
#include "s3/uri.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace beatsync::s3;

namespace {

using headers = std::vector<std::pair<std::string, std::string>>;

std::chrono::sys_seconds at(const char* amz_date) { return parse_amz_date(amz_date).value(); }

credentials keys(const char* access, const char* secret, const char* token = "") {
  credentials made;
  made.access_key = access;
  made.secret_key = secret;
  made.session_token = token;
  return made;
}

std::string signature(const std::string& lines) {
  const auto start = lines.find("Signature=");
  return lines.substr(start + 10, lines.size() - start - 12);
}

std::string signed_names(const std::string& lines) {
  const auto start = lines.find("SignedHeaders=") + 14;
  return lines.substr(start, lines.find(',', start) - start);
}

/// The requests of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html,
/// "Examples: Signature Calculations".
std::string aws_s3_example(std::string_view method, std::string_view path, std::string_view query,
                           const headers& more, std::string_view payload_hash) {
  signable_request request;
  request.method = method;
  request.host = "examplebucket.s3.amazonaws.com";
  request.path = path;
  request.query = query;
  request.headers = more;
  request.payload_hash = payload_hash;
  const auto who = keys("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
  return signer().sign(request, who, "us-east-1", at("20130524T000000Z"));
}

/// Our own cases. Expected values: botocore 1.43.11, S3SigV4Auth with the time fixed.
struct own_case {
  std::string_view method, path, query, token;
  headers more;
  std::string_view expected;
};

std::string own_signature(const own_case& c) {
  signable_request request;
  request.method = c.method;
  request.host = "beatcloud.s3.eu-central-1.amazonaws.com";
  request.path = c.path;
  request.query = c.query;
  request.headers = c.more;
  const std::string token(c.token);
  const auto who = keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token.c_str());
  return signature(signer().sign(request, who, "eu-central-1", at("20260131T123456Z")));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sigv4)

BOOST_AUTO_TEST_CASE(aws_example_get_object) {
  headers more;
  more.emplace_back("range", "bytes=0-9");
  const auto lines = aws_s3_example("GET", "/test.txt", "", more, empty_payload_hash);
  BOOST_TEST(
      lines ==
      "x-amz-date: 20130524T000000Z\r\n"
      "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\r\n"
      "Authorization: AWS4-HMAC-SHA256 "
      "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
      "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
      "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41\r\n");
}

BOOST_AUTO_TEST_CASE(aws_example_put_object) {
  headers more;
  more.emplace_back("x-amz-storage-class", "REDUCED_REDUNDANCY");
  more.emplace_back("date", "Fri, 24 May 2013 00:00:00 GMT");
  const auto lines =
      aws_s3_example("PUT", "/test%24file.text", "", more,
                     "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
  BOOST_TEST(signed_names(lines) ==
             "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class");
  BOOST_TEST(signature(lines) ==
             "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

BOOST_AUTO_TEST_CASE(aws_example_bucket_lifecycle) {
  const auto lines = aws_s3_example("GET", "/", "lifecycle=", headers(), empty_payload_hash);
  BOOST_TEST(signature(lines) ==
             "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

BOOST_AUTO_TEST_CASE(aws_example_list_objects) {
  const auto lines =
      aws_s3_example("GET", "/", "max-keys=2&prefix=J", headers(), empty_payload_hash);
  BOOST_TEST(signature(lines) ==
             "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

// aws-sig-v4-test-suite, get-vanilla and get-vanilla-query-order-key-case:
// https://github.com/awslabs/aws-c-auth/tree/main/tests/aws-signing-test-suite/v4
BOOST_AUTO_TEST_CASE(general_test_suite) {
  signable_request request;
  request.method = "GET";
  request.host = "example.amazonaws.com";
  request.path = "/";
  request.payload_hash = empty_payload_hash;
  signer service("service");
  const auto who = keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  const auto lines = service.sign(request, who, "us-east-1", at("20150830T123600Z"));
  BOOST_TEST(signature(lines) ==
             "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  BOOST_TEST(lines.find("x-amz-content-sha256") == std::string::npos);
  query_parameters parameters;
  parameters.emplace_back("Param2", "value2");
  parameters.emplace_back("Param1", "value1");
  const std::string query = canonical_query(parameters);
  request.query = query;
  BOOST_TEST(signature(service.sign(request, who, "us-east-1", at("20150830T123600Z"))) ==
             "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
}

BOOST_AUTO_TEST_CASE(paths_of_s3_are_signed_as_they_are) {
  const own_case cases[] = {
      {"GET", "/a//b/../c/./d", "", "", headers(),
       "5c1e9c3846e001eb9347322dd65f05b9be45eaa04a8503f1701efe621eb18fdd"},
      {"GET", "//", "", "", headers(),
       "ad21ffcb5cceac08c6bbeb66ad885eacf4772a32565c93499e137c6c5c781812"},
      {"PUT", "/dj/music/Bj%C3%B6rk%20-%20J%C3%B3ga%20%5B100%25%5D%20%2B%20%F0%9F%8E%A7.mp3", "",
       "", headers(), "ee5c01ca24cc4b931bf5285f33981b293b05a6f4966db2c276d07e7c35d7815f"},
      {"GET", "/", "delimiter=%2F&encoding-type=url&list-type=2&prefix=&start-after=a%20b%2Bc", "",
       headers(), "398d69bdcbe622a6a7e40acd9d340c21e5f8f3f7441633aa10adbdb63af9bf56"},
      {"POST", "/key", "uploads=", "TOKEN/with+signs==", headers(),
       "5b73606fe240fb694cc00928ba1aa311aa2909f127c139d4f9a96983d78b2110"},
      {"PUT", "/k", "", "",
       headers{{"x-amz-meta-beatsync-root", "  a   b  "},
               {"content-type", "audio/mpeg"},
               {"x-amz-checksum-crc64nvme", "rosUhgp5mIg="}},
       "e9c0406173bb41547919ae9fc3436fd2b3f738ea0444d4c619d59aee2ebea275"}};
  for (const auto& c : cases) BOOST_TEST(own_signature(c) == c.expected, c.path);
}

BOOST_AUTO_TEST_CASE(a_port_is_part_of_the_host) {
  signable_request request;
  request.method = "GET";
  request.host = "127.0.0.1:9000";
  request.path = "/bucket/k";
  const auto who = keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
  BOOST_TEST(signature(signer().sign(request, who, "eu-central-1", at("20260131T123456Z"))) ==
             "d35b6275792f60e42d213a24981346a4c89ae26ade77a0a0f42dd72b9b36bda3");
}

BOOST_AUTO_TEST_CASE(a_session_token_is_sent_and_signed) {
  signable_request request;
  request.method = "GET";
  request.host = "h";
  request.path = "/";
  const auto lines =
      signer().sign(request, keys("A", "S", "the-token"), "r", at("20260131T123456Z"));
  BOOST_TEST(lines.find("x-amz-security-token: the-token\r\n") != std::string::npos);
  BOOST_TEST(signed_names(lines) == "host;x-amz-content-sha256;x-amz-date;x-amz-security-token");
}

BOOST_AUTO_TEST_CASE(the_remembered_key_follows_day_region_and_secret) {
  signable_request request;
  request.method = "GET";
  request.host = "h";
  request.path = "/";
  const auto first = keys("A", "secret one"), second = keys("A", "secret two");
  const auto today = at("20260131T235959Z"), tomorrow = at("20260201T000000Z");
  signer remembering;
  const auto fresh = [&](const credentials& who, const char* region, std::chrono::sys_seconds now) {
    return signer().sign(request, who, region, now);
  };
  for (const auto& who : {first, second, first})
    for (const char* region : {"eu-west-1", "us-east-1"})
      for (const auto now : {today, tomorrow})
        BOOST_TEST(remembering.sign(request, who, region, now) == fresh(who, region, now));
}

BOOST_AUTO_TEST_SUITE_END()
