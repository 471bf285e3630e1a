/// Every operation of a run fails once, each in a run of its own, until the run no longer gets
/// that far. Whatever fails: old content or new content is there whole, nothing is left behind,
/// the books are right, nothing is claimed that is not so, and a run without faults ends the work.

#include "engine/plan/shard_writer.hpp"
#include "tests/unit/engine/sync/sync_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cerrno>
#include <memory>

BOOST_AUTO_TEST_SUITE(sync_failures)

using namespace beatsync;
using namespace beatsync::tests;
using engine::direction;
using engine::outcome;

namespace {

/// One new file of each kind, and one that replaces another.
struct story {
  std::map<std::string, std::string> source{{"a/small.mp3", some_bytes(200, 1)},
                                            {"a/streamed.mp3", some_bytes(1500, 2)},
                                            {"b/parts.wav", some_bytes(3500, 3)},
                                            {"replaced.mp3", some_bytes(700, 4)}};
  std::string old = some_bytes(100, 5);

  void prepare(sync_fixture& world, direction way) const {
    for (const auto& [path, bytes] : source) {
      if (way == direction::upload) {
        world.add_file(path, bytes);
      } else {
        world.put(path, bytes);
      }
    }
    if (way == direction::upload) {
      world.put("replaced.mp3", old);
    } else {
      world.add_file("replaced.mp3", old);
    }
  }

  static std::optional<std::string> target(const sync_fixture& world, direction way,
                                           const std::string& path) {
    return way == direction::upload ? world.object(path) : world.file(path);
  }

  /// Old or new, whole; new where it was claimed.
  void check(const sync_fixture& world, direction way, const engine::report& how,
             const std::string& at) const {
    BOOST_TEST_CONTEXT(at) {
      world.check_totals(how);
      for (const auto& [path, bytes] : source) {
        const auto now = target(world, way, path);
        const bool is_new = now == bytes;
        const bool is_old = path == "replaced.mp3" ? now == old : !now.has_value();
        BOOST_TEST((is_new || is_old), path);
        for (const engine::item& it : world.seen.items) {
          if (it.key == world.key(path) && it.result == outcome::done) BOOST_TEST(is_new, path);
        }
      }
      const bool all_done = how.count.done == source.size();
      BOOST_TEST((all_done || how.stopped || how.count.failed + how.count.skipped > 0));
    }
  }

  /// Without faults the next run brings everything to its end.
  void check_next_run(sync_fixture& world, direction way, const std::string& at) const {
    BOOST_TEST_CONTEXT("the run after " << at) {
      world.bucket->set_script({});
      world.files->set_script({});
      const auto how = run(world, way);
      BOOST_TEST(!how.stopped);
      BOOST_TEST(how.count.failed == 0U);
      for (const auto& [path, bytes] : source) {
        BOOST_TEST((target(world, way, path) == bytes), path);
      }
      for (const std::string& path : world.files->files()) {
        BOOST_TEST(path.find(".beatsync-") == std::string::npos, path);
      }
    }
  }

  static engine::report run(sync_fixture& world, direction way) {
    auto task = world.task(way);
    task.conflict = engine::on_conflict::source_wins;
    return world.run(task);
  }
};

/// Local names that are a guide, and many keys between two of them: one range takes many pages.
void prepare_a_long_range(sync_fixture& world) {
  world.store_settings.page = 4;
  world.bucket = std::make_shared<memory_bucket>(world.store_settings);
  for (int i = 100; i < 160; ++i) {
    world.add_file(std::to_string(i), "x");
    world.put(std::to_string(i), "x");
  }
  for (int i = 100; i < 140; ++i) world.put("120 " + std::to_string(i), "x");
}

/// The bad-th page of the listing is refused; where there were fewer, `reached` stays false.
memory_bucket::script refuse_page(int bad, bool& reached) {
  // Scripts are copied for each call.
  return [bad, &reached, lists = std::make_shared<int>()](const store_event& e) {
    interference what;
    if (e.what != store_call::list || ++*lists != bad) return what;
    reached = true;
    what.refuse = scripted_error(s3::errc::access_denied, 403, "AccessDenied");
    return what;
  };
}

constexpr direction both_ways[] = {direction::upload, direction::download};

const char* name_of(direction way) { return way == direction::upload ? "upload " : "download "; }

}  // namespace

