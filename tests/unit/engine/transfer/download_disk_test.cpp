/// Downloads when the disk is in the way: names that are taken, links, full and failing drives.

#include "engine/files/temporary_file.hpp"
#include "engine/files/temporary_name.hpp"
#include "tests/unit/engine/sync/sync_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>

BOOST_AUTO_TEST_SUITE(transfer_download_disk)

using namespace beatsync;
using namespace beatsync::tests;
using engine::outcome;
using engine::reason;

namespace {

const std::vector<std::size_t> kinds{200, 1500, 5000};

}  // namespace

BOOST_AUTO_TEST_CASE(names_that_the_stick_merges_are_a_collision) {
  sync_fixture world;
  memory_file_settings stick;
  stick.merges_case = true;
  world.files = std::make_unique<memory_file_system>(stick);
  world.files->add_folder(sync_fixture::library);
  world.put("Song.mp3", "first");
  world.put("song.mp3", "second");
  const auto how = world.download();
  BOOST_TEST(how.count.done == 1U);
  BOOST_TEST(how.count.failed == 1U);
  const bool first_won = world.file("Song.mp3").value() == "first";
  const auto& loser = world.seen.of(first_won ? "dj/music/song.mp3" : "dj/music/Song.mp3");
  BOOST_TEST((loser.why == reason::collision));
  world.check_totals(how);
  world.check_nothing_left();
}

BOOST_AUTO_TEST_CASE(a_link_in_the_tree_is_never_written_through) {
  sync_fixture world;
  world.files->add_folder("/elsewhere");
  world.files->add_file("/elsewhere/precious.mp3", "precious");
  world.files->add_link("/stick/DJ Music/out", "/elsewhere");
  world.put("out/planted.mp3", "x");
  world.put("fine.mp3", "x");
  const auto how = world.download();
  BOOST_TEST((world.seen.of("dj/music/out/planted.mp3").result == outcome::failed));
  BOOST_TEST(!world.files->find("/elsewhere/planted.mp3"));
  BOOST_TEST(world.files->find("/elsewhere/precious.mp3")->bytes == "precious");
  BOOST_TEST(how.count.done == 1U);
}

BOOST_AUTO_TEST_CASE(a_file_that_changed_here_since_the_scan_is_not_replaced) {
  sync_fixture world;
  world.add_file("a.mp3", "scanned");
  world.put("a.mp3", "theirs, and longer");
  world.bucket->set_script([&](const store_event& e) {
    if (e.what == store_call::get) {
      world.files->add_file("/stick/DJ Music/a.mp3", "edited just now", 77);
    }
    return interference();
  });
  auto task = world.task(engine::direction::download);
  task.conflict = engine::on_conflict::source_wins;
  const auto how = world.run(task);
  BOOST_TEST((world.seen.of("dj/music/a.mp3").why == reason::changed));
  BOOST_TEST(how.count.failed == 1U);
  BOOST_TEST(world.file("a.mp3").value() == "edited just now");
  world.check_nothing_left();
}

BOOST_AUTO_TEST_CASE(a_full_disk_stops_the_run_once) {
  sync_fixture world;
  memory_file_settings stick;
  stick.space = 6000;
  world.files = std::make_unique<memory_file_system>(stick);
  world.files->add_folder(sync_fixture::library);
  for (int i = 0; i < 40; ++i) world.put(std::to_string(i), some_bytes(1000));
  const auto how = world.download();
  BOOST_REQUIRE(how.stopped.has_value());
  BOOST_TEST(how.stopped->message.find("full") != std::string::npos);
  BOOST_TEST(!how.stopped->interrupted);
  BOOST_TEST(how.count.done <= 6U);
  BOOST_TEST(how.count.done > 0U);
  world.check_totals(how);
  world.check_nothing_left();
}

BOOST_AUTO_TEST_CASE(a_file_that_does_not_fit_is_refused_before_it_comes) {
  sync_fixture world;
  memory_file_settings stick;
  stick.space = 6000;
  world.files = std::make_unique<memory_file_system>(stick);
  world.files->add_folder(sync_fixture::library);
  world.put("huge.wav", some_bytes(9000));
  const auto how = world.download();
  BOOST_TEST(how.stopped.has_value());
  BOOST_TEST(world.bucket->count(store_call::get) == 0U);
  world.check_nothing_left();
}

