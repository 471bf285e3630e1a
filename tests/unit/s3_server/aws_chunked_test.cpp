#include "tests/s3_server/aws_chunked.hpp"

#include "tests/s3_server/refusal.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3_server;

namespace {

std::string signing_key() {
  auto key = hmac_sha256("AWS4wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524");
  for (const char* step : {"us-east-1", "s3", "aws4_request"}) key = hmac_sha256(key, step);
  return key;
}

/// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html: 66,560 times `a` in
/// chunks of 64 KiB.
identity published() {
  identity who;
  who.kind = auth_kind::header;
  who.date = "20130524T000000Z";
  who.scope = "20130524/us-east-1/s3/aws4_request";
  who.signing_key = signing_key();
  who.signature = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
  who.payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
  return who;
}

std::string published_body() {
  return "10000;chunk-signature="
         "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" +
         std::string(65536, 'a') +
         "\r\n400;chunk-signature="
         "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" +
         std::string(1024, 'a') +
         "\r\n0;chunk-signature="
         "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n";
}

std::string decode(const identity& who, const std::string& body, std::size_t step,
                   text_pairs* trailers = nullptr) {
  aws_chunked_decoder decoder(who);
  std::string payload;
  for (std::size_t at = 0; at < body.size(); at += step) {
    decoder.feed(as_bytes(std::string_view(body).substr(at, step)), [&](auto data) {
      payload.append(reinterpret_cast<const char*>(data.data()), data.size());
    });
  }
  BOOST_TEST(decoder.finished());
  if (trailers != nullptr) *trailers = decoder.trailers();
  return payload;
}

auto refuses(const std::string& code) {
  return [code](const refusal& why) { return why.code == code; };
}

}  // namespace

BOOST_AUTO_TEST_CASE(the_published_chunks_are_signed_rightly) {
  for (const std::size_t step : {1000000, 4096, 7}) {
    BOOST_TEST(decode(published(), published_body(), step) == std::string(66560, 'a'));
  }
}

BOOST_AUTO_TEST_CASE(a_changed_chunk_is_refused) {
  auto body = published_body();
  body[100] = 'b';
  BOOST_CHECK_EXCEPTION(decode(published(), body, 4096), refusal, refuses("SignatureDoesNotMatch"));
}

BOOST_AUTO_TEST_CASE(trailers_of_unsigned_chunks_are_handed_on) {
  identity who;
  who.payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  text_pairs trailers;
  const std::string body = "3\r\nabc\r\n0\r\nx-amz-checksum-crc32:NSRBwg==\r\n\r\n";
  for (std::size_t step = 1; step <= body.size(); ++step) {
    BOOST_TEST(decode(who, body, step, &trailers) == "abc");
    BOOST_TEST(trailers.at(0).second == "NSRBwg==");
  }
}

BOOST_AUTO_TEST_CASE(signed_trailers_are_verified) {
  // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
  auto who = published();
  who.payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
  who.signature = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
  const auto body = [](const std::string& sum) {
    return "10000;chunk-signature="
           "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n" +
           std::string(65536, 'a') +
           "\r\n400;chunk-signature="
           "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n" +
           std::string(1024, 'a') +
           "\r\n0;chunk-signature="
           "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
           "x-amz-checksum-crc32c:" +
           sum +
           "\r\nx-amz-trailer-signature:"
           "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n";
  };
  text_pairs trailers;
  BOOST_TEST(decode(who, body("sOO8/Q=="), 65536, &trailers).size() == 66560U);
  BOOST_TEST(trailers.at(0).second == "sOO8/Q==");
  BOOST_CHECK_EXCEPTION(decode(who, body("sOO8/R=="), 65536), refusal,
                        refuses("SignatureDoesNotMatch"));
}

BOOST_AUTO_TEST_CASE(broken_framing_is_refused) {
  identity who;
  who.payload = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  for (const char* body : {"x\r\n", "3\nabc", "3\r\nabcd\r\n", "0\r\n\r\nmore"}) {
    BOOST_CHECK_EXCEPTION(decode(who, body, 100), refusal, refuses("IncompleteBody"));
  }
}
