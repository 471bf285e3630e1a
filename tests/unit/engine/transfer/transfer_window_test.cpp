#include "engine/transfer/transfer_window.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>

BOOST_AUTO_TEST_SUITE(window_of_transfers)

using namespace beatsync::engine;
using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using namespace std::chrono_literals;

namespace {

/// Answers `latency` away, of which `most_at_once` are worked on at a time.
struct far_store {
  nanoseconds latency{80ms};
  double most_at_once = 1e9;
  std::size_t weight = 10'240;
  transfer_window::clock::time_point now{};
  std::uint64_t slow_downs = 0;

  /// `count` requests end, as fast as the window lets them.
  void serve(transfer_window& window, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto in_flight = static_cast<double>(window.size());
      const nanoseconds apart(static_cast<std::int64_t>(static_cast<double>(latency.count()) /
                                                        std::min(in_flight, most_at_once)));
      now += apart;
      transfer_window::sample request;
      request.weight = weight;
      request.took = duration_cast<nanoseconds>(apart * window.size());
      request.slow_downs = slow_downs;
      window.ended(request, now);
    }
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(it_doubles_while_small_requests_wait_for_far_answers) {
  transfer_window window(16, 256);
  far_store store;
  BOOST_TEST(window.size() == 16U);
  store.serve(window, 5'000);
  BOOST_TEST(window.size() == 256U);
  BOOST_TEST((store.now.time_since_epoch() < 6s));
}

BOOST_AUTO_TEST_CASE(it_goes_back_where_more_at_once_bring_nothing) {
  transfer_window window(16, 256);
  far_store store;
  store.most_at_once = 16;
  std::size_t widest = 0;
  std::size_t usual = 0;
  for (int i = 0; i < 20'000; ++i) {
    store.serve(window, 1);
    widest = std::max(widest, window.size());
    usual += window.size() == 16 ? 1 : 0;
  }
  BOOST_TEST(widest == 32U);
  BOOST_TEST(usual > 17'000U);
}

BOOST_AUTO_TEST_CASE(it_finds_the_width_that_still_pays) {
  transfer_window window(16, 256);
  far_store store;
  store.most_at_once = 64;
  std::size_t at_64 = 0;
  for (int i = 0; i < 20'000; ++i) {
    store.serve(window, 1);
    at_64 += window.size() == 64 ? 1 : 0;
  }
  BOOST_TEST(at_64 > 15'000U);
}

BOOST_AUTO_TEST_CASE(near_answers_are_not_worth_a_try) {
  transfer_window window(16, 256);
  far_store store;
  store.latency = 5ms;
  for (int i = 0; i < 20'000; ++i) {
    store.serve(window, 1);
    BOOST_REQUIRE(window.size() == 16U);
  }
}

BOOST_AUTO_TEST_CASE(other_kinds_of_requests_are_not_compared) {
  transfer_window window(16, 256);
  far_store store;
  while (window.size() == 16) store.serve(window, 1);
  BOOST_TEST(window.size() == 32U);
  store.weight *= 10;  // fewer of them a second would say nothing, nor do more
  store.serve(window, 32 + 4 * 32);
  BOOST_TEST(window.size() == 16U);
}

BOOST_AUTO_TEST_CASE(a_store_that_asks_for_fewer_gets_fewer_and_then_the_usual_again) {
  transfer_window window(16, 256);
  far_store store;
  store.serve(window, 5'000);
  ++store.slow_downs;
  store.serve(window, 1);
  BOOST_TEST(window.size() == 11U);
  ++store.slow_downs;  // those were sent before it knew
  store.serve(window, 1);
  BOOST_TEST(window.size() == 11U);
  store.now += 2s;
  ++store.slow_downs;
  store.serve(window, 1);
  BOOST_TEST(window.size() == 7U);
  store.serve(window, 200);
  BOOST_TEST(window.size() > 7U);
  store.serve(window, 800);
  BOOST_TEST(window.size() == 16U);  // and no more for a while
  store.now += 10s;
  store.serve(window, 5'000);
  BOOST_TEST(window.size() == 256U);
}

BOOST_AUTO_TEST_CASE(it_never_falls_below_one) {
  transfer_window window(2, 2);
  far_store store;
  for (int i = 0; i < 10; ++i) {
    ++store.slow_downs;
    store.now += 2s;
    store.serve(window, 1);
    BOOST_REQUIRE(window.size() >= 1U);
  }
  BOOST_TEST(window.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_number_that_was_given_is_the_most) {
  transfer_window window(16, 16);
  far_store store;
  for (int i = 0; i < 5'000; ++i) {
    store.serve(window, 1);
    BOOST_REQUIRE(window.size() == 16U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
