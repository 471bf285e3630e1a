// What takes part and who wins: include and exclude lists, dates, --overwrite, sync.
#include "tests/scenario/library.hpp"
#include "tests/scenario/tree.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::tests;
namespace fs = std::filesystem;

namespace {

struct on_strict {
  tls_store& store = *tls_store_of(tls_store_kind::strict);
  s3_server::server& server = *store.strict();
  std::string bucket = store.fresh_bucket();
  dj anna{store, bucket, "anna"};

  on_strict() { server.clear_faults(); }

  std::vector<std::string> keys_after(const std::vector<std::string>& arguments) {
    expect_exit(anna.run(arguments), 0);
    return server.keys(bucket);
  }
};

using list = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(choice)

BOOST_FIXTURE_TEST_CASE(include_lists_take_folders_and_files, on_strict) {
  anna.add_track("House/a.mp3", "1");
  anna.add_track("House/deep/b.mp3", "1");
  anna.add_track("Housework/c.mp3", "1");
  anna.add_track("Techno/d.mp3", "1");
  anna.add_track("single.mp3", "1");
  anna.config["UPLOAD_INCLUDE_DIRS"] = R"(["House", "single.mp3"])";
  const list expected = {"dj/music/House/a.mp3", "dj/music/House/deep/b.mp3",
                         "dj/music/single.mp3"};
  BOOST_TEST(keys_after({"upload_music"}) == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(exclude_lists_win_with_a_flag_over_the_config, on_strict) {
  anna.add_track("House/a.mp3", "1");
  anna.add_track("Techno/d.mp3", "1");
  anna.config["UPLOAD_EXCLUDE_DIRS"] = R"(["House"])";
  const list expected = {"dj/music/House/a.mp3"};
  BOOST_TEST(keys_after({"upload_music", "--upload-exclude-dirs", "Techno"}) == expected,
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(a_folder_named_like_a_glob_is_that_folder, on_strict) {
  anna.add_track("[Free] House/a.mp3", "1");
  anna.add_track("F House/b.mp3", "1");
  anna.config["UPLOAD_INCLUDE_DIRS"] = R"(["[Free] House"])";
  const list expected = {"dj/music/[Free] House/a.mp3"};
  BOOST_TEST(keys_after({"upload_music"}) == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(globs_stop_at_slashes, on_strict) {
  anna.add_track("a.wav", "1");
  anna.add_track("b.mp3", "1");
  anna.add_track("sub/c.wav", "1");
  anna.add_track("sub/d.mp3", "1");
  const list expected = {"dj/music/b.mp3", "dj/music/sub/c.wav", "dj/music/sub/d.mp3"};
  BOOST_TEST(keys_after({"upload_music", "--exclude", "*.wav"}) == expected,
             boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(an_entry_that_matches_nothing_is_a_warning, on_strict) {
  anna.add_track("House/a.mp3", "1");
  anna.config["UPLOAD_INCLUDE_DIRS"] = R"(["House", "Huose"])";
  const auto run = anna.run({"upload_music"});
  expect_exit(run, 0);
  BOOST_TEST(run.err.find("Huose") != std::string::npos, run.err);
}

// Excluded folders are not listed where that can be had.
BOOST_FIXTURE_TEST_CASE(download_lists_only_what_it_includes, on_strict) {
  server.put(bucket, "dj/music/House/a.mp3", "1");
  server.put(bucket, "dj/music/Techno/b.mp3", "1");
  anna.config["DOWNLOAD_INCLUDE_DIRS"] = R"(["House"])";
  server.clear_log();
  expect_exit(anna.run({"download_music"}), 0);
  const auto found = read_tree(anna.library());
  BOOST_TEST(found.size() == 1u);
  BOOST_TEST(found.contains("House/a.mp3"));
}

BOOST_FIXTURE_TEST_CASE(overwrite_makes_the_source_win, on_strict) {
  anna.add_track("one.mp3", "local, and longer");
  server.put(bucket, "dj/music/one.mp3", "remote");
  const auto down = anna.run_json({"download_music", "--overwrite"});
  expect_exit(down.process, 0);
  BOOST_TEST(read_file(anna.library() / "one.mp3") == "remote");
  BOOST_TEST(down.items().at(0)["reason"] == "differs");
}

BOOST_FIXTURE_TEST_CASE(with_dates_the_newer_wins, on_strict) {
  anna.config["AWS_USE_DATE_MODIFIED"] = "true";
  anna.add_track("mine is newer.mp3", "mine");
  anna.add_track("theirs is newer.mp3", "mine");
  s3_server::object_content old;
  old.body = "theirs, longer";
  old.metadata = {{"mtime", "1000000000.0"}};
  server.put(bucket, "dj/music/mine is newer.mp3", old);
  s3_server::object_content young = old;
  young.metadata = {{"mtime", "1900000000.25"}};
  server.put(bucket, "dj/music/theirs is newer.mp3", young);

  const auto up = anna.run_json({"upload_music"});
  expect_exit(up.process, 0);
  BOOST_TEST(up.items().size() == 1u);
  BOOST_TEST(up.items().at(0)["reason"] == "newer");
  BOOST_TEST(server.get(bucket, "dj/music/mine is newer.mp3")->body == "mine");
  BOOST_TEST(server.get(bucket, "dj/music/theirs is newer.mp3")->body == "theirs, longer");

  const auto down = anna.run_json({"download_music"});
  expect_exit(down.process, 0);
  BOOST_TEST(read_file(anna.library() / "theirs is newer.mp3") == "theirs, longer");
  BOOST_TEST(read_tree(anna.library()).at("theirs is newer.mp3").mtime_ns ==
             1'900'000'000'250'000'000);

  // Settled: the dates are remembered, a second run needs listings only.
  server.clear_log();
  const auto again = anna.run_json({"upload_music", "download_music"});
  expect_exit(again.process, 0);
  BOOST_TEST(again.items().empty());
}

BOOST_FIXTURE_TEST_CASE(dates_are_looked_up_once, on_strict) {
  anna.config["AWS_USE_DATE_MODIFIED"] = "true";
  for (int i = 0; i < 5; ++i) anna.add_track("track " + std::to_string(i), "same");
  expect_exit(anna.run({"upload_music"}), 0);
  expect_exit(anna.run({"upload_music"}), 0);  // may ask for the dates
  server.clear_log();
  const auto again = anna.run_json({"upload_music"});
  expect_exit(again.process, 0);
  BOOST_TEST(again.summary("upload_music").number("unchanged") == 5);
  const auto sums = server.sums();
  BOOST_TEST(sums["HeadObject"] == 0u);
  BOOST_TEST(sums["ListObjectsV2"] > 0u);
}

BOOST_DATA_TEST_CASE(sync_goes_both_ways, all_tls_stores()) {
  tls_store* there = tls_store_of(sample);
  if (!there) return;
  const std::string url = "s3://" + there->fresh_bucket() + "/backup";
  dj anna(*there, "unused-bucket", "anna");
  fill_library(anna);
  const auto source = anna.library().native();
  const auto up = anna.run_json({"sync", source, url});
  expect_exit(up.process, 0);
  BOOST_TEST(up.summary("sync").number("done") == 6);
  const fs::path target = anna.home() / "restored";
  const auto down = anna.run_json({"sync", url + "/", target.native() + "/"});
  expect_exit(down.process, 0);
  BOOST_TEST(differences(read_tree(anna.library()), read_tree(target)) == "");

  anna.add_track("loose.flac", "another length");  // the source wins
  const auto changed = anna.run_json({"sync", source, url});
  expect_exit(changed.process, 0);
  BOOST_TEST(changed.summary("sync").number("done") == 1);
  BOOST_TEST(changed.items().at(0)["reason"] == "differs");

  const auto kept = anna.run_json({"sync", url, target.native(), "--no-overwrite"});
  expect_exit(kept.process, 0);
  BOOST_TEST(kept.summary("sync").number("differs") == 1);
  const auto taken = anna.run_json({"sync", url, target.native()});
  expect_exit(taken.process, 0);
  BOOST_TEST(differences(read_tree(anna.library()), read_tree(target)) == "");

  for (const auto& arguments : {list{"sync", source, url}, list{"sync", url, target.native()}}) {
    const auto again = anna.run_json(arguments);
    expect_exit(again.process, 0);
    BOOST_TEST(again.summary("sync").number("planned") == 0);
  }
}

BOOST_FIXTURE_TEST_CASE(sync_registers_nobody_and_needs_no_config, on_strict) {
  anna.add_track("one.mp3", "1");
  const auto endpoint = json_string(store.url);
  anna.config.clear();
  anna.config["ENDPOINT_URL"] = endpoint;
  expect_exit(anna.run({"sync", anna.library().native(), "s3://" + bucket}), 0);
  BOOST_TEST(!fs::exists(anna.home() / "registered_users.json"));
  const list expected = {"one.mp3"};
  BOOST_TEST(server.keys(bucket) == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(sync_wants_a_folder_that_exists, on_strict) {
  expect_exit(anna.run({"sync", "/nowhere/at/all", "s3://" + bucket}), 2);
  write_text(anna.home() / "file", "x");
  expect_exit(anna.run({"sync", (anna.home() / "file").native(), "s3://" + bucket}), 2);
}

BOOST_AUTO_TEST_SUITE_END()
