#include "s3/http_date.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::s3;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

namespace {
constexpr sys_seconds rfc_example{seconds(784'111'777)};  // RFC 7231, 7.1.1.1
}

BOOST_AUTO_TEST_SUITE(dates)

BOOST_AUTO_TEST_CASE(three_forms_of_http_dates) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                           "Sun Nov  6 08:49:37 1994"})
    BOOST_TEST((parse_http_date(text) == rfc_example), text);
  BOOST_TEST(format_http_date(rfc_example) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

BOOST_AUTO_TEST_CASE(http_dates_that_are_none) {
  for (const char* text :
       {"", "Sun", "Sun,", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 06 Nov 1994 08:49:61 GMT", "06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94",
        "Sun Nov 6 08:49:37 1994"})
    BOOST_TEST(!parse_http_date(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(iso_8601_as_s3_sts_and_sso_write_it) {
  const time_point whole(rfc_example);
  BOOST_TEST((parse_iso8601("1994-11-06T08:49:37Z") == whole));
  BOOST_TEST((parse_iso8601("1994-11-06T08:49:37.000Z") == whole));
  BOOST_TEST((parse_iso8601("1994-11-06T08:49:37UTC") == whole));
  BOOST_TEST((parse_iso8601("1994-11-06T08:49:37+00:00") == whole));
  BOOST_TEST((parse_iso8601("1994-11-06T09:49:37+01:00") == whole));
  BOOST_TEST((parse_iso8601("1994-11-06T03:19:37-05:30") == whole));
  BOOST_TEST((parse_iso8601("1994-11-06T08:49:37.5Z") == whole + milliseconds(500)));
  BOOST_TEST((parse_iso8601("1994-11-06T08:49:37.123456789Z") == whole + milliseconds(123)));
}

BOOST_AUTO_TEST_CASE(iso_8601_as_the_date_command_writes_it) {
  const time_point whole(rfc_example);
  for (const char* text :
       {"1994-11-06T08:49:37+0000", "1994-11-06T09:49:37+0100", "1994-11-06T03:19:37-0530",
        "1994-11-06T08:49:37+00", "1994-11-06T07:49:37-01", "1994-11-06 08:49:37+00:00",
        "1994-11-06 08:49:37Z", "1994-11-06 08:49:37 +0000", "1994-11-06 08:49:37 UTC",
        "1994-11-06 09:49:37.000 +01:00"})
    BOOST_TEST((parse_iso8601(text) == whole), text);
}

BOOST_AUTO_TEST_CASE(iso_8601_that_is_none) {
  for (const char* text :
       {"", "1994-11-06", "1994-11-06T08:49:37", "1994-11-06  08:49:37Z", "1994-11-0608:49:37Z",
        "1994-11-06T08:49:37+00:", "1994-11-06T08:49:37+0", "1994-11-06T08:49:37+000",
        "1994-11-06T08:49:37+00000", "1994-11-06T08:49:37+", "1994-11-06T08:49:37 ",
        "1994-13-06T08:49:37Z", "1994-11-06T08:49:37.Z", "1994-11-06T08:49:37Zx",
        "1994-11-06T08:49:61Z", "1994-11-06T08:49:37+1:00", "-994-11-06T08:49:37Z"})
    BOOST_TEST(!parse_iso8601(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(leap_days_and_the_far_ends) {
  BOOST_TEST((parse_iso8601("2024-02-29T00:00:00Z").has_value()));
  BOOST_TEST((!parse_iso8601("2023-02-29T00:00:00Z").has_value()));
  BOOST_TEST((parse_iso8601("1970-01-01T00:00:00Z") == time_point()));
  BOOST_TEST(format_iso8601(*parse_iso8601("9999-12-31T23:59:59.999Z")) ==
             "9999-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(times_before_1970_are_times) {
  // rclone and gateways pass on what a file system says: HFS+ begins in 1904, Go's zero is year 1.
  BOOST_TEST((parse_iso8601("1969-12-31T23:59:59.250Z") == time_point(milliseconds(-750))));
  for (const char* text : {"1904-01-01T00:00:00.000Z", "0001-01-01T00:00:00.000Z",
                           "0000-01-01T00:00:00.001Z", "1969-12-31T23:59:59.999Z"})
    BOOST_TEST(format_iso8601(*parse_iso8601(text)) == text);
  BOOST_TEST((parse_http_date("Fri, 01 Jan 1904 00:00:00 GMT") ==
              std::chrono::floor<seconds>(*parse_iso8601("1904-01-01T00:00:00Z"))));
  BOOST_TEST(!parse_iso8601("0000-00-00T00:00:00Z").has_value());
}

BOOST_AUTO_TEST_CASE(amz_dates_go_both_ways) {
  BOOST_TEST(format_amz_date(rfc_example) == "19941106T084937Z");
  BOOST_TEST((parse_amz_date("19941106T084937Z") == rfc_example));
  BOOST_TEST(!parse_amz_date("19941106T0849Z").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
