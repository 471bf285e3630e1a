#include "cli/output/progress_line.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>

using namespace beatsync;
using namespace beatsync::cli;

BOOST_AUTO_TEST_SUITE(the_line_of_progress)

BOOST_AUTO_TEST_CASE(the_progress_line_promises_a_time_only_when_the_total_is_known) {
  engine::progress p;
  p.names_compared = 1200;
  BOOST_TEST(progress_line("upload_music", p, 0) == "upload_music: comparing, 1,200 names so far");
  p.items_planned = 2000;
  p.items_finished = 812;
  p.bytes_planned = 3'000'000'000;
  p.bytes_moved = 1'200'000'000;
  BOOST_TEST(progress_line("upload_music", p, 41'300'000) ==
             "upload_music: 812 of 2,000+ files, 1.2 GB of 3.0 GB+, 41.3 MB/s");
  p.listing_complete = true;
  BOOST_TEST(progress_line("upload_music", p, 41'300'000) ==
             "upload_music: 812 of 2,000 files, 1.2 GB of 3.0 GB, 41.3 MB/s, 0:44 left");
  BOOST_TEST(progress_line("upload_music", p, 0) ==
             "upload_music: 812 of 2,000 files, 1.2 GB of 3.0 GB");
  p.bytes_moved = 4'000'000'000;  // a file grew
  BOOST_TEST(progress_line("x", p, 1e6).ends_with("0:00 left"));
}

BOOST_AUTO_TEST_CASE(the_rate_is_that_of_the_last_ten_seconds) {
  using namespace std::chrono_literals;
  rate_meter rate;
  const std::chrono::steady_clock::time_point zero{};
  rate.add(zero, 0);
  BOOST_TEST(rate.per_second() == 0);
  rate.add(zero + 250ms, 1000);
  BOOST_TEST(rate.per_second() == 0);  // too short to tell
  for (int second = 1; second <= 20; ++second) {
    rate.add(zero + std::chrono::seconds(second), static_cast<std::uint64_t>(second) * 1000);
  }
  BOOST_TEST(rate.per_second() == 1000, boost::test_tools::tolerance(0.01));
  for (int second = 21; second <= 40; ++second) {
    rate.add(zero + std::chrono::seconds(second),
             20'000 + static_cast<std::uint64_t>(second - 20) * 5000);
  }
  BOOST_TEST(rate.per_second() == 5000, boost::test_tools::tolerance(0.01));
  rate.reset();
  BOOST_TEST(rate.per_second() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
