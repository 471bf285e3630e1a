#include "engine/difference/date_cache.hpp"
#include "engine/difference/difference.hpp"
#include "tests/unit/engine/difference/difference_fixture.hpp"

#include <chrono>
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
}

// The second upload of the same bytes has the ETag of the first, and another date.
BOOST_AUTO_TEST_CASE(asks_again_for_the_date_of_bytes_that_were_uploaded_again) {
  const auto moves = [this](direction way) {
    auto dates = engine::date_cache::open(files, "/cache", "store");
    engine::difference_inputs inputs;
    inputs.way = way;
    inputs.conflict = on_conflict::newer_wins;
    inputs.dates = &dates;
    return run(inputs).moves();
  };
  const auto upload_again = [this](const char* mtime, int minute) {
    auto object = bucket->find("p/x").value();
    object.metadata = {{"mtime", mtime}};
    object.last_modified += std::chrono::minutes(minute);
    bucket->put("p/x", object);
  };
  remote("x", "1", {{"mtime", "100"}});
  local("x", "1", 200 * second);
  BOOST_TEST(moves(direction::upload) == lines{"x > p/x newer"}, boost::test_tools::per_element());
  const std::string etag = bucket->find("p/x")->etag;
  upload_again("200", 1);
  BOOST_TEST(bucket->find("p/x")->etag == etag);
  BOOST_TEST(moves(direction::upload).empty());
  BOOST_TEST(moves(direction::upload).empty());
  BOOST_TEST(bucket->count(tests::store_call::head) == 2U);

  // Somebody has a newer one, uploads it, and what is here is the older.
  upload_again("300", 2);
  BOOST_TEST(moves(direction::upload).empty());
  BOOST_TEST(moves(direction::download) == lines{"p/x > x newer"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(does_not_remember_the_date_of_an_object_that_was_replaced_meanwhile) {
  remote("x", "1", {{"mtime", "100"}});
  local("x", "1", 100 * second);
  bucket->set_script([&](const tests::store_event& e) {
    if (e.what == tests::store_call::head) remote("x", "2", {{"mtime", "500"}});
    return tests::interference();
  });
  auto dates = engine::date_cache::open(files, "/cache", "store");
  engine::difference_inputs inputs;
  inputs.way = direction::upload;
  inputs.conflict = on_conflict::newer_wins;
  inputs.dates = &dates;
  BOOST_TEST(run(inputs).moves().empty());
  BOOST_TEST(dates.size() == 0U);
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