BOOST_AUTO_TEST_CASE(one_that_is_larger_than_the_free_space_keeps_nothing_else_out) {
  sync_fixture world;
  memory_file_settings stick;
  stick.space = 10'000'000;
  world.files = std::make_unique<memory_file_system>(stick);
  world.files->add_folder(sync_fixture::library);
  world.put("b huge.wav", std::string(17'000'000, 'x'));
  for (int i = 0; i < 40; ++i) world.put("c " + std::to_string(i), some_bytes(1000));
  const auto how = world.download();
  BOOST_TEST(!how.stopped.has_value());
  BOOST_TEST(how.count.done == 40U);
  const auto& huge = world.seen.of("dj/music/b huge.wav");
  BOOST_TEST((huge.result == outcome::failed));
  BOOST_TEST((huge.why == reason::disk_full));
  BOOST_TEST(huge.message.starts_with("it needs 17.0 MB, "), huge.message);
  for (const store_event& e : world.bucket->events()) {
    if (e.what == store_call::get) BOOST_TEST(e.key != "dj/music/b huge.wav");
  }
  world.check_totals(how);
  world.check_nothing_left();
}

BOOST_AUTO_TEST_CASE(a_file_system_that_does_not_tell_its_free_space_takes_files_of_any_size) {
  sync_fixture world;
  world.tuning = engine::transfer_tuning();  // else it comes in 17,000 parts
  world.put("long set.wav", std::string(17'000'000, 'x'));
  world.files->set_script(
      [](const fs_event& e) { return e.operation == "free_space" ? ENOTSUP : 0; });
  BOOST_TEST(world.download().count.done == 1U);
}

BOOST_AUTO_TEST_CASE(file_systems_without_times_take_files_all_the_same) {
  for (const int code : {EINVAL, EOVERFLOW, EPERM, EACCES, ENOTSUP, ENOSYS}) {
    for (const std::size_t size : kinds) {
      sync_fixture world;
      world.put("a.mp3", some_bytes(size));
      world.files->set_script(
          [&](const fs_event& e) { return e.operation == "set_mtime" ? code : 0; });
      BOOST_TEST(world.download().count.done == 1U, code << " " << size);
      world.check_nothing_left();
    }
  }
}

// A library may have links to files elsewhere; they are not replaced.
BOOST_AUTO_TEST_CASE(a_link_that_is_to_be_replaced_costs_no_bytes) {
  for (const std::size_t size : {1500, 5000}) {
    sync_fixture world;
    world.files->add_file("/elsewhere/a.mp3", "mine");
    world.files->add_link("/stick/DJ Music/a.mp3", "/elsewhere/a.mp3");
    world.put("a.mp3", some_bytes(size));
    auto task = world.task(engine::direction::download);
    task.conflict = engine::on_conflict::source_wins;
    const auto how = world.run(task);
    BOOST_TEST(how.count.failed == 1U, size);
    BOOST_TEST((world.seen.of("dj/music/a.mp3").why == reason::collision), size);
    BOOST_TEST(world.bucket->count(store_call::get) == 0U, size);
    BOOST_TEST(world.files->find("/elsewhere/a.mp3")->bytes == "mine");
    world.check_nothing_left();
  }
}

BOOST_AUTO_TEST_CASE(a_read_only_stick_stops_the_run) {
  sync_fixture world;
  for (int i = 0; i < 40; ++i) world.put(std::to_string(i), "x");
  world.files->set_script([](const fs_event& e) { return e.operation == "create" ? EROFS : 0; });
  const auto how = world.download();
  BOOST_REQUIRE(how.stopped.has_value());
  BOOST_TEST(how.stopped->message.find("read-only") != std::string::npos);
  BOOST_TEST(how.count.done == 0U);
  world.check_totals(how);
}

