#include "engine/difference/local_scan.hpp"

#include "engine/files/posix_file_system.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace beatsync;
using namespace beatsync::engine;

namespace {

struct seen {
  std::vector<std::string> names;  ///< `path`, `path !reason` of odd ones, in the order of the scan
  std::vector<std::string> stale;
  std::string stopped;
};

seen scan(file_system& files, const std::string& root, const selection& names = {},
          const key_range& range = {}, std::size_t prefix_size = 9) {
  seen all;
  auto opened = files.open_root(root);
  BOOST_REQUIRE(opened);
  local_scan walk(files, **opened, root, selection_filter(names), range, prefix_size);
  local_batch batch;
  do {
    if (const auto status = walk.next(batch); !status) {
      all.stopped = status.error().message;
      return all;
    }
    for (const auto& e : batch.entries) {
      std::string text(batch.path_of(e));
      if (e.kind != local_kind::file) text += " !" + std::string(name_of(e.why));
      all.names.push_back(std::move(text));
    }
    all.stale.insert(all.stale.end(), batch.stale_temporaries.begin(),
                     batch.stale_temporaries.end());
  } while (!batch.last);
  return all;
}

using names = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(local_scans)

BOOST_AUTO_TEST_CASE(yield_names_in_the_order_of_keys) {
  tests::memory_file_system files;
  const names wanted = {"a b",     "a!",       "a-",     "a.txt",        "a/x",
                        "a/x.y/z", "a/x/y",    "a0",     "ab",           "b",
                        "\u00e9",  "\u4e2d/x", "\uff5e", "\U0001F3A7/1", "\U0001F3A8"};
  for (const auto& name : wanted) {
    if (name != "a/x/y") files.add_file("/lib/" + name, "1");
  }
  files.erase("/lib/a/x");
  files.add_file("/lib/a/x/y", "1");
  names expected = wanted;
  std::erase(expected, "a/x");
  BOOST_TEST(std::ranges::is_sorted(expected));
  BOOST_TEST(scan(files, "/lib").names == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(work_where_listings_do_not_tell_kinds) {
  tests::memory_file_settings settings;
  settings.hides_kinds = true;
  tests::memory_file_system files(settings);
  files.add_file("/lib/d/x", "1");
  files.add_file("/lib/d.x", "1");
  files.add_special("/lib/pipe", file_kind::fifo);
  BOOST_TEST(scan(files, "/lib").names == (names{"d.x", "d/x", "pipe !not_regular"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(drop_junk_silently_and_name_leftovers) {
  tests::memory_file_system files;
  for (const auto* name : {"._a.mp3", ".DS_Store", ".Trashes/501/x", "a.mp3", "d/Thumbs.db",
                           "d/.beatsync-0123456789abcdef.part", "d/b.mp3"}) {
    files.add_file("/lib/" + std::string(name), "1");
  }
  const auto all = scan(files, "/lib");
  BOOST_TEST(all.names == (names{"a.mp3", "d/b.mp3"}), boost::test_tools::per_element());
  BOOST_TEST(all.stale == names{"d/.beatsync-0123456789abcdef.part"},
             boost::test_tools::per_element());
}

// What is no file, or is named a little differently, was not made by us.
BOOST_AUTO_TEST_CASE(leave_alone_what_only_looks_like_a_leftover) {
  for (const bool hides_kinds : {false, true}) {
    tests::memory_file_settings settings;
    settings.hides_kinds = hides_kinds;
    tests::memory_file_system files(settings);
    files.add_file("/lib/.beatsync-notes.part", "1");
    files.add_file("/lib/.beatsync-0000000000000001.part/x.mp3", "1");
    files.add_special("/lib/.beatsync-0000000000000002.part", file_kind::fifo);
    files.add_link("/lib/.beatsync-0000000000000003.part", ".beatsync-notes.part");
    files.add_file("/lib/.beatsync-0000000000000004.part", "half");
    const auto all = scan(files, "/lib");
    BOOST_TEST(all.names ==
                   (names{".beatsync-0000000000000001.part/x.mp3",
                          ".beatsync-0000000000000002.part !not_regular", ".beatsync-notes.part"}),
               boost::test_tools::per_element());
    BOOST_TEST(all.stale == names{".beatsync-0000000000000004.part"},
               boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(do_not_look_into_excluded_folders) {
  tests::memory_file_system files;
  for (const auto* name : {"keep/a", "skip/deep/b", "x/skip/c"}) {
    files.add_file("/lib/" + std::string(name), "1");
  }
  selection chosen;
  chosen.exclude_dirs = {"skip", "x/*"};
  BOOST_TEST(scan(files, "/lib", chosen).names == names{"keep/a"},
             boost::test_tools::per_element());
  for (const auto& e : files.events()) {
    BOOST_TEST((e.path.find("skip") == std::string::npos || e.operation == "status_of"), e.path);
  }
}

BOOST_AUTO_TEST_CASE(keep_to_their_range) {
  tests::memory_file_system files;
  const names all = {"a/1", "a/2", "b", "c.x", "c/1", "c/2", "c0", "d/1"};
  for (const auto& name : all) files.add_file("/lib/" + name, "1");
  for (const std::string after : {"", "a", "a/", "a/1", "b", "c/", "c/1", "c/2", "c/3", "z"}) {
    for (const std::string until : {"", "a/1", "a/2", "b", "c", "c/", "c/1", "c0", "cz"}) {
      key_range range;
      range.after = after;
      range.until = until;
      names expected;
      std::ranges::copy_if(all, std::back_inserter(expected),
                           [&](const std::string& n) { return range.contains(n); });
      BOOST_TEST_CONTEXT("(" << after << ", " << until << "]") {
        BOOST_TEST(scan(files, "/lib", {}, range).names == expected,
                   boost::test_tools::per_element());
      }
    }
  }
  key_range range;
  range.after = "c/1";
  range.until = "c/2";
  const auto before = files.count("list");
  scan(files, "/lib", {}, range);
  BOOST_TEST(files.count("list") - before == 2U);  // the root and c, not a and d
}

BOOST_AUTO_TEST_CASE(follow_links_and_see_loops) {
  tests::memory_file_system files;
  files.add_file("/lib/d/x", "1");
  files.add_file("/elsewhere/y", "1");
  files.add_link("/lib/a", "/elsewhere");
  files.add_link("/lib/f", "d/x");
  files.add_link("/lib/d/up", "..");
  files.add_link("/lib/gone", "nowhere");
  files.add_link("/lib/self", "self");
  BOOST_TEST(scan(files, "/lib").names == (names{"a/y", "d/up/ !link_loop", "d/x", "f",
                                                 "gone !dangling_link", "self !link_loop"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(name_what_cannot_be_a_key) {
  tests::memory_file_system files;
  const std::string deep(250, 'd');
  files.add_file("/lib/\xff.mp3", "1");
  files.add_file("/lib/\xfe/never/seen", "1");
  files.add_file("/lib/" + deep + "/" + deep + "/" + deep + "/" + deep + "/x", "1");
  files.add_file("/lib/" + deep + "/" + deep + "/" + deep + "/" + deep + "/" + deep + "/y", "1");
  files.add_file("/lib/ok", "1");
  const auto all = scan(files, "/lib", {}, {}, 19);
  const auto prefix = deep + "/" + deep + "/" + deep + "/" + deep + "/";
  BOOST_TEST(all.names == (names{prefix + deep + "/ !invalid_name", prefix + "x", "ok",
                                 "\xfe/ !invalid_name", "\xff.mp3 !invalid_name"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_unreadable_folder_is_not_an_empty_one) {
  tests::memory_file_system files;
  files.add_file("/lib/a/x", "1");
  files.add_file("/lib/b/y", "1");
  files.set_script([](const tests::fs_event& e) {
    return e.operation == "open_folder" && e.path == "/lib/a" ? EACCES : 0;
  });
  BOOST_TEST(scan(files, "/lib").names == (names{"a/ !unreadable", "b/y"}),
             boost::test_tools::per_element());
  files.set_script([](const tests::fs_event& e) {
    return e.operation == "list" && e.path == "/lib/a" ? EIO : 0;
  });
  BOOST_TEST(scan(files, "/lib").names == (names{"a/ !unreadable", "b/y"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_file_that_vanishes_is_forgotten) {
  tests::memory_file_system files;
  files.add_file("/lib/a", "1");
  files.add_file("/lib/b", "1");
  files.set_script([](const tests::fs_event& e) {
    return e.operation == "status_of" && e.path == "/lib/a" ? ENOENT : 0;
  });
  const auto all = scan(files, "/lib");
  BOOST_TEST(all.names == names{"b"}, boost::test_tools::per_element());
  BOOST_TEST(all.stopped.empty());
}

BOOST_AUTO_TEST_CASE(a_drive_that_goes_away_stops_them) {
  for (const int code : {EIO, ENODEV, ENOTCONN, ESTALE, ENOENT}) {
    tests::memory_file_system files;
    files.add_file("/lib/a/x", "1");
    files.add_file("/lib/b/y", "1");
    bool gone = false;
    files.set_script([&gone, code](const tests::fs_event& e) {
      if (e.path == "/lib/b") gone = true;
      return gone ? code : 0;
    });
    const auto all = scan(files, "/lib");
    BOOST_TEST(all.stopped.find("/lib") != std::string::npos, all.stopped);
  }
}

BOOST_AUTO_TEST_CASE(another_drive_in_the_same_place_stops_them) {
  tests::memory_file_system files;
  files.add_file("/lib/a/x", "1");
  files.set_script([&files](const tests::fs_event& e) {
    if (e.operation == "status_of" && e.path == "/lib/a/x") files.exchange("/lib");
    return 0;
  });
  BOOST_TEST(scan(files, "/lib").stopped.find("exchanged") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unreadable_root_stops_them) {
  tests::memory_file_system files;
  files.add_file("/lib/a", "1");
  files.set_script([](const tests::fs_event& e) { return e.operation == "list" ? EACCES : 0; });
  const auto all = scan(files, "/lib");
  BOOST_TEST(!all.stopped.empty());
  BOOST_TEST(all.names.empty());
}

BOOST_AUTO_TEST_CASE(no_handles_left_stops_them) {
  tests::memory_file_system files;
  files.add_file("/lib/a/x", "1");
  files.set_script(
      [](const tests::fs_event& e) { return e.operation == "open_folder" ? EMFILE : 0; });
  BOOST_TEST(scan(files, "/lib").stopped.find("ulimit") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(every_single_failure_is_named_or_stops_them) {
  // Fails each operation of the scan in turn, with each errno: no name may get lost silently.
  const names all = {"a/x", "b", "c/d/y", "l", "z"};
  const auto fill = [](tests::memory_file_system& files) {
    for (const auto* name : {"a/x", "b", "c/d/y", "z"}) {
      files.add_file("/lib/" + std::string(name), "1");
    }
    files.add_link("/lib/l", "b");
  };
  for (const int code : {EIO, EACCES, ENOMEM, ELOOP, ENAMETOOLONG, EMFILE}) {
    for (std::uint64_t broken = 2;; ++broken) {  // the first one is opening the root
      tests::memory_file_system files;
      fill(files);
      files.set_script([&](const tests::fs_event& e) { return e.number == broken ? code : 0; });
      const auto found = scan(files, "/lib");
      if (files.events().size() < broken) break;
      BOOST_TEST_CONTEXT("errno " << code << " at operation " << broken) {
        if (!found.stopped.empty()) continue;
        for (const auto& name : all) {
          const bool known = std::ranges::any_of(found.names, [&](const std::string& n) {
            const auto odd = n.find(" !");
            return n == name || (odd != std::string::npos && name.starts_with(n.substr(0, odd)));
          });
          BOOST_TEST(known, name);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(local_scans_of_real_folders)

BOOST_AUTO_TEST_CASE(name_everything_odd_and_hang_on_nothing) {
  const tests::temp_dir dir;
  const auto at = [&dir](const char* name) { return (dir / name).string(); };
  dir.write("a.mp3", "1");
  dir.write("d/b.mp3", "12");
  dir.write("\xff.mp3", "1");
  BOOST_REQUIRE(::mkfifo(at("pipe.mp3").c_str(), 0600) == 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto socket_path = at("s");
  BOOST_REQUIRE(socket_path.size() < sizeof address.sun_path);
  socket_path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  BOOST_REQUIRE(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  std::filesystem::create_symlink("nowhere", at("dangling"));
  std::filesystem::create_symlink("..", at("d/loop"));
  std::filesystem::create_symlink("me", at("me"));
  std::filesystem::create_symlink("a.mp3", at("link.mp3"));
  dir.write("locked/x", "1");
  const bool guarded = ::geteuid() != 0;
  if (guarded) std::filesystem::permissions(at("locked"), std::filesystem::perms::none);

  posix_file_system files;
  const auto all = scan(files, dir.path().string());
  if (guarded) std::filesystem::permissions(at("locked"), std::filesystem::perms::owner_all);
  ::close(socket);
  BOOST_TEST(all.stopped.empty(), all.stopped);
  BOOST_TEST(
      all.names == (names{"a.mp3", "d/b.mp3", "d/loop/ !link_loop", "dangling !dangling_link",
                          "link.mp3", guarded ? "locked/ !unreadable" : "locked/x", "me !link_loop",
                          "pipe.mp3 !not_regular", "s !not_regular", "\xff.mp3 !invalid_name"}),
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tell_sizes_and_times) {
  const tests::temp_dir dir;
  dir.write("x", "12345");
  const timespec times[2] = {{0, UTIME_OMIT}, {1'600'000'000, 123'456'789}};
  BOOST_REQUIRE(::utimensat(AT_FDCWD, (dir / "x").c_str(), times, 0) == 0);
  posix_file_system files;
  auto root = files.open_root(dir.path().string());
  BOOST_REQUIRE(root);
  local_scan walk(files, **root, dir.path().string(), selection_filter(selection()), key_range(),
                  0);
  local_batch batch;
  BOOST_REQUIRE(walk.next(batch));
  BOOST_REQUIRE(batch.entries.size() == 1U);
  BOOST_TEST(batch.entries[0].size == 5U);
  BOOST_TEST(batch.entries[0].mtime_ns == 1'600'000'000'123'456'789);
  BOOST_TEST(batch.last);
}

BOOST_AUTO_TEST_CASE(leave_alone_what_this_run_is_writing) {
  const tests::temp_dir dir;
  dir.write(".beatsync-0123456789abcdef.part", "left by another run");
  posix_file_system files;
  auto root = files.open_root(dir.path().string());
  BOOST_REQUIRE(root);
  auto writing = (*root)->create_temporary("a.mp3");
  BOOST_REQUIRE(writing);
  const auto all = scan(files, dir.path().string());
  BOOST_TEST(all.names.empty());
  BOOST_TEST(all.stale == names{".beatsync-0123456789abcdef.part"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(come_in_batches) {
  const tests::temp_dir dir;
  for (int i = 0; i < 1'050; ++i) dir.write(std::to_string(i), "");
  posix_file_system files;
  auto root = files.open_root(dir.path().string());
  BOOST_REQUIRE(root);
  local_scan walk(files, **root, dir.path().string(), selection_filter(selection()), key_range(),
                  0);
  local_batch batch;
  BOOST_REQUIRE(walk.next(batch));
  BOOST_TEST(batch.entries.size() == 1'000U);
  BOOST_TEST(!batch.last);
  BOOST_REQUIRE(walk.next(batch));
  BOOST_TEST(batch.entries.size() == 50U);
  BOOST_TEST(batch.last);
}

BOOST_AUTO_TEST_SUITE_END()
