#include "engine/files/mtime_metadata.hpp"

#include "s3/http_date.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

using namespace beatsync::engine;

BOOST_AUTO_TEST_SUITE(times_as_metadata)

BOOST_AUTO_TEST_CASE(are_written_as_rclone_writes_them) {
  BOOST_TEST(format_mtime(0) == "0");
  BOOST_TEST(format_mtime(1'600'000'000'250'000'000) == "1600000000.25");
  BOOST_TEST(format_mtime(1'600'000'000'000'000'001) == "1600000000.000000001");
  BOOST_TEST(format_mtime(1'600'000'000'000'000'000) == "1600000000");
  BOOST_TEST(format_mtime(-1'500'000'000) == "-1.5");
  BOOST_TEST(format_mtime(-500'000'000) == "-0.5");
  BOOST_TEST(format_mtime(std::numeric_limits<std::int64_t>::min()) == "-9223372036.854775808");
}

BOOST_AUTO_TEST_CASE(come_back) {
  for (const std::int64_t ns :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{1'600'000'000'123'456'789},
        std::int64_t{-1'600'000'000'123'456'789}}) {
    BOOST_TEST(parse_mtime(format_mtime(ns)).value() == ns);
  }
  BOOST_TEST(parse_mtime("1600000000.1234567891").value() == 1'600'000'000'123'456'789);
  BOOST_TEST(parse_mtime("1600000000.").value() == 1'600'000'000'000'000'000);
}

BOOST_AUTO_TEST_CASE(nonsense_is_no_time) {
  for (const auto* text : {"", "-", "x", "1.x", "1 ", " 1", "1e9", "1.-5", "--1", "+1", ".5",
                           "99999999999", "18446744073709551616", "1600000000.25abc"}) {
    BOOST_TEST(!parse_mtime(text), text);
  }
}

// A broken clock dates a file 2300-01-01: 64 bits of nanoseconds end in 2262.
BOOST_AUTO_TEST_CASE(of_files_stop_at_what_64_bits_hold) {
  constexpr std::int64_t year_2300 = 10'413'792'000;
  constexpr std::int64_t last = 9'223'372'035'000'000'000;
  using limits = std::numeric_limits<std::int64_t>;
  BOOST_TEST(nanoseconds_of(1'600'000'000, 5) == 1'600'000'000'000'000'005);
  BOOST_TEST(nanoseconds_of(-2, 500'000'000) == -1'500'000'000);
  BOOST_TEST(nanoseconds_of(9'223'372'035, 999'999'999) == last + 999'999'999);
  BOOST_TEST(nanoseconds_of(9'223'372'036, 0) == last);
  BOOST_TEST(nanoseconds_of(year_2300, 5) == last);
  BOOST_TEST(nanoseconds_of(-year_2300, 5) == -last);
  BOOST_TEST(nanoseconds_of(limits::max(), 0) == last);
  BOOST_TEST(nanoseconds_of(limits::min(), 0) == -last);
  for (const auto ns : {last, -last}) BOOST_TEST(parse_mtime(format_mtime(ns)).value() == ns);
}

BOOST_AUTO_TEST_CASE(without_metadata_the_object_counts) {
  beatsync::s3::object_head head;
  head.last_modified = beatsync::s3::time_point(std::chrono::milliseconds(1'234'567));
  BOOST_TEST(mtime_of(head) == 1'234'567'000'000);
  head.metadata = {{"other", "1"}, {"mtime", "broken"}};
  BOOST_TEST(mtime_of(head) == 1'234'567'000'000);
  head.metadata = {{"mtime", "7.5"}};
  BOOST_TEST(mtime_of(head) == 7'500'000'000);
}

BOOST_AUTO_TEST_CASE(times_beyond_64_bits_of_nanoseconds_stop_at_the_ends) {
  using beatsync::s3::parse_iso8601;
  BOOST_TEST(nanoseconds_of(*parse_iso8601("1904-01-01T00:00:00Z")) ==
             std::int64_t{-2'082'844'800} * 1'000'000'000);
  const std::int64_t first = nanoseconds_of(*parse_iso8601("0001-01-01T00:00:00Z"));
  const std::int64_t last = nanoseconds_of(*parse_iso8601("9999-12-31T23:59:59.999Z"));
  BOOST_TEST(first < nanoseconds_of(*parse_iso8601("1678-01-01T00:00:00Z")));
  BOOST_TEST(last > nanoseconds_of(*parse_iso8601("2262-01-01T00:00:00Z")));
  for (const std::int64_t ns : {first, last})
    BOOST_TEST(parse_mtime(format_mtime(ns)).value() == ns);
}

BOOST_AUTO_TEST_SUITE_END()
