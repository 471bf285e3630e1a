#include "engine/transfer/part_plan.hpp"

#include <boost/test/unit_test.hpp>

#include <vector>

BOOST_AUTO_TEST_SUITE(part_plans)

using namespace beatsync::engine;

namespace {

constexpr std::uint64_t gibibyte = 1024 * mebibyte;
constexpr std::uint64_t tebibyte = 1024 * gibibyte;

/// Parts that lie side by side and are the whole, each within S3's limits.
void check(std::uint64_t size, std::uint64_t wanted = 0) {
  const auto plan = plan_parts(size, wanted);
  BOOST_REQUIRE_MESSAGE(plan.has_value(), size);
  BOOST_TEST(plan->count() >= 1U);
  BOOST_TEST(plan->count() <= 10'000U);
  std::uint64_t at = 0;
  for (std::uint32_t i = 0; i < plan->count(); ++i) {
    const auto range = plan->part(i);
    BOOST_REQUIRE_EQUAL(range.first, at);
    BOOST_REQUIRE_LE(range.size, 5 * gibibyte);
    if (plan->count() > 1) BOOST_REQUIRE_GT(range.size, 0U);
    if (i + 1 < plan->count()) BOOST_REQUIRE_GE(range.size, 5 * mebibyte);
    at += range.size;
  }
  BOOST_TEST(at == size);
}

}  // namespace

BOOST_AUTO_TEST_CASE(every_border_gives_whole_files_within_the_limits) {
  const std::vector<std::uint64_t> borders{0,
                                           1,
                                           5 * mebibyte,
                                           8 * mebibyte,
                                           16 * mebibyte,
                                           24 * mebibyte,
                                           5 * gibibyte,
                                           10'000 * 8 * mebibyte,
                                           20'000 * 8 * mebibyte,
                                           tebibyte,
                                           5 * tebibyte};
  const std::vector<std::uint64_t> wishes{
      0, 1, 5 * mebibyte, 16 * mebibyte, 5 * gibibyte, 10 * gibibyte};
  for (const std::uint64_t wish : wishes) {
    for (const std::uint64_t border : borders) {
      for (const std::int64_t step : {-1, 0, 1}) {
        const auto size = border + static_cast<std::uint64_t>(step);
        if (border + 1 >= 1 - static_cast<std::uint64_t>(step) && size <= 5 * tebibyte) {
          check(size, wish);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(two_parts_worth_go_in_one_request) {
  BOOST_TEST(plan_parts(0)->single());
  BOOST_TEST(plan_parts(16 * mebibyte)->single());
  BOOST_TEST(plan_parts(16 * mebibyte + 1)->count() == 3U);
  BOOST_TEST(plan_parts(16 * mebibyte + 1)->part_size() == 8 * mebibyte);
}

BOOST_AUTO_TEST_CASE(one_request_never_takes_more_than_five_gibibytes) {
  BOOST_TEST(plan_parts(5 * gibibyte, 5 * gibibyte)->single());
  BOOST_TEST(!plan_parts(5 * gibibyte + 1, 5 * gibibyte)->single());
}

BOOST_AUTO_TEST_CASE(parts_grow_where_ten_thousand_are_not_enough) {
  BOOST_TEST(plan_parts(80'000 * mebibyte)->part_size() == 8 * mebibyte);
  BOOST_TEST(plan_parts(80'000 * mebibyte)->count() == 10'000U);
  BOOST_TEST(plan_parts(80'000 * mebibyte + 1)->part_size() == 9 * mebibyte);
  // 5 TiB / 10,000 is 524.3 MiB.
  BOOST_TEST(plan_parts(5 * tebibyte)->part_size() == 525 * mebibyte);
  BOOST_TEST(plan_parts(5 * tebibyte + 1)->part_size() == 525 * mebibyte);
}

BOOST_AUTO_TEST_CASE(larger_than_any_object_is_no_plan) {
  BOOST_TEST(plan_parts(50'000 * gibibyte)->part_size() == 5 * gibibyte);
  BOOST_TEST(plan_parts(50'000 * gibibyte)->count() == 10'000U);
  BOOST_TEST(!plan_parts(50'000 * gibibyte + 1).has_value());
}

BOOST_AUTO_TEST_CASE(wishes_are_brought_within_the_limits) {
  BOOST_TEST(plan_parts(100 * mebibyte, 1)->part_size() == 5 * mebibyte);
  BOOST_TEST(plan_parts(tebibyte, 99 * gibibyte)->part_size() == 5 * gibibyte);
}

BOOST_AUTO_TEST_SUITE_END()
