#include "engine/transfer/group_commit.hpp"

#include "engine/run/runtime_internals.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/memory_store.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <deque>
#include <future>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(group_commits)

using namespace beatsync;
using namespace beatsync::engine;
using namespace beatsync::tests;
using boost::asio::awaitable;

namespace {

/// Small files on their way below `/usb`.
struct group_fixture {
  explicit group_fixture(memory_file_settings settings = memory_file_settings()) : files(settings) {
    files.add_folder("/usb");
    root = *files.open_root("/usb");
  }

  void add(const std::string& path) {
    action& what = actions.emplace_back();
    what.kind = action_kind::download;
    what.path = path;
    const std::string& text = texts.emplace_back("bytes of " + path);
    small_file& file = group.emplace_back();
    file.what = &what;
    file.bytes = std::as_bytes(std::span(text));
    file.mtime_ns = 1'600'000'000'000'000'000;
  }

  void write(bool fsync = true) {
    std::vector<small_file*> all;
    for (small_file& file : group) all.push_back(&file);
    target_folders folders(root.get(), fsync);
    write_together(folders, all);
  }

  /// The file is there and whole, or its problem is known and it is not there.
  void check() const {
    for (const small_file& file : group) {
      const auto there = files.find("/usb/" + file.what->path);
      BOOST_TEST(there.has_value() == !file.problem.has_value(), file.what->path);
      if (there) BOOST_TEST(there->bytes == "bytes of " + file.what->path);
    }
    for (const std::string& path : files.files()) {
      BOOST_TEST(path.find(".beatsync-") == std::string::npos, path);
    }
  }

  std::size_t problems() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(group, [](const small_file& f) { return f.problem.has_value(); }));
  }

  /// Folders, in their order.
  std::string flushed() const {
    std::string all;
    for (const fs_event& e : files.events()) {
      if (e.operation == "sync_folder") all += e.path + " ";
    }
    return all;
  }

  /// Where the first and the last of these operations stand among all.
  std::pair<std::uint64_t, std::uint64_t> span_of(std::string_view operation) const {
    std::pair<std::uint64_t, std::uint64_t> found{UINT64_MAX, 0};
    for (const fs_event& e : files.events()) {
      if (e.operation != operation) continue;
      found.first = std::min(found.first, e.number);
      found.second = std::max(found.second, e.number);
    }
    return found;
  }

  /// The `which`th operation of this name fails.
  void fail(std::string operation, int code, int which = 2) {
    files.set_script([=, seen = std::make_shared<std::atomic<int>>(0)](const fs_event& e) {
      return e.operation == operation && ++*seen == which ? code : 0;
    });
  }

  memory_file_system files;
  std::unique_ptr<folder> root;
  std::deque<action> actions;
  std::deque<std::string> texts;
  std::deque<small_file> group;
};

}  // namespace

BOOST_AUTO_TEST_CASE(each_step_is_taken_for_all_before_the_next) {
  group_fixture world;
  for (const char* path : {"a/1.mp3", "b/c/2.mp3", "a/3.mp3", "4.mp3", "b/c/5.mp3"})
    world.add(path);
  world.write();
  BOOST_TEST(world.problems() == 0U);
  world.check();
  for (const small_file& file : world.group) {
    const auto there = world.files.find("/usb/" + file.what->path);
    BOOST_TEST(there->synced);
    BOOST_TEST(there->mtime_ns == file.mtime_ns);
  }
  BOOST_TEST(world.files.count("sync") == 5U);
  BOOST_TEST(world.span_of("set_mtime").second < world.span_of("write_back").first);
  BOOST_TEST(world.span_of("write_back").second < world.span_of("sync").first);
  BOOST_TEST(world.span_of("sync").second < world.span_of("rename").first);
  BOOST_TEST(world.span_of("rename").second < world.span_of("sync_folder").first);
}

BOOST_AUTO_TEST_CASE(a_folder_is_opened_and_flushed_once) {
  group_fixture world;
  for (int i = 0; i < 20; ++i) world.add((i % 2 ? "odd/" : "even/") + std::to_string(i));
  world.write();
  BOOST_TEST(world.problems() == 0U);
  BOOST_TEST(world.flushed() == "/usb/even /usb /usb/odd ");  // /usb has both of them by then
}

