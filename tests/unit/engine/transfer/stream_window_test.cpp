#include "engine/transfer/stream_window.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>

BOOST_AUTO_TEST_SUITE(window_of_streams)

using namespace beatsync::engine;
using namespace std::chrono_literals;

namespace {

/// A line that brings so much in all, and so much to each stream.
struct line {
  double bytes_per_second = 1e9;
  double of_each = 1e9;
  stream_window::clock::duration first_byte{};
  stream_window::clock::time_point began{};
  stream_window::clock::time_point now = began;

  static constexpr std::size_t piece = 512 * 1024;

  void run(stream_window& window, stream_window::clock::duration time) {
    if (now == began) now += first_byte;
    const auto end = now + time;
    while (now < end) {
      const double rate = std::min(bytes_per_second, of_each * static_cast<double>(window.size()));
      const std::chrono::duration<double> apart(static_cast<double>(piece) / rate);
      now += std::chrono::duration_cast<stream_window::clock::duration>(apart);
      window.moved(piece, began, now);
    }
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(it_begins_with_few) {
  BOOST_TEST(stream_window(16).size() == 4U);
  BOOST_TEST(stream_window(2).size() == 2U);
}

BOOST_AUTO_TEST_CASE(few_stay_where_they_bring_all_there_is) {
  stream_window window(16);
  line fast;
  std::size_t widest = 0;
  double at_four = 0;
  for (int i = 0; i < 2'000; ++i) {
    fast.run(window, 10ms);
    widest = std::max(widest, window.size());
    at_four += window.size() == 4 ? 1 : 0;
  }
  BOOST_TEST(widest == 8U);  // tried now and then
  BOOST_TEST(at_four > 1'850);
}

BOOST_AUTO_TEST_CASE(more_are_taken_where_each_of_them_brings_more) {
  stream_window window(16);
  line of_slow_streams;
  of_slow_streams.of_each = 50e6;
  of_slow_streams.run(window, 2s);
  BOOST_TEST(window.size() == 16U);
}

BOOST_AUTO_TEST_CASE(it_stops_where_more_bring_nothing) {
  stream_window window(16);
  line full_at_eight;
  full_at_eight.of_each = 50e6;
  full_at_eight.bytes_per_second = 400e6;
  full_at_eight.run(window, 2s);
  BOOST_TEST(window.size() == 8U);
}

BOOST_AUTO_TEST_CASE(a_line_that_costs_little_gets_the_usual_number) {
  stream_window window(16);
  line slow;
  slow.bytes_per_second = 12.5e6;
  slow.run(window, 200ms);
  BOOST_TEST(window.size() == 16U);
  slow.run(window, 20s);
  BOOST_TEST(window.size() == 16U);
}

BOOST_AUTO_TEST_CASE(far_answers_show_with_the_first_piece) {
  stream_window window(16);
  line far;
  far.first_byte = 240ms;  // TCP, TLS and the answer at 80 ms each
  far.run(window, 1us);
  BOOST_TEST(window.size() == 16U);
}

BOOST_AUTO_TEST_CASE(one_stall_changes_nothing) {
  stream_window window(16);
  line fast;
  fast.run(window, 2s);
  BOOST_TEST(window.size() == 4U);
  fast.now += 300ms;
  fast.run(window, 1s);
  BOOST_TEST(window.size() == 4U);
  fast.bytes_per_second = 12.5e6;
  fast.run(window, 400ms);
  BOOST_TEST(window.size() == 16U);
}

BOOST_AUTO_TEST_CASE(the_usual_number_need_not_be_a_power_of_two) {
  stream_window window(6);
  line fast;
  fast.run(window, 150ms);
  BOOST_TEST(window.size() == 6U);
  fast.run(window, 250ms);
  BOOST_TEST(window.size() == 4U);
}

BOOST_AUTO_TEST_SUITE_END()
