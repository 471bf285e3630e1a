#include "cli/settings/bucket_url.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

using namespace beatsync::cli;

BOOST_AUTO_TEST_SUITE(bucket_urls)

BOOST_AUTO_TEST_CASE(bucket_urls_end_at_a_slash) {
  BOOST_TEST(parse_bucket_url("s3://b", "X")->prefix == "");
  BOOST_TEST(parse_bucket_url("s3://b/", "X")->prefix == "");
  BOOST_TEST(parse_bucket_url("s3://b/p", "X")->prefix == "p/");
  BOOST_TEST(parse_bucket_url("s3://b/p/q//", "X")->prefix == "p/q/");
  BOOST_TEST(parse_bucket_url("s3://b/p#?%20", "X")->prefix == "p#?%20/");  // literally
  BOOST_TEST(parse_bucket_url("s3://b/p", "X")->text("dj/") == "s3://b/p/dj/");
  BOOST_TEST(!parse_bucket_url("s3://", "X").has_value());
  BOOST_TEST(!parse_bucket_url("s3:///p", "X").has_value());
}

BOOST_AUTO_TEST_CASE(an_arn_is_told_what_to_use_instead) {
  const std::pair<const char*, const char*> cases[] = {
      {"s3://arn:aws:s3:eu-west-1:123456789012:accesspoint/dj/music",
       "use the alias of the access point (…-s3alias), not its ARN."},
      {"s3://arn:aws:s3:eu-west-1:123456789012:accesspoint:dj",
       "use the alias of the access point (…-s3alias), not its ARN."},
      {"s3://arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
       "access points of several regions are not supported."},
      {"s3://arn:aws:s3:::beatcloud/music", "use the name of the bucket, not its ARN."}};
  for (const auto& [text, advice] : cases) {
    const auto refused = parse_bucket_url(text, "BUCKET_URL");
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST(refused.error().message == "BUCKET_URL is `" + std::string(text) + "`: " + advice);
  }
}

BOOST_AUTO_TEST_SUITE_END()
