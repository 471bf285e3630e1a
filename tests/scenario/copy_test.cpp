// `sync` between two places in a store: the store copies, nothing comes by here.
#include "tests/scenario/library.hpp"
#include "tests/scenario/tree.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>

using namespace beatsync;
using namespace beatsync::tests;
using list = std::vector<std::string>;

namespace {

struct on_strict {
  tls_store& store = *tls_store_of(tls_store_kind::strict);
  s3_server::server& server = *store.strict();
  std::string from = store.fresh_bucket();
  std::string to = store.fresh_bucket();
  dj anna{store, "unused-bucket", "anna"};

  on_strict() { server.clear_faults(); }

  json_output copy(list flags = {}) {
    list arguments = {"sync", "s3://" + from + "/music", "s3://" + to + "/copy"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return anna.run_json(arguments);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(copies)

BOOST_DATA_TEST_CASE(a_library_is_copied_with_its_times, all_tls_stores()) {
  tls_store* there = tls_store_of(sample);
  if (!there) return;
  const std::string one = there->fresh_bucket();
  dj anna(*there, "unused-bucket", "anna");
  fill_library(anna);
  expect_exit(anna.run({"sync", anna.library().native(), "s3://" + one + "/music"}), 0);

  const std::string other = "s3://" + there->fresh_bucket() + "/a b+c";
  int round = 0;
  for (const std::string& target : {other, "s3://" + one + "/same bucket"}) {
    const auto copied = anna.run_json({"sync", "s3://" + one + "/music", target});
    expect_exit(copied.process, 0);
    BOOST_TEST(copied.summary("sync").number("done") == 6);
    for (const auto& item : copied.items()) {
      BOOST_TEST(item["action"] == "copy");
      BOOST_TEST(!item.has("path"));
    }
    const auto back = anna.home() / ("back" + std::to_string(++round));
    expect_exit(anna.run({"sync", target, back.native()}), 0);
    BOOST_TEST(differences(read_tree(anna.library()), read_tree(back)) == "");

    const auto again = anna.run_json({"sync", "s3://" + one + "/music", target});
    expect_exit(again.process, 0);
    BOOST_TEST(again.summary("sync").number("planned") == 0);
    BOOST_TEST(again.summary("sync").number("unchanged") == 6);
  }

  anna.add_track("loose.flac", "another length");  // the source wins
  expect_exit(anna.run({"sync", anna.library().native(), "s3://" + one + "/music"}), 0);
  const auto kept = anna.run_json({"sync", "s3://" + one + "/music", other, "--no-overwrite"});
  expect_exit(kept.process, 0);
  BOOST_TEST(kept.summary("sync").number("differs") == 1);
  const auto taken = anna.run_json({"sync", "s3://" + one + "/music", other});
  expect_exit(taken.process, 0);
  BOOST_TEST(taken.summary("sync").number("done") == 1);
  BOOST_TEST(taken.items().at(0)["reason"] == "differs");
}

BOOST_FIXTURE_TEST_CASE(what_describes_an_object_goes_with_it, on_strict) {
  s3_server::object_content track;
  track.body = "bytes";
  track.content_type = "audio/flac";
  track.metadata = {{"artist", "Anna"}};
  server.put(from, "music/a.flac", track);
  expect_exit(copy().process, 0);
  const auto copied = server.get(to, "copy/a.flac");
  BOOST_TEST_REQUIRE(copied.has_value());
  BOOST_TEST(copied->body == "bytes");
  BOOST_TEST(copied->content_type == "audio/flac");
  bool has_artist = false;
  bool has_time = false;
  for (const auto& [name, value] : copied->metadata) {
    has_artist = has_artist || (name == "artist" && value == "Anna");
    has_time = has_time || name == "mtime";  // the source's LastModified
  }
  BOOST_TEST(has_artist);
  BOOST_TEST(has_time);
}

BOOST_FIXTURE_TEST_CASE(no_byte_comes_by_here, on_strict) {
  server.put(from, "music/a.mp3", std::string(300'000, 'x'));
  server.clear_log();
  expect_exit(copy().process, 0);
  const auto sums = server.sums();
  BOOST_TEST(sums["UploadPartCopy"] == 1u);
  BOOST_TEST(sums["CompleteMultipartUpload"] == 1u);
  BOOST_TEST(sums["GetObject"] == 0u);
  BOOST_TEST(sums["PutObject"] == 0u);
  BOOST_TEST(sums["CopyObject"] == 0u);
}

BOOST_FIXTURE_TEST_CASE(choice_and_dry_run, on_strict) {
  server.put(from, "music/House/a.mp3", "1");
  server.put(from, "music/Techno/b.wav", "1");
  server.put(from, "music/.DS_Store", "1");
  const auto dry = copy({"--dry-run", "--exclude", "**/*.wav"});
  expect_exit(dry.process, 0);
  BOOST_TEST(dry.items().size() == 1u);
  BOOST_TEST(server.keys(to).empty());
  expect_exit(copy({"--exclude", "**/*.wav"}).process, 0);
  const list expected = {"copy/House/a.mp3"};
  BOOST_TEST(server.keys(to) == expected, boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_copied_is_refused, on_strict) {
  const std::string a = "s3://" + from;
  for (const list& places : {list{a, a}, list{a + "/x", a + "/x/y"}, list{a + "/x/y", a}}) {
    const auto refused = anna.run({"sync", places[0], places[1]});
    expect_exit(refused, 2);
    BOOST_TEST(refused.err.find("within the other") != std::string::npos, refused.err);
  }
  const auto dates = anna.run({"sync", a, "s3://" + to, "--aws-use-date-modified"});
  expect_exit(dates, 2);
  expect_exit(anna.run({"sync", "s3://no-such-bucket-here", "s3://" + to}), 4);
}

// The answer names the upload; dropped, nobody could cancel it.
BOOST_FIXTURE_TEST_CASE(a_signal_while_uploads_are_begun_leaves_none, on_strict) {
  for (int i = 0; i < 30; ++i) server.put(from, "music/" + std::to_string(i), "bytes");
  s3_server::fault_rule rule;
  rule.operation = "CreateMultipartUpload";
  rule.times = 0;
  rule.action = s3_server::delay_answer(std::chrono::milliseconds(300));
  const auto slow = server.add_fault(rule);
  auto options = anna.command({"sync", "s3://" + from + "/music", "s3://" + to + "/copy"});
  options.signal = SIGTERM;
  options.signal_when = [&] { return server.fault_hits(slow) > 0; };
  const auto result = run_process(options);
  server.clear_faults();
  expect_exit(result, 143);
  BOOST_TEST(server.uploads(to).empty());
}

BOOST_AUTO_TEST_SUITE_END()