BOOST_AUTO_TEST_CASE(a_full_disk_stops_the_run_and_is_told_apart) {
  sync_fixture world;
  world.put("a.mp3", "x");
  world.files->set_script([](const fs_event& e) { return e.operation == "create" ? ENOSPC : 0; });
  const auto how = world.download();
  BOOST_REQUIRE(how.stopped.has_value());
  BOOST_TEST((how.stopped->cause == engine::stop_cause::disk_full));
  world.check_totals(how);
}

BOOST_AUTO_TEST_CASE(a_late_error_of_fsync_or_close_is_no_success) {
  for (const char* operation : {"sync", "close"}) {
    for (const std::size_t size : kinds) {
      sync_fixture world;
      world.put("a.mp3", some_bytes(size));
      world.files->set_script(
          [&](const fs_event& e) { return e.operation == operation ? EIO : 0; });
      const auto how = world.download();
      BOOST_TEST(how.count.failed == 1U, operation << " " << size);
      BOOST_TEST(!world.file("a.mp3").has_value());
      world.check_nothing_left();
    }
  }
}

BOOST_AUTO_TEST_CASE(names_that_the_stick_does_not_take_are_skipped) {
  sync_fixture world;
  world.put("what?.mp3", "x");
  world.put("fine.mp3", "x");
  world.files->set_script([](const fs_event& e) {
    return e.operation == "create" && e.path.find('?') != std::string::npos ? EINVAL : 0;
  });
  const auto how = world.download();
  BOOST_TEST((world.seen.of("dj/music/what?.mp3").result == outcome::skipped));
  BOOST_TEST((world.seen.of("dj/music/what?.mp3").why == reason::invalid_name));
  BOOST_TEST(how.count.done == 1U);
  world.check_nothing_left();
}

BOOST_AUTO_TEST_CASE(fsync_comes_before_the_name_and_can_be_left_out) {
  for (const bool fsync : {true, false}) {
    for (const std::size_t size : kinds) {
      sync_fixture world;
      world.tuning.fsync = fsync;
      world.put("a.mp3", some_bytes(size));
      world.download();
      std::string order;
      for (const fs_event& e : world.files->events()) {
        for (const char* step : {"set_mtime", "sync", "close", "rename", "sync_folder"}) {
          if (e.operation == step) order += e.operation + " ";
        }
      }
      BOOST_TEST(
          order == (fsync ? "set_mtime sync close rename sync_folder " : "set_mtime close rename "),
          size);
    }
  }
}

BOOST_AUTO_TEST_CASE(no_other_run_takes_what_waits_for_its_name) {
  for (const std::size_t size : kinds) {
    sync_fixture world;
    world.put("a.mp3", some_bytes(size));
    const auto root = *world.files->open_root(sync_fixture::library);
    int looks = 0;
    world.files->set_script([&](const fs_event& e) {
      if (e.operation != "rename") return 0;
      ++looks;
      for (const std::string& path : world.files->files()) {
        const auto name = path.substr(path.rfind('/') + 1);
        if (!engine::is_temporary_name(name)) continue;
        const auto taken = root->remove_leftover(name, engine::time_now_ns());
        BOOST_TEST((taken.has_error() && taken.error().code == EWOULDBLOCK), size);
      }
      return 0;
    });
    BOOST_TEST(world.download().count.done == 1U, size);
    BOOST_TEST(looks == 1, size);
    world.check_nothing_left();
  }
}

// gcsfuse, shares of Windows.
BOOST_AUTO_TEST_CASE(file_systems_that_rename_nothing_open_take_downloads) {
  for (const int code : {ENOTSUP, EACCES}) {
    for (const std::size_t size : kinds) {
      sync_fixture world;
      world.put("a.mp3", some_bytes(size));
      world.files->set_script([&](const fs_event& e) {
        if (e.operation != "rename") return 0;
        for (const std::string& path : world.files->files()) {
          if (world.files->find(path)->locked) return code;
        }
        return 0;
      });
      BOOST_TEST(world.download().count.done == 1U, size);
      BOOST_TEST((world.file("a.mp3") == some_bytes(size)), size);
      world.check_nothing_left();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
