/// Shards carried out while others have their hands in the same places.

#include "engine/plan/apply.hpp"

#include "engine/plan/shard_writer.hpp"
#include "tests/unit/engine/sync/sync_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(applied_shards)

using namespace beatsync;
using namespace beatsync::tests;
using engine::reason;

namespace {

/// Downloads into a library, planned as one shard.
struct shard_fixture : sync_fixture {
  static constexpr const char* place = "/plan";

  void plan_down() {
    files->add_folder(place);
    engine::plan_task todo;
    auto looking = task(engine::direction::download);
    looking.conflict = engine::on_conflict::source_wins;
    looking.create_root = true;
    todo.what = looking;
    todo.header.source = {"bucket", "dj/music/"};
    todo.header.target = {"", library};
    todo.header.endpoint = "https://s3.example.org";
    todo.folder = place;
    const auto made = plan(todo);
    BOOST_REQUIRE(!made.base.stopped);
  }

  engine::report apply() {
    return sync_fixture::apply(std::string(place) + "/" + engine::manifest_name(0));
  }
};

/// One file job, one request, and (apply() has no smaller sizes) parts.
const std::vector<std::size_t> kinds{200, 300'000, 40'000'000};

}  // namespace

BOOST_AUTO_TEST_CASE(a_second_task_with_the_same_shard_does_no_harm) {
  for (const std::size_t size : kinds) {
    for (const bool replaces : {false, true}) {
      shard_fixture world;
      world.put("a.mp3", some_bytes(size));
      if (replaces) world.add_file("a.mp3", "older");
      world.plan_down();
      world.bucket->set_script([&](const store_event& e) {
        // The other task is done with it while the bytes are on their way here.
        if (e.what == store_call::get) world.add_file("a.mp3", some_bytes(size));
        return interference();
      });
      const auto how = world.apply();
      BOOST_TEST(how.count.failed == 0U, size);
      BOOST_TEST(how.count.unchanged == 1U, size);
      BOOST_TEST(how.count.bytes == 0U, size);
      world.check_nothing_left();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_comes_meanwhile_and_is_another_one_is_left) {
  for (const bool replaces : {false, true}) {
    shard_fixture world;
    world.put("a.mp3", some_bytes(200));
    if (replaces) world.add_file("a.mp3", "older");
    world.plan_down();
    world.bucket->set_script([&](const store_event& e) {
      if (e.what == store_call::get) world.add_file("a.mp3", some_bytes(200, 2));
      return interference();
    });
    const auto how = world.apply();
    BOOST_TEST(how.count.failed == 1U);
    BOOST_TEST(
        (world.seen.of("dj/music/a.mp3").why == (replaces ? reason::changed : reason::differs)));
    BOOST_TEST((world.file("a.mp3") == some_bytes(200, 2)));
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_was_there_is_not_made) {
  for (const bool was_there : {true, false}) {
    shard_fixture world;
    world.put("a.mp3", "bytes");
    if (!was_there) world.files->erase(sync_fixture::library);
    world.plan_down();
    world.files->erase(sync_fixture::library);
    const auto how = world.apply();
    BOOST_TEST(how.stopped.has_value() == was_there);
    if (was_there) {
      BOOST_TEST(how.stopped->message.find("mounted") != std::string::npos, how.stopped->message);
    }
    BOOST_TEST(world.file("a.mp3").has_value() != was_there);
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_says_why) {
  shard_fixture world;
  world.put("a.mp3", "bytes");
  world.files->erase(sync_fixture::library);
  world.plan_down();
  world.files->set_script(
      [](const fs_event& e) { return e.operation == "make_folder" ? EROFS : 0; });
  const auto how = world.apply();
  BOOST_REQUIRE(how.stopped.has_value());
  BOOST_TEST(how.stopped->message.find("make the folder") != std::string::npos,
             how.stopped->message);
}

BOOST_AUTO_TEST_SUITE_END()