BOOST_AUTO_TEST_CASE(nothing_is_flushed_where_that_is_not_wished) {
  group_fixture world;
  world.add("a/1.mp3");
  world.add("a/2.mp3");
  world.write(false);
  world.check();
  for (const char* step : {"write_back", "sync", "sync_folder"}) {
    BOOST_TEST(world.files.count(step) == 0U, step);
  }
}

BOOST_AUTO_TEST_CASE(a_file_that_fails_fails_alone) {
  for (const char* step :
       {"create", "write", "set_mtime", "write_back", "sync", "close", "rename"}) {
    BOOST_TEST_CONTEXT(step) {
      group_fixture world;
      for (const char* path : {"a/1.mp3", "a/2.mp3", "b/3.mp3"}) world.add(path);
      world.fail(step, EIO);
      world.write();
      BOOST_TEST(world.problems() == 1U);
      BOOST_TEST(world.group[1].problem.has_value());
      world.check();
    }
  }
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_made_fails_its_files_only) {
  group_fixture world;
  world.files.add_file("/usb/b", "a file where a folder is needed");
  for (const char* path : {"a/1.mp3", "b/2.mp3", "b/3.mp3"}) world.add(path);
  world.write();
  BOOST_TEST(!world.group[0].problem.has_value());
  BOOST_TEST(world.problems() == 2U);
  world.check();
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_flushed_is_told_of_all_its_files) {
  group_fixture world;
  for (const char* path : {"a/1.mp3", "b/2.mp3", "b/3.mp3"}) world.add(path);
  world.files.set_script([](const fs_event& e) {
    return e.operation == "sync_folder" && e.path == "/usb/b" ? EIO : 0;
  });
  world.write();
  BOOST_TEST(!world.group[0].problem.has_value());
  BOOST_TEST(world.group[1].problem.has_value());
  BOOST_TEST(world.group[2].problem.has_value());
}

BOOST_AUTO_TEST_CASE(of_two_that_the_file_system_takes_for_one_the_first_is_written) {
  memory_file_settings stick;
  stick.merges_case = true;
  group_fixture world(stick);
  world.add("Song.mp3");
  world.add("song.mp3");
  world.write();
  BOOST_TEST(!world.group[0].problem.has_value());
  BOOST_REQUIRE(world.group[1].problem.has_value());
  BOOST_TEST((world.group[1].problem->why == reason::collision));
  BOOST_TEST(world.files.find("/usb/Song.mp3")->bytes == "bytes of Song.mp3");
}

namespace {

awaitable<void> write_one(group_commit& together, small_file& file) {
  co_await together.write(file);
}

awaitable<void> let_go(std::promise<void>& gate) {
  gate.set_value();
  co_return;
}

}  // namespace

BOOST_AUTO_TEST_CASE(what_comes_while_a_group_is_on_its_way_is_the_next_group) {
  group_fixture world;
  for (int i = 0; i < 40; ++i) world.add("a/" + std::to_string(i));
  const auto bucket = std::make_shared<memory_bucket>();
  runtime_options options;
  options.io_threads = 1;
  runtime rt(
      options,
      [&](boost::asio::any_io_executor executor) {
        return std::make_unique<memory_store>(std::move(executor), bucket);
      },
      world.files);
  runtime::impl& parts = rt.internals();

  std::promise<void> gate;
  world.files.set_script([open = gate.get_future().share()](const fs_event&) {
    open.wait();  // until all have come
    return 0;
  });
  target_folders folders(world.root.get(), true);
  group_commit together(*parts.file_threads, folders);
  coroutine_group callers;
  io_lane& lane = *parts.lanes.front();
  for (small_file& file : world.group) callers.start(lane, write_one(together, file));
  callers.start(lane, let_go(gate));
  callers.wait(std::function<void()>());

  BOOST_TEST(world.problems() == 0U);
  world.check();
  BOOST_TEST(world.files.count("sync") == 40U);
  BOOST_TEST(world.files.count("sync_folder") <= 3U);
}

BOOST_AUTO_TEST_SUITE_END()