BOOST_AUTO_TEST_CASE(every_call_to_the_store_fails_once) {
  const story tale;
  for (const direction way : both_ways) {
    for (const bool after_it_worked : {false, true}) {
      for (std::uint64_t n = 1;; ++n) {
        sync_fixture world;
        tale.prepare(world, way);
        bool reached = false;
        store_call failed = store_call::list;
        world.bucket->set_script([&](const store_event& e) {
          interference what;
          if (e.number != n) return what;
          reached = true;
          failed = e.what;
          const auto error = scripted_error(s3::errc::connection_lost);
          (after_it_worked ? what.lose : what.refuse) = error;
          return what;
        });
        const auto how = story::run(world, way);
        const std::string at = name_of(way) + std::to_string(n);
        tale.check(world, way, how, at);
        // Of an upload whose very number was lost, nobody can tell what to abort.
        if (failed != store_call::create_upload && failed != store_call::abort_upload) {
          world.check_nothing_left();
        }
        tale.check_next_run(world, way, at);
        if (!reached) break;
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_operation_on_the_file_system_fails_once) {
  const story tale;
  for (const direction way : both_ways) {
    for (const int code : {EIO, ENOSPC, EACCES}) {
      for (std::uint64_t n = 1;; ++n) {
        sync_fixture world;
        tale.prepare(world, way);
        bool reached = false;
        std::string operation;
        world.files->set_script([&](const fs_event& e) {
          if (e.number != n) return 0;
          reached = true;
          operation = e.operation;
          return code;
        });
        const auto how = story::run(world, way);
        const std::string at = name_of(way) + std::to_string(n) + " " + operation;
        tale.check(world, way, how, at);
        if (operation != "remove") {
          BOOST_TEST_CONTEXT(at) { world.check_nothing_left(); }
        }
        tale.check_next_run(world, way, at);
        if (!reached) break;
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_listing_that_breaks_off_stops_the_run_and_claims_nothing) {
  for (const direction way : both_ways) {
    sync_fixture world;
    world.store_settings.page = 2;
    world.bucket = std::make_shared<memory_bucket>(world.store_settings);
    const story tale;
    tale.prepare(world, way);
    bool reached = false;
    world.bucket->set_script(refuse_page(2, reached));
    const auto how = story::run(world, way);
    if (!reached) continue;  // the upload's side of the bucket has one page only
    BOOST_REQUIRE(how.stopped.has_value());
    BOOST_TEST(!how.stopped->interrupted);
    tale.check(world, way, how, name_of(way));
  }
}

BOOST_AUTO_TEST_CASE(a_range_that_fails_behind_a_long_one_ends_the_run) {
  for (const direction way : both_ways) {
    for (int bad = 1;; ++bad) {
      sync_fixture world;
      prepare_a_long_range(world);
      bool reached = false;
      world.bucket->set_script(refuse_page(bad, reached));
      const auto how = story::run(world, way);
      if (!reached) break;
      BOOST_TEST_CONTEXT(name_of(way) << bad) {
        BOOST_REQUIRE(how.stopped.has_value());
        BOOST_TEST(!how.stopped->interrupted);
        BOOST_TEST(how.count.done <= 40U);
        world.check_totals(how);
        world.check_nothing_left();
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_range_that_fails_behind_a_long_one_leaves_no_plan) {
  for (int bad = 1;; ++bad) {
    sync_fixture world;
    prepare_a_long_range(world);
    world.files->add_folder("/plan");
    bool reached = false;
    world.bucket->set_script(refuse_page(bad, reached));
    engine::plan_task task;
    task.what = world.task(direction::download);
    task.folder = "/plan";
    const auto how = world.plan(task);
    if (!reached) break;
    BOOST_TEST_CONTEXT("page " << bad) {
      BOOST_REQUIRE(how.base.stopped.has_value());
      BOOST_TEST(!how.base.stopped->interrupted);
      BOOST_TEST(!world.files->find("/plan/" + engine::manifest_name(0)).has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_plan_leaves_the_manifests_of_another_one) {
  sync_fixture world;
  world.put("a.mp3", "bytes");
  const std::string theirs = "/plan/" + engine::manifest_name(0);
  world.files->add_folder("/plan");
  world.files->add_file(theirs, "being written");
  engine::plan_task task;
  task.what = world.task(direction::download);
  task.folder = "/plan";
  const auto how = world.plan(task);
  BOOST_REQUIRE(how.base.stopped.has_value());
  BOOST_TEST(how.base.stopped->message.find("Another plan") == 0U, how.base.stopped->message);
  BOOST_TEST(world.files->find(theirs)->bytes == "being written");
  BOOST_TEST(world.files->files().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
