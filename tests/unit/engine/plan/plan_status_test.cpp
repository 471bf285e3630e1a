#include "engine/plan/plan_status.hpp"

#include "engine/plan/shard_writer.hpp"
#include "tests/support/memory_file_system.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <cstdint>
#include <string>

BOOST_AUTO_TEST_SUITE(plan_statuses)

using namespace beatsync;
using namespace beatsync::engine;
using namespace beatsync::tests;

namespace {

/// A plan of two shards with one item each, both done.
struct status_fixture {
  status_fixture() {
    files.add_folder("/plan");
    plan.header.plan = "0123456789abcdef0123456789abcdef";
    plan.header.source = *parse_plan_place("/lustre");
    plan.header.target = *parse_plan_place("s3://b/music/");
    plan.shards = {{1, 7}, {1, 7}};
    keep(std::string(plan_name), text_of(plan));
    for (std::uint32_t shard = 0; shard < 2; ++shard)
      keep(result_name(shard), text_of(done(shard)));
  }

  void keep(const std::string& name, const std::string& text) {
    BOOST_REQUIRE(files.replace_file("/plan/" + name, text, readers::by_umask).has_value());
  }

  shard_result done(std::uint32_t shard) const {
    shard_result result;
    result.plan = plan.header.plan;
    result.shard = shard;
    result.planned.items = 1;
    result.done = 1;
    return result;
  }

  plan_folder_result<plan_status> status() {
    const auto where = plan_in_folder(files, "/plan");
    return read_status(*where);
  }

  memory_file_system files;
  plan_document plan;
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(what_is_no_result_counts_as_not_run, status_fixture) {
  BOOST_REQUIRE(status().has_value());
  BOOST_TEST(status()->all_done());

  shard_result more = done(1);
  more.planned.items = 2;
  more.unchanged = 1;
  for (const std::string& text : {std::string("{"), std::string(70'000, ' '), text_of(more)}) {
    keep(result_name(1), text);
    const auto told = status();
    BOOST_REQUIRE(told.has_value());
    BOOST_TEST(told->count(shard_state::done) == 1u);
    BOOST_TEST(told->count(shard_state::missing) == 1u);
  }

  // A folder, a FIFO or a device of that name.
  files.set_script([](const fs_event& e) {
    return e.operation == "read" && e.path == "/plan/" + result_name(1) ? EINVAL : 0;
  });
  const auto told = status();
  BOOST_REQUIRE(told.has_value());
  BOOST_TEST(told->count(shard_state::missing) == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_broken_plan_is_one_that_cannot_be_used, status_fixture) {
  const std::string good = text_of(plan);
  std::string later = good;
  later.replace(later.find("\"beatsync_plan\":1"), 17, "\"beatsync_plan\":2");
  for (const std::string& text :
       {std::string(), std::string("{}"), good.substr(0, good.size() / 2), later}) {
    keep(std::string(plan_name), text);
    const auto broken = status();
    BOOST_REQUIRE(broken.has_error());
    BOOST_TEST((broken.error().cause == stop_cause::bad_plan));
    const bool newer = broken.error().message.find("a newer beatsync") != std::string::npos;
    BOOST_TEST(newer == (text == later), broken.error().message);
  }
}

BOOST_FIXTURE_TEST_CASE(a_plan_that_is_too_large_is_not_missing, status_fixture) {
  const std::string name(plan_name);
  keep(name, text_of(plan) + std::string(longest_plan_document, ' '));
  const auto large = status();
  BOOST_REQUIRE(large.has_error());
  BOOST_TEST((large.error().cause == stop_cause::bad_plan));
  BOOST_TEST(large.error().message.find("larger than") != std::string::npos, large.error().message);
  files.erase("/plan/" + name);
  const auto none = status();
  BOOST_REQUIRE(none.has_error());
  BOOST_TEST(none.error().message.find("is missing") != std::string::npos, none.error().message);
}

BOOST_AUTO_TEST_SUITE_END()
