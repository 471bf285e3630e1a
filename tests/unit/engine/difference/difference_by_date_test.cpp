#include "engine/difference/date_cache.hpp"
#include "engine/difference/difference.hpp"
#include "tests/unit/engine/difference/difference_fixture.hpp"

#include <string>
#include <vector>

using namespace beatsync;
using engine::direction;
using engine::on_conflict;
using lines = std::vector<std::string>;

namespace {

constexpr std::int64_t second = 1'000'000'000;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(set_difference_by_date, tests::difference_fixture)

BOOST_AUTO_TEST_CASE(asks_for_dates_once_and_remembers_them) {
  local("same", "1", 100 * second);
  local("newer", "1", 200 * second);
  local("older", "1", 50 * second);
  for (const auto* name : {"same", "newer", "older"}) remote(name, "1", {{"mtime", "101.5"}});
  for (int round = 0; round < 2; ++round) {
    auto dates = engine::date_cache::open(files, "/cache", "store");
    engine::difference_inputs inputs;
    inputs.way = direction::upload;
    inputs.conflict = on_conflict::newer_wins;
    inputs.dates = &dates;
    const auto all = run(inputs);
    BOOST_TEST(all.moves() == lines{"newer > p/newer newer"}, boost::test_tools::per_element());
    BOOST_TEST(all.unchanged == 2U);
    BOOST_TEST(all.actions[0].target_exists);
    BOOST_TEST(bucket->count(tests::store_call::head) == 3U);  // in the first round only
  }
  remote("same", "1", {{"mtime", "1"}});  // a new ETag or not: the old date no longer counts
  auto dates = engine::date_cache::open(files, "/cache", "store");
  engine::difference_inputs inputs;
  inputs.way = direction::upload;
  inputs.conflict = on_conflict::newer_wins;
  inputs.dates = &dates;
  run(inputs);
}

BOOST_AUTO_TEST_CASE(takes_last_modified_where_there_is_no_metadata) {
  local("x", "1", 1 * second);
  remote("x", "1");  // written long after 1970
  const auto all = run(direction::download, on_conflict::newer_wins);
  BOOST_REQUIRE(all.moves() == lines{"p/x > x newer"});
  BOOST_TEST(all.actions[0].mtime_known);
  BOOST_TEST(all.actions[0].mtime_ns / 1'000'000 ==
             bucket->find("p/x")->last_modified.time_since_epoch().count());
}

BOOST_AUTO_TEST_CASE(many_dates_are_asked_for_in_bounded_chunks) {
  for (int i = 0; i < 1'500; ++i) {
    local("x" + std::to_string(i), "1", 300 * second);
    remote("x" + std::to_string(i), "1", {{"mtime", i % 2 == 0 ? "300" : "1"}});
  }
  const auto all = run(direction::upload, on_conflict::newer_wins);
  BOOST_TEST(all.actions.size() == 750U);
  BOOST_TEST(all.unchanged == 750U);
}

BOOST_AUTO_TEST_CASE(one_date_that_cannot_be_had_is_one_failure) {
  local("x", "1", 300 * second);
  local("y", "1", 300 * second);
  remote("x", "1", {{"mtime", "1"}});
  remote("y", "1", {{"mtime", "1"}});
  bucket->set_script([](const tests::store_event& e) {
    tests::interference what;
    if (e.what == tests::store_call::head && e.key == "p/x") {
      what.refuse = tests::scripted_error(s3::errc::server_failed, 500);
    }
    return what;
  });
  const auto all = run(direction::upload, on_conflict::newer_wins);
  BOOST_TEST(all.refused() == lines{"p/x failed store"}, boost::test_tools::per_element());
  BOOST_REQUIRE(all.refusals[0].error);
  BOOST_TEST(all.moves() == lines{"y > p/y newer"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_object_deleted_meanwhile_is_missing) {
  local("x", "1", 300 * second);
  remote("x", "1");
  bucket->set_script([](const tests::store_event& e) {
    tests::interference what;
    if (e.what == tests::store_call::head) {
      what.refuse = tests::scripted_error(s3::errc::no_such_key, 404);
    }
    return what;
  });
  BOOST_TEST(run(direction::upload, on_conflict::newer_wins).moves() == lines{"x > p/x missing"},
             boost::test_tools::per_element());
  BOOST_TEST(run(direction::download, on_conflict::newer_wins).moves().empty());
}

BOOST_AUTO_TEST_SUITE_END()
