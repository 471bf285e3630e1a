#include "engine/collection/collection.hpp"
#include "engine/collection/document_target.hpp"
#include "engine/files/posix_file_system.hpp"
#include "engine/files/temporary_file.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/engine/collection/collection_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>

BOOST_AUTO_TEST_SUITE(collection_rewrite)

using namespace beatsync;
using namespace beatsync::tests;
using engine::reason;

namespace {

engine::rewrite_file_task task_of(const std::filesystem::path& input,
                                  const std::filesystem::path& output) {
  engine::rewrite_file_task task;
  task.input = input;
  task.output = output;
  task.from_roots = {"/Volumes/ANN"};
  task.to_root = "/Volumes/BEATRIX";
  return task;
}

const std::string before = collection_of("/Volumes/ANN", {"a.mp3"});
const std::string after = collection_of("/Volumes/BEATRIX", {"a.mp3"});

}  // namespace

BOOST_AUTO_TEST_CASE(from_file_to_file) {
  temp_dir folder;
  recording_observer seen;
  const auto in = folder.write("in.xml", before);
  const auto how = engine::rewrite_file(task_of(in, folder / "out.xml"), seen);
  BOOST_TEST(how.base.count.done == 1U);
  BOOST_TEST(how.rewrite->rewritten == 1U);
  BOOST_TEST(seen.items.front().bytes == after.size());
  BOOST_TEST(read_file(folder / "out.xml") == after);
  BOOST_TEST(read_file(in) == before);
}

BOOST_AUTO_TEST_CASE(in_place) {
  temp_dir folder;
  recording_observer seen;
  const auto in = folder.write("in.xml", before);
  BOOST_TEST(engine::rewrite_file(task_of(in, in), seen).base.count.done == 1U);
  BOOST_TEST(read_file(in) == after);
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_where_it_fails) {
  temp_dir folder;
  recording_observer seen;
  const auto broken = folder.write("broken.xml", before.substr(0, 150));
  const auto out = folder.write("out.xml", "old");
  BOOST_TEST(engine::rewrite_file(task_of(broken, out), seen).base.count.failed == 1U);
  BOOST_TEST((seen.items.back().why == reason::malformed));

  const auto other = folder.write("other.xml", collection_of("/Volumes/CID", {"a.mp3"}));
  BOOST_TEST(engine::rewrite_file(task_of(other, out), seen).base.count.failed == 1U);
  BOOST_TEST((seen.items.back().why == reason::no_match));

  BOOST_TEST(engine::rewrite_file(task_of(folder / "none.xml", out), seen).base.count.failed == 1U);
  BOOST_TEST((seen.items.back().why == reason::local_io));

  auto bad_root = task_of(folder.write("in.xml", before), out);
  bad_root.to_root = "relative";
  BOOST_TEST(engine::rewrite_file(bad_root, seen).base.count.failed == 1U);
  BOOST_TEST(read_file(out) == "old");
}

BOOST_AUTO_TEST_CASE(what_is_no_collection_replaces_nothing_unless_it_is_meant) {
  temp_dir folder;
  recording_observer seen;
  const auto out = folder.write("out.xml", "old");
  auto task = task_of(folder.write("page.xml", "<html/>"), out);
  BOOST_TEST(engine::rewrite_file(task, seen).base.count.failed == 1U);
  BOOST_TEST((seen.items.back().why == reason::malformed));
  BOOST_TEST(seen.items.back().message.find("--allow-unmatched") != std::string::npos);
  BOOST_TEST(read_file(out) == "old");
  task.allow_unmatched = true;
  BOOST_TEST(engine::rewrite_file(task, seen).base.count.done == 1U);
  BOOST_TEST(read_file(out) == "<html/>");
}

BOOST_AUTO_TEST_CASE(a_dry_run_counts_only) {
  temp_dir folder;
  recording_observer seen;
  auto task = task_of(folder.write("in.xml", before), folder / "out.xml");
  task.dry_run = true;
  const auto how = engine::rewrite_file(task, seen);
  BOOST_TEST(how.base.count.planned == 1U);
  BOOST_TEST(how.base.count.done == 0U);
  BOOST_TEST(how.rewrite->rewritten == 1U);
  BOOST_TEST(!std::filesystem::exists(folder / "out.xml"));
}

