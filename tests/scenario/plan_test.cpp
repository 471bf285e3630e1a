// plan, apply, status: what was reviewed is what happens, on one machine or many.
#include "tests/scenario/library.hpp"
#include "tests/scenario/tree.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <fstream>

#include <signal.h>

using namespace beatsync;
using namespace beatsync::tests;
namespace fs = std::filesystem;
using list = std::vector<std::string>;

namespace {

struct planned {
  dj& who;
  std::string where;
  int shards;

  void plan(const std::string& source, const std::string& target, int items) {
    const auto made =
        who.run_json({"plan", source, target, "--shards", std::to_string(shards), "--out", where});
    expect_exit(made.process, 0);
    BOOST_TEST(made.summary("plan").number("planned") == items);
    BOOST_TEST(made.summary("plan").number("done") == 0);
    BOOST_TEST(made.summary("plan").number("plan.items") == items);
    BOOST_TEST(made.summary("plan").number("plan.shards") == shards);
  }

  /// All shards; the sum of one field of their summaries.
  std::int64_t apply(const std::string& field, int code = 0) {
    std::int64_t sum = 0;
    for (int shard = 0; shard < shards; ++shard) {
      const auto done = who.run_json({"apply", where, "--shard", std::to_string(shard)});
      expect_exit(done.process, code);
      sum += done.summary("apply").number(field);
    }
    return sum;
  }

  json_output status(int code) {
    const auto told = who.run_json({"status", where});
    expect_exit(told.process, code);
    return told;
  }
};

/// A plan of one shard, from a library with one track.
struct one_track {
  tls_store& store = *tls_store_of(tls_store_kind::strict);
  s3_server::server& server = *store.strict();
  std::string bucket = store.fresh_bucket();
  dj anna{store, bucket, "anna"};
  std::string url = "s3://" + bucket + "/music";
  planned the_plan{anna, (anna.home() / "plan").native(), 1};
  fs::path manifest = anna.home() / "plan" / "shard-00000.jsonl";

  one_track() {
    server.clear_faults();
    anna.add_track("a.mp3", "bytes");
  }

  void plan_up() { the_plan.plan(anna.library().native(), url, 1); }

  process_result apply() { return anna.run({"apply", manifest.native()}); }

  json_output apply_json(int code) {
    const auto done = anna.run_json({"apply", manifest.native()});
    expect_exit(done.process, code);
    return done;
  }

  /// The manifest with one text in place of another.
  void tamper(const std::string& from, const std::string& to) {
    std::string text = read_file(manifest);
    const auto at = text.find(from);
    BOOST_TEST_REQUIRE(at != std::string::npos, text);
    write_text(manifest, text.replace(at, from.size(), to));
  }

