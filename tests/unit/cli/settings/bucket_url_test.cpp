#include "cli/settings/bucket_url.hpp"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_SUITE_END()