BOOST_AUTO_TEST_CASE(it_ends_when_told_to_and_leaves_what_was_there) {
  temp_dir folder;
  recording_observer seen;
  const auto in = folder.write("in.xml", before);
  const auto out = folder.write("out.xml", "old");
  for (int looks = 0; looks < 3; ++looks) {
    int left = looks;
    const auto go_on = [&left] { return left-- > 0; };
    BOOST_TEST(engine::rewrite_file(task_of(in, out), seen, go_on).base.count.failed == 1U);
    BOOST_TEST((seen.items.back().why == reason::stopped));
  }
  BOOST_TEST(read_file(out) == "old");
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

BOOST_AUTO_TEST_CASE(what_a_killed_run_left_is_removed) {
  temp_dir folder;
  recording_observer seen;
  const auto in = folder.write("in.xml", before);
  folder.write(".beatsync-0123456789abcdef.part", "half");
  const auto mine = folder.write(".beatsync-notes.part", "mine");
  BOOST_TEST(engine::rewrite_file(task_of(in, in), seen).base.count.done == 1U);
  // It is so young that it may be another run's.
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 3);
  engine::posix_file_system files;
  const auto opened = files.open_root(folder.path().string());
  constexpr std::int64_t minute = 60'000'000'000;
  engine::remove_temporaries(**opened, engine::time_now_ns() + minute);
  BOOST_TEST(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
  BOOST_TEST(read_file(mine) == "mine");
}

BOOST_AUTO_TEST_CASE(a_device_is_not_replaced_by_a_file) {
  temp_dir folder;
  recording_observer seen;
  const auto in = folder.write("in.xml", before);
  std::filesystem::create_symlink("/dev/null", folder / "null");
  BOOST_TEST(engine::rewrite_file(task_of(in, folder / "null"), seen).base.count.failed == 1U);
  BOOST_TEST(std::filesystem::is_symlink(folder / "null"));
}

BOOST_AUTO_TEST_CASE(a_link_stays_one_and_what_it_leads_to_is_replaced) {
  namespace fs = std::filesystem;
  temp_dir folder;
  recording_observer seen;
  const auto in = folder.write("in.xml", before);
  const auto real = folder.write("real/out.xml", "old");
  fs::create_directories(folder / "links");
  fs::create_symlink("../real/out.xml", folder / "links/out.xml");
  fs::create_symlink(folder / "links/out.xml", folder / "links/again.xml");
  fs::create_symlink("../real/fresh.xml", folder / "links/dangling.xml");
  for (const std::string name : {"links/out.xml", "links/again.xml", "links/dangling.xml"}) {
    BOOST_TEST(engine::rewrite_file(task_of(in, folder / name), seen).base.count.done == 1U);
    BOOST_TEST(fs::is_symlink(folder / name), name);
    BOOST_TEST(read_file(folder / name) == after, name);
  }
  BOOST_TEST(read_file(real) == after);
  BOOST_TEST(std::distance(fs::directory_iterator(folder / "real"), {}) == 2);
  BOOST_TEST(std::distance(fs::directory_iterator(folder / "links"), {}) == 3);
}

BOOST_AUTO_TEST_CASE(what_a_process_has_open_is_no_place_for_a_file) {
  namespace fs = std::filesystem;
  temp_dir folder;
  recording_observer seen;
  const auto in = folder.write("in.xml", before);
  fs::create_symlink("/proc/self/fd/1", folder / "stdout");
  fs::create_symlink("stdout", folder / "again");
  fs::create_symlink("nowhere/out.xml", folder / "no folder");
  fs::create_symlink("circle", folder / "circle");
  for (const bool dry_run : {true, false}) {
    for (const std::string name : {"stdout", "again", "no folder", "circle"}) {
      auto task = task_of(in, folder / name);
      task.dry_run = dry_run;
      BOOST_TEST(engine::rewrite_file(task, seen).base.count.failed == 1U, name);
      BOOST_TEST((seen.items.back().why == reason::local_io), name);
      const bool told = seen.items.back().message.find("use -") != std::string::npos;
      BOOST_TEST(told == (name == "stdout" || name == "again"), seen.items.back().message);
      BOOST_TEST(fs::is_symlink(folder / name), name);
    }
  }
  BOOST_TEST(std::distance(fs::directory_iterator(folder.path()), {}) == 5);
}

BOOST_AUTO_TEST_SUITE_END()