  void expect_refusal(const std::string& words) {
    const auto refused = apply();
    expect_exit(refused, 2);
    BOOST_TEST(refused.err.find(words) != std::string::npos, refused.err);
    BOOST_TEST(server.keys(bucket).empty());
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(plans)

BOOST_DATA_TEST_CASE(up_copied_and_down_again, all_tls_stores()) {
  tls_store* there = tls_store_of(sample);
  if (!there) return;
  dj anna(*there, "unused-bucket", "anna");
  fill_library(anna);
  const std::string first = "s3://" + there->fresh_bucket() + "/music";
  const std::string second = "s3://" + there->fresh_bucket() + "/copy";
  const std::string back = (anna.home() / "back").native();
  const std::string jobs = "s3://" + there->fresh_bucket();
  const std::vector<std::pair<list, std::string>> steps = {
      {{anna.library().native(), first}, (anna.home() / "plan").native()},
      {{first, second}, jobs + "/plan 2"},
      {{second, back}, jobs + "/plan-3"}};
  for (const auto& [places, where] : steps) {
    planned step{anna, where, 3};
    step.plan(places[0], places[1], 6);
    const auto before = step.status(1);
    BOOST_TEST(before.of("shard").size() == 3u);
    BOOST_TEST(before.summary("status").number("plan.missing") == 3);
    BOOST_TEST(step.apply("done") == 6);
    const auto after = step.status(0);
    BOOST_TEST(after.summary("status").number("plan.done") == 3);
    BOOST_TEST(after.summary("status").number("done") == 6);

    // Applying twice does nothing the second time.
    BOOST_TEST(step.apply("unchanged") == 6);
    const auto again = step.status(0);
    BOOST_TEST(again.summary("status").number("done") == 0);
    BOOST_TEST(again.summary("status").number("unchanged") == 6);
    BOOST_TEST(again.summary("status").number("bytes_in_place") ==
               after.summary("status").number("bytes"));
    expect_exit(anna.run({"plan", places[0], places[1], "--shards", "2", "--out", where}), 2);
  }
  BOOST_TEST(differences(read_tree(anna.library()), read_tree(back)) == "");

  // Names on both sides that differ, through all three kinds.
  anna.add_track("loose.flac", "another length");
  int round = 3;
  for (const auto& [places, where] : steps) {
    planned step{anna, where.substr(0, where.rfind('/')) + "/again" + std::to_string(++round), 2};
    step.plan(places[0], places[1], 1);
    BOOST_TEST(step.apply("done") == 1);
    BOOST_TEST(step.apply("unchanged") == 1);
  }
  BOOST_TEST(differences(read_tree(anna.library()), read_tree(back)) == "");
}

BOOST_FIXTURE_TEST_CASE(a_plan_moves_nothing_and_is_balanced, one_track) {
  for (int i = 0; i < 40; ++i) {
    anna.add_track("track " + std::to_string(i), std::string(static_cast<std::size_t>(i) * 9, 'x'));
  }
  planned four{anna, the_plan.where, 4};
  four.plan(anna.library().native(), url, 41);
  BOOST_TEST(server.keys(bucket).empty());
  for (int shard = 0; shard < 4; ++shard) {
    std::ifstream file(anna.home() / "plan" / ("shard-0000" + std::to_string(shard) + ".jsonl"));
    int lines = 0;
    for (std::string line; std::getline(file, line);) ++lines;
    BOOST_TEST(lines >= 12);  // 10 or 11 items, the header and the end
    BOOST_TEST(lines <= 13);
  }
}

BOOST_FIXTURE_TEST_CASE(a_changed_source_fails, one_track) {
  plan_up();
  anna.add_track("a.mp3", "other");  // of the same size
  const auto done = apply_json(1);
  BOOST_TEST(done.items().at(0)["reason"] == "changed");
  BOOST_TEST(server.keys(bucket).empty());
  const auto told = the_plan.status(1);
  BOOST_TEST(told.of("shard").at(0)["state"] == "failed");
}

BOOST_FIXTURE_TEST_CASE(a_target_that_came_meanwhile_is_left, one_track) {
  plan_up();
  server.put(bucket, "music/a.mp3", "their");  // of the same size
  const auto done = apply_json(1);
  BOOST_TEST(done.items().at(0)["result"] == "failed");
  BOOST_TEST(done.items().at(0)["reason"] == "differs");
  BOOST_TEST(server.get(bucket, "music/a.mp3")->body == "their");
}

BOOST_FIXTURE_TEST_CASE(a_target_that_was_changed_is_left, one_track) {
  server.put(bucket, "music/a.mp3", "older, and longer");
  plan_up();
  server.put(bucket, "music/a.mp3", "changed meanwhile");
  const auto done = apply_json(1);
  BOOST_TEST(done.items().at(0)["reason"] == "changed");
  BOOST_TEST(server.get(bucket, "music/a.mp3")->body == "changed meanwhile");
}

BOOST_FIXTURE_TEST_CASE(downloads_are_held_to_the_plan, one_track) {
  server.put(bucket, "music/a.mp3", "older, and longer");
  server.put(bucket, "music/b.mp3", "new");
  the_plan.plan(url, anna.library().native(), 2);
  server.put(bucket, "music/b.mp3", "wen");
  anna.add_track("a.mp3", "mine!");  // another time than the plan saw
  const auto done = apply_json(1);
  BOOST_TEST(done.summary("apply").number("failed") == 2);
  BOOST_TEST(read_file(anna.library() / "a.mp3") == "mine!");
  BOOST_TEST(!fs::exists(anna.library() / "b.mp3"));
}

BOOST_FIXTURE_TEST_CASE(copies_are_held_to_the_plan, one_track) {
  const std::string other = store.fresh_bucket();
  server.put(bucket, "music/changed", "first");
  server.put(bucket, "music/gone", "first");
  server.put(bucket, "music/there", "first");
  server.put(bucket, "music/fine", "first");
  the_plan.plan(url, "s3://" + other, 4);
  server.put(bucket, "music/changed", "other");
  server.erase(bucket, "music/gone");
  server.put(other, "there", "theirs");
  const auto done = apply_json(1);
  BOOST_TEST(done.summary("apply").number("failed") == 3);
  BOOST_TEST(done.summary("apply").number("done") == 1);
  const list expected = {"fine", "there"};
  BOOST_TEST(server.keys(other) == expected, boost::test_tools::per_element());
  BOOST_TEST(server.get(other, "there")->body == "theirs");
}

BOOST_FIXTURE_TEST_CASE(a_plan_is_hostile_until_it_is_read, one_track) {
  plan_up();
  const std::string good = read_file(manifest);
  const std::vector<list> wrong = {
      {"\"key\":\"music/a.mp3\"", "\"key\":\"music/../../etc/passwd\"", ":2: "},
      {"\"key\":\"music/a.mp3\"", "\"key\":\"music/a.mp3\",\"path\":\"/etc/passwd\"", ":2: "},
      {"\"key\":\"music/a.mp3\"", "\"key\":\"elsewhere/a.mp3\"", ":2: key must be below"},
      {"\"key\":\"music/a.mp3\"", "\"key\":7", ":2: key must be a text"},
      {"\"size\":5", "\"size\":\"5\"", ":2: size must be a number"},
      {"\"size\":5", "\"size\":-5", ":2: size must be a number"},
      {"\"action\":\"upload\"", "\"action\":\"delete\"", ":2: action must be upload"},
      {"\"reason\":\"missing\"", "\"reason\":\"because\"", ":2: reason must be"},
      {"{\"action\"", "{\"action\"\xff", ":2: no JSON object"},
      {"\"beatsync_manifest\":1", "\"beatsync_manifest\":2", ":1: a manifest of a later version"},
      {"\"beatsync_manifest\":1", "\"x\":1", ":1: this is no manifest"},
      {"\"items\":1", "\"items\":2", ":3: the manifest says that it has 2 items"},
      {"{\"end\"", "\n{\"end\"", ":3: no JSON object"},
      {"\"reason\"", "\"pad\":\"" + std::string(20'000, 'x') + "\",\"reason\"", ":2: the line is"}};
  for (const list& one : wrong) {
    write_text(manifest, good);
    tamper(one[0], one[1]);
    expect_refusal(one[2]);
  }
  for (const std::size_t size : {good.size() - 1, good.find("{\"end\""), good.find('\n') - 3}) {
    write_text(manifest, good.substr(0, size));
    expect_refusal("cut off");
  }
  write_text(manifest, "");
  expect_refusal("empty");
  write_text(manifest, good);
  tamper("\"reason\"", "\"a_later_field\":[{}],\"reason\"");
  apply_json(0);
}

BOOST_FIXTURE_TEST_CASE(a_plan_belongs_to_its_store, one_track) {
  plan_up();
  tamper(store.url, "https://elsewhere.example");
  expect_refusal("this was planned for the store");
}

BOOST_FIXTURE_TEST_CASE(a_run_that_never_began_leaves_the_result, one_track) {
  plan_up();
  // There was none: it says why.
  list elsewhere = {"apply", manifest.native(), "--endpoint-url", "http://127.0.0.1:1"};
  expect_exit(anna.run(elsewhere), 2);
  BOOST_TEST(the_plan.status(1).of("shard").at(0)["state"] == "failed");
  expect_exit(apply(), 0);
  expect_exit(anna.run(elsewhere), 2);
  const auto told = the_plan.status(0);
  BOOST_TEST(told.of("shard").at(0)["state"] == "done");
  BOOST_TEST(told.summary("status").number("done") == 1);
  // So does a folder that is not here; but a run that began tells what it found.
  fs::rename(anna.library(), anna.home() / "elsewhere");
  expect_exit(apply(), 4);
  the_plan.status(0);
  fs::create_directories(anna.library());
  expect_exit(apply(), 1);
  the_plan.status(1);
}

BOOST_FIXTURE_TEST_CASE(the_shard_comes_from_the_job, one_track) {
  anna.add_track("b.mp3", "more");
  planned two{anna, the_plan.where, 2};
  two.plan(anna.library().native(), url, 2);
  const list arguments = {"apply", two.where, "--shard", "auto"};
  expect_exit(anna.run(arguments), 2);
  anna.environment["SLURM_ARRAY_TASK_ID"] = "1";
  expect_exit(anna.run(arguments), 0);
  const auto half = two.status(1);
  BOOST_TEST(half.of("shard").at(0)["state"] == "missing");
  BOOST_TEST(half.of("shard").at(1)["state"] == "done");
  anna.environment.erase("SLURM_ARRAY_TASK_ID");
  anna.environment["JOB_COMPLETION_INDEX"] = "0";
  expect_exit(anna.run(arguments), 0);
  two.status(0);
  anna.environment["JOB_COMPLETION_INDEX"] = "2";
  expect_exit(anna.run(arguments), 2);
}

BOOST_FIXTURE_TEST_CASE(a_plan_has_its_own_place, one_track) {
  const std::string library = anna.library().native();
  const list begin = {"plan", library, url, "--shards", "1", "--out"};
  for (const std::string& out : {library, library + "/plan", url, url + "/plan"}) {
    list arguments = begin;
    arguments.push_back(out);
    expect_exit(anna.run(arguments), 2);
  }
  expect_exit(anna.run({"plan", library, url, "--shards", "0", "--out", "x"}), 2);
  expect_exit(anna.run({"plan", library, url}), 2);
}

BOOST_FIXTURE_TEST_CASE(a_place_without_a_plan_is_a_usage_error, one_track) {
  write_text(anna.home() / "file", "x");
  for (const std::string& place : {(anna.home() / "nothing").native(), anna.library().native(),
                                   (anna.home() / "file").native(), url + "/nothing"}) {
    expect_exit(anna.run({"status", place}), 2);
    const auto refused = anna.run({"apply", place, "--shard", "0"});
    expect_exit(refused, 2);
    BOOST_TEST(refused.err.find("there is no plan in") != std::string::npos, refused.err);
  }
  const auto told = anna.run_json({"status", (anna.home() / "nothing").native()});
  BOOST_TEST(told.summary("status")["error.code"] == "no_plan");
}

// 4 would have Kubernetes and Slurm try again what stays as it is.
BOOST_FIXTURE_TEST_CASE(a_broken_plan_is_a_usage_error, one_track) {
  plan_up();
  const fs::path plan = anna.home() / "plan/plan.json";
  for (const std::string& text :
       {std::string("{}"), std::string(), std::string("{\"beatsync_plan\":2}")}) {
    write_text(plan, text);
    const auto told = anna.run_json({"status", the_plan.where});
    expect_exit(told.process, 2);
    BOOST_TEST(told.summary("status")["error.code"] == "bad_plan");
    expect_exit(anna.run({"apply", the_plan.where, "--shard", "0"}), 2);
  }
  BOOST_TEST(anna.run({"status", the_plan.where}).err.find("a newer beatsync") !=
             std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_plan_that_stops_leaves_no_folder, one_track) {
  const std::string nowhere = "s3://" + bucket + "-no-such/music";
  for (const std::string& place : {the_plan.where, the_plan.where + "/deep/er"}) {
    expect_exit(
        anna.run({"plan", anna.library().native(), nowhere, "--shards", "2", "--out", place}), 4);
    BOOST_TEST(!fs::exists(the_plan.where));
  }
}

// The manifest has been fetched; where the credentials for its store come from does not answer.
BOOST_FIXTURE_TEST_CASE(a_signal_leaves_no_fetched_manifest, one_track) {
  const std::string place = "s3://" + store.fresh_bucket() + "/p";
  planned{anna, place, 1}.plan(anna.library().native(), url, 1);
  const fs::path hangs = anna.home() / "hangs";
  write_text(anna.home() / "keys.sh",
             "#!/bin/sh\nif test -e asked; then touch hangs; exec sleep 20; fi\ntouch asked\n"
             "echo '{\"Version\":1,\"AccessKeyId\":\"" +
                 store.access_key + "\",\"SecretAccessKey\":\"" + store.secret_key + "\"}'\n");
  write_text(anna.home() / "aws.ini", "[default]\ncredential_process = sh keys.sh\n");
  anna.environment.erase("AWS_ACCESS_KEY_ID");
  anna.environment.erase("AWS_SECRET_ACCESS_KEY");
  anna.environment["AWS_CONFIG_FILE"] = (anna.home() / "aws.ini").native();
  const fs::path scratch = anna.home() / "scratch";
  anna.environment["TMPDIR"] = scratch.native();
  fs::create_directories(scratch);
  auto options = anna.command({"apply", place, "--shard", "0"});
  options.signal = SIGTERM;
  bool was_there = false;
  options.signal_when = [&] {
    was_there = was_there || !fs::is_empty(scratch);
    return fs::exists(hangs);
  };
  expect_exit(run_process(options), 143);
  BOOST_TEST(was_there);
  BOOST_TEST(fs::is_empty(scratch));
}

BOOST_FIXTURE_TEST_CASE(an_object_is_no_source_of_a_plan, one_track) {
  server.put(bucket, "music.mp3", "1");
  const std::string other = store.fresh_bucket();
  for (const std::string& to : {std::string("s3://" + other), anna.library().native()}) {
    const auto refused = anna.run(
        {"plan", "s3://" + bucket + "/music.mp3", to, "--shards", "2", "--out", the_plan.where});
    expect_exit(refused, 2);
    BOOST_TEST(refused.err.find("music.mp3 is an object") != std::string::npos, refused.err);
    BOOST_TEST(!fs::exists(the_plan.where));
  }
  const auto nothing = anna.run({"plan", "s3://" + bucket + "/no-such", anna.library().native(),
                                 "--shards", "2", "--out", the_plan.where});
  expect_exit(nothing, 0);
  BOOST_TEST(nothing.err.find("there is nothing below") != std::string::npos, nothing.err);
}

BOOST_FIXTURE_TEST_CASE(a_manifest_that_cannot_be_written_is_named_once, one_track) {
  const std::string jobs = store.fresh_bucket();
  s3_server::fault_rule rule;
  rule.operation = "PutObject";
  rule.times = 0;
  rule.action = s3_server::answer_error(403, "AccessDenied");
  server.add_fault(rule);
  const auto made = anna.run(
      {"plan", anna.library().native(), url, "--shards", "1", "--out", "s3://" + jobs + "/full"});
  server.clear_faults();
  expect_exit(made, 4);
  BOOST_TEST(made.err.find("s3://" + jobs + "/full/shard-00000.jsonl: ") != std::string::npos,
             made.err);
}

// Both have seen an empty place.
BOOST_FIXTURE_TEST_CASE(of_two_plans_for_one_place_in_a_store_one_goes_on, one_track) {
  anna.add_track("b.mp3", "more");
  anna.add_track("c.mp3", "more still");
  const std::string jobs = store.fresh_bucket();
  s3_server::fault_rule rule;
  rule.operation = "PutObject";
  rule.key = "p/shard-00000.jsonl";
  rule.action.name = "theirs comes first";
  rule.action.before = [&] { server.put(jobs, "p/shard-00000.jsonl", "theirs"); };
  server.add_fault(rule);
  const auto made = anna.run(
      {"plan", anna.library().native(), url, "--shards", "3", "--out", "s3://" + jobs + "/p"});
  server.clear_faults();
  expect_exit(made, 4);
  BOOST_TEST(made.err.find("another plan is in s3://" + jobs + "/p/") != std::string::npos,
             made.err);
  const list expected = {"p/shard-00000.jsonl"};
  BOOST_TEST(server.keys(jobs) == expected, boost::test_tools::per_element());
  BOOST_TEST(server.get(jobs, "p/shard-00000.jsonl")->body == "theirs");
}

BOOST_FIXTURE_TEST_CASE(a_folder_is_no_manifest, one_track) {
  plan_up();
  const auto refused = anna.run({"apply", the_plan.where});
  expect_exit(refused, 2);
  BOOST_TEST(refused.err.find("give --shard K") != std::string::npos, refused.err);
}

BOOST_FIXTURE_TEST_CASE(what_a_killed_plan_has_left_is_named, one_track) {
  const list arguments = {"plan",  anna.library().native(), url, "--shards", "1",
                          "--out", the_plan.where};
  fs::create_directories(the_plan.where);
  write_text(manifest, "{}\n");
  const auto unfinished = anna.run(arguments);
  expect_exit(unfinished, 2);
  BOOST_TEST(unfinished.err.find("an unfinished plan") != std::string::npos, unfinished.err);
  fs::remove(manifest);
  expect_exit(anna.run(arguments), 0);
  const auto whole = anna.run(arguments);
  expect_exit(whole, 2);
  BOOST_TEST(whole.err.find("holds a plan already") != std::string::npos, whole.err);
}

BOOST_FIXTURE_TEST_CASE(the_words_of_a_plan, one_track) {
  const auto made =
      anna.run({"plan", anna.library().native(), url, "--shards", "1", "--out", the_plan.where});
  expect_exit(made, 0);
  BOOST_TEST(made.out == "plan: 1 file (5 bytes) to upload in 1 shard\n");
  const auto before = anna.run({"status", the_plan.where});
  BOOST_TEST(before.out ==
             "status: 0 of 1 shard done, 1 not run to the end\n"
             "  0 of 1 file (0 bytes of 5 bytes) in place\n"
             "  not run to the end: 0\n");
  BOOST_TEST(apply().out ==
             "uploaded a.mp3 (5 bytes)\n"
             "apply: 1 file (5 bytes) uploaded\n");
  BOOST_TEST(apply().out == "apply: nothing to do; 1 unchanged\n");
  const auto after = anna.run({"status", the_plan.where});
  BOOST_TEST(after.out ==
             "status: 1 of 1 shard done\n"
             "  1 of 1 file (5 bytes of 5 bytes) in place\n");
}

BOOST_AUTO_TEST_SUITE_END()
