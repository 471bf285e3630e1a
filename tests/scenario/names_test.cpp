// Odd names, and things in a music folder that are no files.
#include "tests/scenario/library.hpp"
#include "tests/scenario/tree.hpp"
#include "tests/support/odd_names.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <set>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace beatsync;
using namespace beatsync::tests;
namespace fs = std::filesystem;

namespace {

/// name → reason of the items that were skipped or failed.
std::map<std::string, std::string> refused(const json_output& output) {
  std::map<std::string, std::string> found;
  for (const auto& item : output.items()) {
    if (item["result"] == "done") continue;
    const std::string& key = item["key"];
    found[key.substr(key.rfind('/') + 1)] = item["result"] + " " + item["reason"];
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(names)

BOOST_DATA_TEST_CASE(odd_names_travel_both_ways, all_tls_stores()) {
  tls_store* store = tls_store_of(sample);
  if (!store) return;
  const std::string bucket = store->fresh_bucket();
  dj anna(*store, bucket, "anna");
  for (const auto& name : odd_names()) {
    anna.add_track("odd/" + name, "<" + name + ">");
    anna.add_track("in " + name.substr(0, 60) + "/track.mp3", name);
  }
  const auto count = static_cast<std::int64_t>(2 * odd_names().size());
  const auto up = anna.run_json({"upload_music"});
  expect_exit(up.process, 0);
  BOOST_TEST(up.summary("upload_music").number("done") == count);

  dj bob(*store, bucket, "bob");
  const auto down = bob.run_json({"download_music"});
  expect_exit(down.process, 0);
  BOOST_TEST(down.summary("download_music").number("done") == count);
  BOOST_TEST(differences(read_tree(anna.library()), read_tree(bob.library())) == "");

  const auto again = anna.run_json({"upload_music", "download_music"});
  expect_exit(again.process, 0);
  BOOST_TEST(again.summary("upload_music").number("planned") == 0);
  BOOST_TEST(again.summary("download_music").number("planned") == 0);
}

BOOST_DATA_TEST_CASE(what_is_no_file_is_skipped_and_the_rest_done, all_tls_stores()) {
  tls_store* store = tls_store_of(sample);
  if (!store) return;
  const std::string bucket = store->fresh_bucket();
  dj anna(*store, bucket, "anna");
  anna.add_track("a first.mp3", "1");
  anna.add_track("z last.mp3", "2");
  const fs::path library = anna.library();
  BOOST_REQUIRE_EQUAL(::mkfifo((library / "fifo.mp3").c_str(), 0600), 0);
  fs::create_symlink("nowhere.mp3", library / "dangling.mp3");
  fs::create_directory_symlink("..", library / "loop");
  fs::create_symlink("a first.mp3", library / "link.mp3");  // followed: a third track
  write_text(library / "bad \xff utf8.mp3", "x");

  const auto up = anna.run_json({"upload_music"});
  expect_exit(up.process, 3);
  BOOST_TEST(up.summary("upload_music").number("done") == 3);
  BOOST_TEST(up.summary("upload_music").number("skipped") == 4);
  BOOST_TEST(up.summary("upload_music").number("failed") == 0);
  std::multiset<std::string> reasons;
  for (const auto& item : up.items()) {
    if (item["result"] == "skipped") reasons.insert(item["reason"]);
  }
  const std::multiset<std::string> expected = {"dangling_link", "invalid_name", "link_loop",
                                               "not_regular"};
  BOOST_TEST(reasons == expected, boost::test_tools::per_element());

  dj bob(*store, bucket, "bob");
  expect_exit(bob.run({"download_music"}), 0);
  const auto got = read_tree(bob.library());
  BOOST_TEST(got.size() == 3u);
  BOOST_TEST(got.at("link.mp3").content == "1");
}

// Root reads everything, so the program runs as nobody where the tests run as root.
BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_skipped) {
  tls_store* store = tls_store_of(tls_store_kind::strict);
  const std::string bucket = store->fresh_bucket();
  dj anna(*store, bucket, "anna");
  anna.add_track("fine.mp3", "1");
  anna.add_track("locked.mp3", "2");
  anna.add_track("locked folder/inside.mp3", "3");
  auto options = anna.command({"upload_music", "--json"});
  const fs::path ca = anna.home() / "ca.pem";
  fs::copy_file(store->ca_file, ca);
  for (auto& [name, value] : options.environment) {
    if (name == "AWS_CA_BUNDLE") value = ca.native();
  }
  if (::geteuid() == 0) {
    const std::vector<std::string> as_nobody = {"setpriv", "--reuid=65534", "--regid=65534",
                                                "--clear-groups", "--"};
    process_options probe;
    probe.command = as_nobody;
    probe.command.insert(probe.command.end(), {"test", "-x", BEATSYNC_PROGRAM});
    if (run_process(probe).exit_code != 0) {
      BOOST_TEST_MESSAGE("left out: user nobody cannot reach " BEATSYNC_PROGRAM);
      return;
    }
    options.command.insert(options.command.begin(), as_nobody.begin(), as_nobody.end());
    process_options hand_over;
    hand_over.command = {"chown", "-R", "65534:65534", anna.home().native()};
    BOOST_REQUIRE_EQUAL(run_process(hand_over).exit_code, 0);
  }
  fs::permissions(anna.library() / "locked.mp3", fs::perms::none);
  fs::permissions(anna.library() / "locked folder", fs::perms::none);

  const auto up = parse_json_lines(run_process(options));
  expect_exit(up.process, 3);
  BOOST_TEST(up.summary("upload_music").number("done") == 1);
  BOOST_TEST(up.summary("upload_music").number("skipped") == 2);
  for (const auto& item : up.items()) {
    if (item["result"] == "skipped") BOOST_TEST(item["reason"] == "unreadable");
  }
}

// Never outside the root, never one key over another.
BOOST_AUTO_TEST_CASE(only_our_own_leftovers_are_left_out) {
  tls_store& store = *tls_store_of(tls_store_kind::strict);
  const std::string bucket = store.fresh_bucket();
  dj anna(store, bucket, "anna");
  anna.add_track(".beatsync-notes.part", "mine");
  anna.add_track(".beatsync-old.part/track.mp3", "mine too");
  anna.add_track(".beatsync-0123456789abcdef.part", "half");
  expect_exit(anna.run({"upload_music"}), 0);
  // Too young to be removed.
  BOOST_TEST(fs::remove(anna.library() / ".beatsync-0123456789abcdef.part"));
  BOOST_TEST(read_tree(anna.library()).size() == 2U);
  dj bob(store, bucket, "bob");
  expect_exit(bob.run({"download_music"}), 0);
  BOOST_TEST(differences(read_tree(anna.library()), read_tree(bob.library())) == "");
}

BOOST_AUTO_TEST_CASE(hostile_keys_stay_in_the_bucket) {
  tls_store* store = tls_store_of(tls_store_kind::strict);
  const std::string bucket = store->fresh_bucket();
  auto& server = *store->strict();
  for (const char* name : {"../escape.txt", "a/../../escape.txt", "/absolute.txt", "./dot.txt",
                           "a//b.txt", "x/..", "ok.mp3"}) {
    server.put(bucket, std::string("dj/music/") + name, "x");
  }
  server.put(bucket, std::string("dj/music/nul\0byte.mp3", 22), "x");
  dj bob(*store, bucket, "bob");
  const auto surroundings = read_tree(bob.stick());
  const auto down = bob.run_json({"download_music"});
  expect_exit(down.process, 3);
  BOOST_TEST(down.summary("download_music").number("done") == 1);
  for (const auto& item : down.items()) {
    if (item["result"] == "done") continue;
    BOOST_TEST(item["result"] == "skipped");
    BOOST_TEST(item["reason"] == "hostile_name");
  }
  auto after = read_tree(bob.stick());
  BOOST_TEST(after.erase("DJ Music/ok.mp3") == 1u);
  BOOST_TEST(differences(surroundings, after) == "");
  BOOST_TEST(!fs::exists(bob.home() / "escape.txt"));
}

BOOST_AUTO_TEST_CASE(a_key_below_another_key_is_a_collision) {
  tls_store* store = tls_store_of(tls_store_kind::strict);
  const std::string bucket = store->fresh_bucket();
  store->strict()->put(bucket, "dj/music/a", "file");
  store->strict()->put(bucket, "dj/music/a/b", "below it");
  store->strict()->put(bucket, "dj/music/c", "after");
  dj bob(*store, bucket, "bob");
  const auto down = bob.run_json({"download_music"});
  expect_exit(down.process, 1);
  BOOST_TEST(down.summary("download_music").number("done") == 2);
  BOOST_TEST(down.summary("download_music").number("failed") == 1);
  for (const auto& [name, outcome] : refused(down)) BOOST_TEST(outcome == "failed collision", name);
}

// A link planted on the stick must not lead a download out of it.
BOOST_AUTO_TEST_CASE(downloads_never_write_through_a_link) {
  tls_store* store = tls_store_of(tls_store_kind::strict);
  const std::string bucket = store->fresh_bucket();
  store->strict()->put(bucket, "dj/music/planted/evil.mp3", "x");
  store->strict()->put(bucket, "dj/music/good/track.mp3", "x");
  dj bob(*store, bucket, "bob");
  const fs::path outside = bob.home() / "outside";
  fs::create_directory(outside);
  fs::create_directory_symlink(outside, bob.library() / "planted");
  const auto down = bob.run_json({"download_music"});
  BOOST_TEST((down.exit_code() == 1 || down.exit_code() == 3), down.process.err);
  BOOST_TEST(fs::is_empty(outside));
  BOOST_TEST(fs::exists(bob.library() / "good/track.mp3"));
}

// macOS lists NFD, the bucket may hold NFC: the same file.
BOOST_AUTO_TEST_CASE(both_unicode_forms_are_one_file) {
  tls_store* store = tls_store_of(tls_store_kind::strict);
  const std::string bucket = store->fresh_bucket();
  store->strict()->put(bucket, "dj/music/caf\u00e9/\u00fcber.mp3", "123");
  dj anna(*store, bucket, "anna");
  anna.add_track("cafe\u0301/u\u0308ber.mp3", "123");
  for (const char* operation : {"upload_music", "download_music"}) {
    const auto run = anna.run_json({operation});
    expect_exit(run.process, 0);
    BOOST_TEST(run.summary(operation).number("planned") == 0);
    BOOST_TEST(run.summary(operation).number("unchanged") == 1);
  }
}

BOOST_AUTO_TEST_CASE(names_are_escaped_for_the_terminal) {
  tls_store* store = tls_store_of(tls_store_kind::strict);
  const std::string bucket = store->fresh_bucket();
  dj anna(*store, bucket, "anna");
  anna.add_track("bell\a and \x1b[31mred.mp3", "x");
  const auto up = anna.run({"upload_music", "-v"});
  expect_exit(up, 0);
  for (const auto& text : {up.out, up.err}) {
    BOOST_TEST(text.find('\x1b') == std::string::npos);
    BOOST_TEST(text.find('\a') == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
