#include "engine/difference/compare.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <optional>

using namespace beatsync::engine;

BOOST_AUTO_TEST_SUITE(comparison)

namespace {

constexpr std::int64_t second = 1'000'000'000;

verdict of(direction way, on_conflict conflict, std::uint64_t local_size, std::uint64_t remote_size,
           std::int64_t local_time, std::optional<std::int64_t> remote_time) {
  pair_facts facts;
  facts.local_size = local_size;
  facts.remote_size = remote_size;
  facts.local_mtime_ns = local_time;
  facts.remote_mtime_ns = remote_time;
  return compare(way, conflict, facts);
}

}  // namespace

BOOST_AUTO_TEST_CASE(follows_the_truth_table) {
  const auto up = direction::upload;
  const auto down = direction::download;
  for (const auto way : {up, down}) {
    // Times play no part, known or not.
    for (const auto& time :
         {std::optional<std::int64_t>(), std::optional<std::int64_t>(99 * second)}) {
      BOOST_TEST((of(way, on_conflict::leave, 5, 5, 0, time) == verdict::unchanged));
      BOOST_TEST((of(way, on_conflict::leave, 5, 6, 0, time) == verdict::differs));
      BOOST_TEST((of(way, on_conflict::source_wins, 5, 5, 0, time) == verdict::unchanged));
      BOOST_TEST((of(way, on_conflict::source_wins, 5, 6, 0, time) == verdict::move_differs));
    }
    BOOST_TEST((of(way, on_conflict::newer_wins, 5, 5, 0, std::nullopt) == verdict::ask_time));
    BOOST_TEST((of(way, on_conflict::newer_wins, 5, 6, 0, std::nullopt) == verdict::ask_time));
    BOOST_TEST((of(way, on_conflict::newer_wins, 5, 6, 0, second) == verdict::differs));
    BOOST_TEST((of(way, on_conflict::newer_wins, 5, 5, 0, second) == verdict::unchanged));
  }
  const auto newer = on_conflict::newer_wins;
  BOOST_TEST((of(up, newer, 5, 5, 10 * second, 0) == verdict::move_newer));
  BOOST_TEST((of(up, newer, 5, 6, 10 * second, 0) == verdict::move_newer));
  BOOST_TEST((of(up, newer, 5, 5, 0, 10 * second) == verdict::unchanged));
  BOOST_TEST((of(up, newer, 5, 6, 0, 10 * second) == verdict::differs));
  BOOST_TEST((of(down, newer, 5, 5, 0, 10 * second) == verdict::move_newer));
  BOOST_TEST((of(down, newer, 5, 6, 0, 10 * second) == verdict::move_newer));
  BOOST_TEST((of(down, newer, 5, 5, 10 * second, 0) == verdict::unchanged));
  BOOST_TEST((of(down, newer, 5, 6, 10 * second, 0) == verdict::differs));
}

BOOST_AUTO_TEST_CASE(two_seconds_are_the_same_time) {
  const auto newer = on_conflict::newer_wins;
  BOOST_TEST((of(direction::upload, newer, 5, 5, 2 * second, 0) == verdict::unchanged));
  BOOST_TEST((of(direction::upload, newer, 5, 5, 2 * second + 1, 0) == verdict::move_newer));
}

BOOST_AUTO_TEST_CASE(extreme_times_do_not_overflow) {
  const auto least = std::numeric_limits<std::int64_t>::min();
  const auto most = std::numeric_limits<std::int64_t>::max();
  BOOST_TEST(
      (of(direction::upload, on_conflict::newer_wins, 5, 5, most, least) == verdict::move_newer));
  BOOST_TEST(
      (of(direction::upload, on_conflict::newer_wins, 5, 5, least, most) == verdict::unchanged));
}

BOOST_AUTO_TEST_SUITE_END()
