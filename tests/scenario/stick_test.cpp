// What a real exFAT stick makes of a library from a better file system.
#include "tests/scenario/dj.hpp"
#include "tests/scenario/library.hpp"
#include "tests/scenario/tree.hpp"
#include "tests/support/exfat_stick.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace beatsync;
using namespace beatsync::tests;

namespace {

boost::test_tools::assertion_result can_mount(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result result(why_no_exfat_stick().empty());
  result.message() << "left out: tests on an exFAT stick: " << why_no_exfat_stick();
  return result;
}

/// name, time in whole seconds (all that exFAT keeps), content.
std::vector<std::string> lines_of(const std::filesystem::path& library) {
  std::vector<std::string> lines;
  for (const auto& [name, entry] : read_tree(library)) {
    lines.push_back(name + " " + std::to_string(entry.mtime_ns / 1'000'000'000) + " " +
                    entry.content);
  }
  return lines;
}

struct on_exfat {
  tls_store& store = *tls_store_of(tls_store_kind::strict);
  std::string bucket = store.fresh_bucket();
  dj anna{store, bucket, "anna"};
  dj bob{store, bucket, "bob"};
  exfat_stick mounted;
  std::filesystem::path library = mounted.path() / "DJ Music";

  on_exfat() {
    store.strict()->clear_faults();
    std::filesystem::create_directory(library);
    bob.set("USB_PATH", mounted.path().native());
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(stick, *boost::unit_test::precondition(can_mount))

BOOST_FIXTURE_TEST_CASE(a_library_comes_whole_and_is_not_sent_again, on_exfat) {
  anna.add_track("House/Café 🎧 #1.mp3", "one");
  anna.add_track("House/Loose Ends (100%).mp3", "two");
  anna.add_track("Sets/long.wav", std::string(std::size_t{17} << 20U, 'x'));
  expect_exit(anna.run({"upload_music"}), 0);
  expect_exit(bob.run({"download_music"}), 0);
  BOOST_TEST(lines_of(library) == lines_of(anna.library()), boost::test_tools::per_element());
  const auto again = bob.run_json({"download_music", "upload_music"});
  expect_exit(again.process, 0);
  BOOST_TEST(again.items().empty());
}

BOOST_FIXTURE_TEST_CASE(names_it_merges_or_refuses_are_said_and_cost_no_bytes, on_exfat) {
  anna.add_track("House/Song.mp3", "two");
  anna.add_track("Techno/Song.mp3", "six");
  const std::string track(std::size_t{2} << 20U, 'x');  // worth not fetching for nothing
  anna.add_track("What?.mp3", track);
  anna.add_track("A: B.mp3", track);
  expect_exit(anna.run({"upload_music"}), 0);
  expect_exit(bob.run({"download_music"}), 3);  // two are skipped
  BOOST_TEST(lines_of(library).size() == 2U);

  anna.add_track("House/song.mp3", track);
  anna.add_track("techno", track);
  anna.add_track("house/New/track.mp3", track);
  expect_exit(anna.run({"upload_music"}), 0);
  store.strict()->clear_log();
  const auto down = bob.run_json({"download_music"});
  expect_exit(down.process, 1);
  std::vector<std::string> found;
  for (const auto& item : down.items()) {
    found.push_back(item["key"] + " " + item["result"] + " " + item["reason"]);
  }
  std::sort(found.begin(), found.end());
  const std::vector<std::string> expected = {
      "dj/music/A: B.mp3 skipped invalid_name",  "dj/music/House/song.mp3 failed collision",
      "dj/music/What?.mp3 skipped invalid_name", "dj/music/house/New/track.mp3 failed collision",
      "dj/music/techno failed collision",
  };
  BOOST_TEST(found == expected, boost::test_tools::per_element());
  for (const auto& request : store.strict()->requests()) {
    BOOST_TEST(request.operation == "ListObjectsV2");
  }
  BOOST_TEST(!has_leftovers(library));
  BOOST_TEST(!std::filesystem::exists(library / "House/New"));
}

BOOST_AUTO_TEST_SUITE_END()
