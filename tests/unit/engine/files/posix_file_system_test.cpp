#include "engine/files/posix_file_system.hpp"

#include "engine/files/posix_beneath.hpp"
#include "engine/files/temporary_file.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

using namespace beatsync;
using namespace beatsync::engine;
namespace fs = std::filesystem;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

constexpr std::int64_t minute = 60'000'000'000;

struct open_library {
  tests::temp_dir dir;
  posix_file_system files;
  std::unique_ptr<folder> root;

  open_library() {
    auto opened = files.open_root(dir.path().string());
    BOOST_REQUIRE(opened);
    root = std::move(*opened);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_real_file_system, open_library)

BOOST_AUTO_TEST_CASE(writes_a_file_under_a_temporary_name_and_renames_it) {
  auto file = root->create_temporary("a.mp3");
  BOOST_REQUIRE(file);
  const std::string name = (*file)->name();
  BOOST_TEST(name.starts_with(".beatsync-"));
  BOOST_REQUIRE((*file)->reserve(1 << 20));
  BOOST_REQUIRE((*file)->write_at(5, bytes_of("world")));
  BOOST_REQUIRE((*file)->write_at(0, bytes_of("hello")));
  BOOST_REQUIRE((*file)->set_mtime(1'600'000'000'500'000'000));
  BOOST_REQUIRE((*file)->sync());
  BOOST_TEST((*file)->status()->size == 10U);  // what was set aside does not show
  BOOST_REQUIRE((*file)->close());
  BOOST_REQUIRE(root->rename(name, "final.mp3", replace::no));
  BOOST_REQUIRE(root->sync());
  BOOST_TEST(tests::read_file(dir / "final.mp3") == "helloworld");
  BOOST_TEST(root->status_of("final.mp3", links::no_follow)->mtime_ns == 1'600'000'000'500'000'000);
  BOOST_TEST(!root->status_of(name, links::no_follow));
}

BOOST_AUTO_TEST_CASE(a_leftover_is_removed_once_nobody_has_it) {
  auto file = root->create_temporary("a.mp3");
  BOOST_REQUIRE(file);
  const std::string name = (*file)->name();
  const auto later = time_now_ns() + 2 * minute;
  const auto busy = root->remove_leftover(name, later);
  BOOST_REQUIRE(!busy);
  BOOST_TEST(busy.error().code == EWOULDBLOCK);
  // Closed, and about to be renamed: after a slow fsync that may be long after the last change.
  BOOST_TEST((*file)->close().has_value());
  BOOST_TEST(root->remove_leftover(name, later).has_error());
  BOOST_TEST(root->status_of(name, links::no_follow).has_value());
  file->reset();  // as when the process is killed
  BOOST_TEST(root->remove_leftover(name, later).has_value());
  BOOST_TEST(!root->status_of(name, links::no_follow));
}

BOOST_AUTO_TEST_CASE(a_leftover_that_has_just_changed_stays_for_now) {
  dir.write(".beatsync-1.part", "half");  // locked by nobody, as on a share without locks
  const auto now = root->status_of(".beatsync-1.part", links::no_follow)->ctime_ns;
  for (const auto at : {now, now + minute - 1, now - minute + 1}) {
    const auto busy = root->remove_leftover(".beatsync-1.part", at);
    BOOST_REQUIRE(!busy);
    BOOST_TEST(busy.error().code == EWOULDBLOCK);
  }
  BOOST_TEST(root->remove_leftover(".beatsync-1.part", now + minute).has_value());
  // A clock that was set back in between.
  dir.write(".beatsync-2.part", "half");
  BOOST_TEST(root->remove_leftover(".beatsync-2.part", now - minute).has_value());
  BOOST_TEST(!root->status_of(".beatsync-2.part", links::no_follow));
}

BOOST_AUTO_TEST_CASE(closed_files_hold_no_more_descriptors_than_open_ones) {
  const auto open_descriptors = [] {
    return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
  };
  std::vector<std::unique_ptr<output_file>> group;
  for (int i = 0; i < 8; ++i) group.push_back(root->create_temporary("a.mp3").value());
  const auto open = open_descriptors();
  for (auto& file : group) BOOST_TEST(file->close().has_value());
  BOOST_TEST(open_descriptors() == open);
  for (auto& file : group) {
    BOOST_TEST(give_name(*root, file, "a.mp3", replace::yes).has_value());
  }
  BOOST_TEST(open_descriptors() == open - 8);
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_no_leftover) {
  dir.write("music", "music");
  fs::create_symlink("music", dir / ".beatsync-1.part");
  BOOST_REQUIRE(::mkfifo((dir / ".beatsync-2.part").c_str(), 0600) == 0);
  for (const auto* name : {".beatsync-1.part", ".beatsync-2.part"}) {
    const auto removed = root->remove_leftover(name, time_now_ns());
    BOOST_REQUIRE(!removed);
    BOOST_TEST(removed.error().code == EINVAL);
    BOOST_TEST(root->status_of(name, links::no_follow).has_value());
  }
  BOOST_TEST(root->remove_leftover(".beatsync-3.part", time_now_ns()).error().code == ENOENT);
  BOOST_TEST(tests::read_file(dir / "music") == "music");
}

BOOST_AUTO_TEST_CASE(a_full_disk_does_not_undo_a_lock) {
  const std::string full = "/dev/full";  // takes a lock, and no byte
  const auto mine = files.lock_file(full, "1234\n");
  BOOST_REQUIRE(mine.has_value());
  const auto second = files.lock_file(full, "1235\n");
  BOOST_REQUIRE(!second);
  BOOST_TEST(second.error().code == EWOULDBLOCK);
}

// Aligned and unaligned pieces meet in one file, around the cache and through it.
BOOST_AUTO_TEST_CASE(what_goes_around_the_cache_is_the_same_file) {
  constexpr std::size_t block = direct_io_alignment;
  constexpr std::size_t size = 64 * block + 1234;
  const std::unique_ptr<std::byte, decltype(&std::free)> memory(
      static_cast<std::byte*>(std::aligned_alloc(block, 65 * block)), &std::free);
  const std::span<std::byte> bytes(memory.get(), size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 2654435761U >> 13U);
  auto file = root->create_temporary("a.mp3");
  BOOST_REQUIRE(file);
  (*file)->bypass_cache();
  BOOST_REQUIRE((*file)->reserve(3 * size));
  BOOST_REQUIRE((*file)->write_at(64 * block, bytes));  // out of order, with a rest
  BOOST_REQUIRE((*file)->write_at(0, bytes.first(32 * block)));
  BOOST_REQUIRE((*file)->write_at(32 * block, bytes.subspan(32 * block, 31 * block)));
  BOOST_REQUIRE((*file)->write_at(63 * block, bytes.subspan(1, block)));  // not aligned in memory
  BOOST_REQUIRE((*file)->sync());
  BOOST_REQUIRE((*file)->close());
  BOOST_REQUIRE(root->rename((*file)->name(), "a.mp3", replace::no));
  const std::string_view all(reinterpret_cast<const char*>(memory.get()), size);
  const std::string expected =
      std::string(all.substr(0, 63 * block)).append(all.substr(1, block)).append(all);
  BOOST_TEST((tests::read_file(dir.path() / "a.mp3") == expected));
}

BOOST_AUTO_TEST_CASE(times_before_1970_are_set_too) {
  auto file = root->create_temporary("a.mp3");
  BOOST_REQUIRE(file);
  BOOST_REQUIRE((*file)->set_mtime(-1'500'000'000));
  BOOST_TEST((*file)->status()->mtime_ns == -1'500'000'000);
}

BOOST_AUTO_TEST_CASE(does_not_replace_unless_asked) {
  dir.write("old", "old");
  dir.write("new", "new");
  const auto refused = root->rename("new", "old", replace::no);
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().code == EEXIST);
  BOOST_TEST(tests::read_file(dir / "old") == "old");
  BOOST_REQUIRE(root->rename("new", "old", replace::yes));
  BOOST_TEST(tests::read_file(dir / "old") == "new");
}

BOOST_AUTO_TEST_CASE(reads_at_any_offset_and_up_to_the_end) {
  dir.write("x", "0123456789");
  auto file = root->open_file("x");
  BOOST_REQUIRE(file);
  std::array<std::byte, 4> buffer{};
  BOOST_TEST((*file)->read_at(3, buffer).value() == 4U);
  BOOST_TEST(std::memcmp(buffer.data(), "3456", 4) == 0);
  BOOST_TEST((*file)->read_at(8, buffer).value() == 2U);
  BOOST_TEST((*file)->read_at(10, buffer).value() == 0U);
  BOOST_TEST(((*file)->status()->kind == file_kind::regular));
}

// Which of them is the file system's to say.
BOOST_AUTO_TEST_CASE(reads_from_the_cache_what_it_has_or_says_that_it_would_wait) {
  dir.write("a.mp3", "0123456789");
  auto file = root->open_file("a.mp3");
  BOOST_REQUIRE(file);
  std::array<std::byte, 8> buffer{};
  const auto got = (*file)->read_cached(4, buffer);
  if (got.has_error()) {
    BOOST_TEST(got.error().code == EAGAIN);
  } else {
    BOOST_TEST(*got == 6U);
    BOOST_TEST(std::memcmp(buffer.data(), "456789", 6) == 0);
  }
}

BOOST_AUTO_TEST_CASE(opens_regular_files_only_and_never_hangs) {
  BOOST_REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  fs::create_directory(dir / "d");
  for (const auto* name : {"pipe", "d"}) {
    const auto refused = root->open_file(name);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().code == EINVAL, name);
  }
  BOOST_TEST(root->open_file("none").error().code == ENOENT);
}

BOOST_AUTO_TEST_CASE(makes_folders_beneath) {
  fs::create_directory(dir / "a");
  const auto made = root->make_beneath("a/b/c");
  BOOST_REQUIRE(made);
  BOOST_TEST(made->handle->path() == (dir / "a/b/c").string());
  BOOST_TEST(made->levels == 2U);
  BOOST_TEST(fs::is_directory(dir / "a/b/c"));
  BOOST_TEST(root->open_beneath("a/b").has_value());
  BOOST_TEST(root->make_beneath("a/b")->levels == 0U);
  BOOST_TEST(root->make_beneath("")->levels == 0U);
  BOOST_TEST(root->open_beneath("x/y").error().code == ENOENT);
}

BOOST_AUTO_TEST_CASE(describes_errors_for_people) {
  const auto refused = root->open_file("no\x1b[31mne");
  BOOST_REQUIRE(!refused);
  const auto text = describe(refused.error());
  BOOST_TEST(text.find("No such file") != std::string::npos, text);
  BOOST_TEST(text.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(small_files_of_our_own) {
  const auto path = (dir / "cache/deep/x.txt").string();
  BOOST_REQUIRE(files.make_folders((dir / "cache/deep").string()));
  BOOST_REQUIRE(files.make_folders((dir / "cache/deep").string()));
  BOOST_REQUIRE(files.replace_file(path, "one\n", readers::user_only));
  BOOST_REQUIRE(files.append_file(path, "two\n", readers::user_only));
  BOOST_TEST(files.read_file(path, 100).value() == "one\ntwo\n");
  BOOST_TEST(files.read_file(path, 7).error().code == EFBIG);
  struct stat s{};
  BOOST_REQUIRE(::stat(path.c_str(), &s) == 0);
  BOOST_TEST((s.st_mode & 0777) == 0600);
  BOOST_TEST(std::distance(fs::directory_iterator(dir / "cache/deep"), {}) == 1);
  dir.write("file", "x");
  BOOST_TEST(files.make_folders((dir / "file/x").string()).error().code == ENOTDIR);
}

BOOST_AUTO_TEST_CASE(who_may_read_them) {
  const auto mode_of = [&](const char* name) {
    struct stat s{};
    BOOST_REQUIRE(::stat((dir / name).c_str(), &s) == 0);
    return s.st_mode & 0777U;
  };
  const auto path = [&](const char* name) { return (dir / name).string(); };
  const mode_t before = ::umask(002);
  BOOST_REQUIRE(files.replace_file(path("replaced"), "1", readers::by_umask));
  BOOST_REQUIRE(files.append_file(path("appended"), "1", readers::by_umask));
  BOOST_REQUIRE(files.append_file(path("cache"), "1", readers::user_only));
  BOOST_REQUIRE(files.lock_file(path("lock"), "1"));
  ::umask(before);
  BOOST_TEST(mode_of("replaced") == 0664U);
  BOOST_TEST(mode_of("appended") == 0664U);
  BOOST_TEST(mode_of("cache") == 0600U);
  BOOST_TEST(mode_of("lock") == 0600U);
}

BOOST_AUTO_TEST_CASE(locks_exclude_each_other) {
  const auto path = (dir / "lock").string();
  auto first = files.lock_file(path, "1\n");
  BOOST_REQUIRE(first);
  BOOST_TEST(files.lock_file(path, "2\n").error().code == EWOULDBLOCK);
  BOOST_TEST(tests::read_file(path) == "1\n");
  first->reset();
  BOOST_TEST(files.lock_file(path, "3\n").has_value());
}

BOOST_AUTO_TEST_CASE(knows_the_free_space) { BOOST_TEST(root->free_space().value() > 0U); }

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(access_beneath_a_folder, open_library)

BOOST_AUTO_TEST_CASE(never_leaves_it_and_never_follows_a_link) {
  const tests::temp_dir outside;
  outside.write("inner/x", "untouched");
  fs::create_directory_symlink(outside.path(), dir / "planted");
  fs::create_directory(dir / "d");
  fs::create_directory_symlink("..", dir / "d/up");
  fs::create_directory_symlink("d", dir / "inside");
  dir.write("file", "x");

  const int root_fd = ::open(dir.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  BOOST_REQUIRE(root_fd >= 0);
  const unique_fd closer(root_fd);
  for (const auto how : {resolution::automatic, resolution::by_hand}) {
    for (const bool make : {false, true}) {
      const auto code_of = [&](std::string_view path) {
        int code = 0;
        std::size_t made = 0;
        return open_folder_beneath(root_fd, path, make ? &made : nullptr, code, how) ? 0 : code;
      };
      BOOST_TEST(code_of("d") == 0);
      BOOST_TEST(code_of("") == 0);
      BOOST_TEST(code_of("planted") == ELOOP);
      BOOST_TEST(code_of("planted/inner") == ELOOP);
      BOOST_TEST(code_of("planted/new") == ELOOP);
      BOOST_TEST(code_of("d/up") == ELOOP);
      BOOST_TEST(code_of("inside/new") == ELOOP);
      BOOST_TEST(code_of("file") == ENOTDIR);
      BOOST_TEST(code_of("file/x") == ENOTDIR);
      for (const auto* path : {"..", "../x", "d/../..", "d/..", ".", "./d", "/etc", "d//x", "d/"}) {
        BOOST_TEST(code_of(path) == EXDEV, path);
      }
      BOOST_TEST(code_of(std::string_view("d\0x", 3)) == EXDEV);
      BOOST_TEST(code_of("new-" + std::to_string(static_cast<int>(how)) + "/deep") ==
                 (make ? 0 : ENOENT));
    }
  }
  BOOST_TEST(std::distance(fs::directory_iterator(outside.path()), {}) == 1);
  BOOST_TEST(fs::is_directory(dir / "new-0/deep"));
  BOOST_TEST(fs::is_directory(dir / "new-1/deep"));
}

BOOST_AUTO_TEST_SUITE_END()
