// What goes where: results on stdout, diagnostics on stderr, JSON alone on stdout.
#include "tests/scenario/library.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

using namespace beatsync;
using namespace beatsync::tests;

namespace {

struct on_strict {
  tls_store& store = *tls_store_of(tls_store_kind::strict);
  s3_server::server& server = *store.strict();
  std::string bucket = store.fresh_bucket();
  dj anna{store, bucket, "anna"};

  on_strict() { server.clear_faults(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(output)

BOOST_FIXTURE_TEST_CASE(json_says_all_the_contract_promises, on_strict) {
  anna.add_track("one.mp3", "12345");
  anna.add_track("\xff.mp3", "x");
  const auto run = anna.run_json({"upload_music"});
  expect_exit(run.process, 3);

  const auto start = run.of("start").at(0);
  BOOST_TEST(start.number("format") == 1);
  BOOST_TEST(start["operation"] == "upload_music");
  BOOST_TEST(start["dry_run"] == "false");
  BOOST_TEST(!start["source"].empty());
  BOOST_TEST(start["target"].find("s3://" + bucket) == 0u);

  for (const auto& item : run.items()) {
    BOOST_TEST(item["operation"] == "upload_music");
    BOOST_TEST(item["action"] == "upload");
    if (item["result"] == "done") {
      BOOST_TEST(item["reason"] == "missing");
      BOOST_TEST(item["key"] == "dj/music/one.mp3");
      BOOST_TEST(item["path"] == (anna.library() / "one.mp3").native());
      BOOST_TEST(item.number("bytes") == 5);
    } else {
      BOOST_TEST(item["result"] == "skipped");
      BOOST_TEST(item["reason"] == "invalid_name");
      BOOST_TEST(item.has("path_base64"));
      BOOST_TEST(!item.has("path"));
    }
  }
  const auto summary = run.summary("upload_music");
  BOOST_TEST(summary.number("planned") == 2);
  BOOST_TEST(summary.number("done") == 1);
  BOOST_TEST(summary.number("skipped") == 1);
  BOOST_TEST(summary.number("failed") == 0);
  BOOST_TEST(summary.number("differs") == 0);
  BOOST_TEST(summary.number("unchanged") == 0);
  BOOST_TEST(summary.number("bytes") == 5);
  BOOST_TEST(summary.number("exit") == 3);
  BOOST_TEST(summary.has("seconds"));
  BOOST_TEST(run.total().number("exit") == 3);
}

BOOST_FIXTURE_TEST_CASE(a_failure_carries_the_stores_answer, on_strict) {
  anna.add_track("one.mp3", "1");
  s3_server::fault_rule rule;
  rule.operation = "PutObject";
  rule.times = 0;
  rule.action = s3_server::answer_error(403, "AccessDenied");
  server.add_fault(rule);
  const auto run = anna.run_json({"upload_music"});
  server.clear_faults();
  BOOST_TEST(run.exit_code() != 0);
  const auto items = run.items();
  BOOST_TEST_REQUIRE(items.size() == 1u);
  BOOST_TEST(items[0]["result"] == "failed");
  BOOST_TEST(items[0]["error.code"] == "access_denied");
  BOOST_TEST(items[0].number("error.http") == 403);
  BOOST_TEST(items[0].has("error.request_id"));
}

BOOST_FIXTURE_TEST_CASE(results_on_stdout_and_diagnostics_on_stderr, on_strict) {
  anna.add_track("one.mp3", "1");
  anna.set("USB_PAHT", "/x");  // a near miss: a warning
  const auto run = anna.run({"upload_music"});
  expect_exit(run, 0);
  BOOST_TEST(run.err.find("USB_PAHT") != std::string::npos, run.err);
  BOOST_TEST(run.out.find("USB_PAHT") == std::string::npos);
  BOOST_TEST(!run.out.empty());
  BOOST_TEST(run.err.find('\r') == std::string::npos);  // no progress line without a terminal
}

BOOST_FIXTURE_TEST_CASE(help_and_version_need_nothing, on_strict) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--help"},
                                             {"--version"},
                                             {"sync", "--help"},
                                             {"rewrite-xml", "--help"},
                                             {"upload_music", "--help"}}) {
    auto options = anna.command(arguments);
    options.environment = bare_environment();
    options.folder = "/";
    const auto run = run_process(options);
    expect_exit(run, 0);
    BOOST_TEST(!run.out.empty());
    BOOST_TEST(run.err.empty());
  }
}

BOOST_FIXTURE_TEST_CASE(a_reader_that_goes_away_does_not_kill_the_run, on_strict) {
  for (int i = 0; i < 20; ++i) anna.add_track("track " + std::to_string(i), "x");
  auto options = anna.command({"upload_music", "-v"});
  std::string line = "\"$0\" \"$@\" | true";
  options.command.insert(options.command.begin(), {"sh", "-c", line});
  run_process(options);
  BOOST_TEST(server.keys(bucket).size() == 20u);
}

BOOST_FIXTURE_TEST_CASE(secrets_appear_nowhere, on_strict) {
  anna.add_track("one.mp3", "1");
  for (const char* flags : {"-v", "--json", "-q"}) {
    const auto run = anna.run({"upload_music", flags});
    for (const auto& text : {run.out, run.err}) {
      BOOST_TEST(text.find(store.secret_key) == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
