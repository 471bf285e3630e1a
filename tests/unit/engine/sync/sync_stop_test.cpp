/// stop() at every moment of a run: it ends by itself, what was in flight is aborted, every item
/// that was begun or queued is named, and the next run goes on.

#include "tests/unit/engine/sync/sync_fixture.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(sync_stop)

using namespace beatsync;
using namespace beatsync::tests;
using engine::direction;
using engine::outcome;
using engine::reason;

namespace {

void prepare(sync_fixture& world, direction way) {
  for (const std::size_t size : {100, 1500, 3500, 5000}) {
    const std::string path = std::to_string(size) + ".mp3";
    if (way == direction::upload) {
      world.add_file(path, some_bytes(size));
    } else {
      world.put(path, some_bytes(size));
    }
  }
}

void check_stopped(const sync_fixture& world, const engine::report& how, const std::string& at) {
  BOOST_TEST_CONTEXT(at) {
    BOOST_REQUIRE(how.stopped.has_value());
    BOOST_TEST(how.stopped->interrupted);
    world.check_totals(how);
    world.check_nothing_left();
    for (const engine::item& it : world.seen.items) {
      if (it.result == outcome::done) continue;
      BOOST_TEST((it.result == outcome::failed));
      BOOST_TEST((it.why == reason::stopped), it.key << " " << it.message);
    }
  }
}

void check_next_run(sync_fixture& world, direction way, const std::string& at) {
  BOOST_TEST_CONTEXT("the run after " << at) {
    world.bucket->set_script({});
    world.files->set_script({});
    const auto how = world.run(world.task(way));
    BOOST_TEST(!how.stopped);
    BOOST_TEST(how.count.failed == 0U);
    BOOST_TEST(how.count.done + how.count.unchanged == 4U);
  }
}

constexpr direction both_ways[] = {direction::upload, direction::download};

}  // namespace

BOOST_AUTO_TEST_CASE(at_every_call_to_the_store) {
  for (const direction way : both_ways) {
    for (const bool midway : {false, true}) {
      for (std::uint64_t n = 1;; ++n) {
        sync_fixture world;
        prepare(world, way);
        bool reached = false;
        world.bucket->set_script([&](const store_event& e) {
          interference what;
          if (e.number != n) return what;
          reached = true;
          if (midway) {
            what.midway = [&world] { world.stop(); };
          } else {
            world.stop();
          }
          return what;
        });
        const auto how = world.run(world.task(way));
        const std::string at = "call " + std::to_string(n);
        if (!reached) break;
        if (!midway || how.stopped) check_stopped(world, how, at);
        check_next_run(world, way, at);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(at_every_operation_on_the_file_system) {
  for (const direction way : both_ways) {
    for (std::uint64_t n = 1;; ++n) {
      sync_fixture world;
      prepare(world, way);
      bool reached = false;
      world.files->set_script([&](const fs_event& e) {
        if (e.number == n) {
          reached = true;
          world.stop();
        }
        return 0;
      });
      const auto how = world.run(world.task(way));
      if (!reached) break;
      const std::string at = "operation " + std::to_string(n);
      check_stopped(world, how, at);
      check_next_run(world, way, at);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
