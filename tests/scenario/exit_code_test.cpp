// Each row of the table of exit codes (docs/dev/contract.md §7), and the words that go with it.
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

  on_strict() {
    server.clear_faults();
    server.clear_log();
  }
  ~on_strict() { server.clear_faults(); }
};

/// All of these words stand on standard error.
void expect_words(const process_result& result, const std::vector<std::string>& words) {
  for (const auto& word : words) {
    BOOST_TEST(result.err.find(word) != std::string::npos, "\"" << word << "\" is not in:\n"
                                                                << result.err);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(exit_code)

// Every relative path would begin at the root otherwise: `sync . s3://…` of a stick that was pulled
// under the shell once uploaded the whole computer.
BOOST_FIXTURE_TEST_CASE(two_when_the_working_folder_is_gone, on_strict) {
  const fs::path gone = anna.home() / "gone";
  for (const auto& words : {"sync . s3://" + bucket, "sync s3://" + bucket + " new",
                            std::string("rewrite-xml in.xml out.xml --from A --to B")}) {
    auto lost = anna.command({});
    lost.command = {"sh", "-c",
                    "mkdir " + gone.string() + " && cd " + gone.string() + " && rmdir " +
                        gone.string() + " && exec " + lost.command.front() + " " + words};
    const auto run = run_process(lost);
    expect_exit(run, 2);
    expect_words(run, {"is gone", "cd"});
  }
}

BOOST_FIXTURE_TEST_CASE(zero_when_everything_planned_is_done, on_strict) {
  anna.add_track("one.mp3", "1");
  expect_exit(anna.run({"upload_music"}), 0);
}

BOOST_FIXTURE_TEST_CASE(zero_when_nothing_was_to_do, on_strict) {
  expect_exit(anna.run({"download_music"}), 0);
}

BOOST_FIXTURE_TEST_CASE(zero_although_a_name_differs, on_strict) {
  anna.add_track("one.mp3", "1");
  server.put(bucket, "dj/music/one.mp3", "other bytes");
  const auto up = anna.run_json({"upload_music"});
  expect_exit(up.process, 0);
  BOOST_TEST(up.summary("upload_music").number("differs") == 1);
  BOOST_TEST(up.summary("upload_music").number("planned") == 0);
  BOOST_TEST(server.get(bucket, "dj/music/one.mp3")->body == "other bytes");
}

BOOST_FIXTURE_TEST_CASE(one_when_some_items_failed_and_the_rest_was_done, on_strict) {
  server.put(bucket, "dj/music/bad.mp3", std::string(5000, 'x'));
  server.put(bucket, "dj/music/good.mp3", "fine");
  server.corrupt(bucket, "dj/music/bad.mp3", 12345);
  const auto down = anna.run_json({"download_music"});
  expect_exit(down.process, 1);
  const auto summary = down.summary("download_music");
  BOOST_TEST(summary.number("done") == 1);
  BOOST_TEST(summary.number("failed") == 1);
  BOOST_TEST(!fs::exists(anna.library() / "bad.mp3"));
  BOOST_TEST(read_file(anna.library() / "good.mp3") == "fine");
  BOOST_TEST(!has_leftovers(anna.library()));
}

BOOST_FIXTURE_TEST_CASE(later_operations_run_after_a_one, on_strict) {
  server.put(bucket, "dj/music/bad.mp3", std::string(5000, 'x'));
  server.corrupt(bucket, "dj/music/bad.mp3", 12345);
  write_text(anna.xml(), collection(locations_below(anna.stick().native())));
  const auto run = anna.run_json({"download_music", "upload_xml"});
  expect_exit(run.process, 1);
  BOOST_TEST(run.summary("upload_xml").number("done") == 1);
  BOOST_TEST(run.total().number("exit") == 1);
}

BOOST_FIXTURE_TEST_CASE(two_for_usage, on_strict) {
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"upload_everything"},
           {"upload_music", "--no-such-flag"},
           {"upload_music", "--delete"},  // a peer's flag: refused by name
           {"upload_music", "--transfers", "none"},
           {"upload_music", "--addressing-style", "sideways"},
           {"sync", "s3://a", "s3://b"},
           {"sync", "only-one"},
           {"rewrite-xml", "in.xml"}}) {
    const auto result = anna.run(arguments);
    expect_exit(result, 2);
    BOOST_TEST(!result.err.empty());
    BOOST_TEST(result.out.empty());
  }
  BOOST_TEST(server.sums().total == 0u);
}

BOOST_FIXTURE_TEST_CASE(two_for_a_flag_that_is_not_built_yet, on_strict) {
  const auto result = anna.run({"upload_music", "--delete"});
  expect_exit(result, 2);
  expect_words(result, {"--delete"});
}

BOOST_FIXTURE_TEST_CASE(two_for_a_wrong_type_in_the_config, on_strict) {
  anna.config["AWS_USE_DATE_MODIFIED"] = "\"perhaps\"";
  const auto result = anna.run({"upload_music"});
  expect_exit(result, 2);
  expect_words(result, {"config.json", "AWS_USE_DATE_MODIFIED"});
}

BOOST_FIXTURE_TEST_CASE(two_for_a_windows_path_that_is_no_json, on_strict) {
  anna.config["USB_PATH"] = R"("E:\DJ")";
  const auto result = anna.run({"upload_music"});
  expect_exit(result, 2);
  expect_words(result, {"config.json", "E:/DJ"});
}

BOOST_FIXTURE_TEST_CASE(two_for_both_lists_of_one_direction, on_strict) {
  anna.config["UPLOAD_INCLUDE_DIRS"] = R"(["House"])";
  anna.config["UPLOAD_EXCLUDE_DIRS"] = R"(["Techno"])";
  expect_exit(anna.run({"upload_music"}), 2);
}

BOOST_FIXTURE_TEST_CASE(two_without_an_operation, on_strict) {
  const auto result = anna.run({});
  expect_exit(result, 2);
}

BOOST_FIXTURE_TEST_CASE(two_without_the_stick, on_strict) {
  fs::remove_all(anna.stick());
  const auto result = anna.run({"upload_music"});
  expect_exit(result, 2);
  expect_words(result, {anna.stick().native(), "USB_PATH"});
}

// Where the warning is needed most: the run does not begin for want of the key that was misspelt.
BOOST_FIXTURE_TEST_CASE(two_for_a_key_that_is_misspelt, on_strict) {
  anna.config.erase("USB_PATH");
  anna.set("USB_PAHT", anna.stick().native());
  const auto result = anna.run({"upload_music"});
  expect_exit(result, 2);
  expect_words(result, {"using ", "where is the stick?", "Did you mean USB_PATH?"});
  const auto quiet = anna.run({"upload_music", "-q"});
  expect_exit(quiet, 2);
  BOOST_TEST(quiet.err.find("Did you mean") == std::string::npos, quiet.err);
}

BOOST_FIXTURE_TEST_CASE(two_without_dj_music_on_upload, on_strict) {
  fs::remove_all(anna.library());
  const auto result = anna.run({"upload_music"});
  expect_exit(result, 2);
  expect_words(result, {"DJ Music"});
}

BOOST_FIXTURE_TEST_CASE(two_without_the_xml, on_strict) {
  const auto result = anna.run({"upload_xml"});
  expect_exit(result, 2);
  expect_words(result, {anna.xml().native()});
}

BOOST_FIXTURE_TEST_CASE(two_without_a_bucket_url, on_strict) {
  anna.config.erase("BUCKET_URL");
  const auto result = anna.run({"upload_music"});
  expect_exit(result, 2);
  expect_words(result, {"BUCKET_URL", "s3://dj.beatcloud.com"});
}

BOOST_FIXTURE_TEST_CASE(two_without_an_import_user, on_strict) {
  write_text(anna.xml(), "<DJ_PLAYLISTS/>");
  const auto result = anna.run({"download_xml"});
  expect_exit(result, 2);
  expect_words(result, {"XML_IMPORT_USER"});
}

BOOST_FIXTURE_TEST_CASE(two_for_a_user_that_is_no_name, on_strict) {
  anna.set("USER", "../evil");
  expect_exit(anna.run({"upload_music"}), 2);
}

BOOST_FIXTURE_TEST_CASE(two_without_credentials, on_strict) {
  anna.environment.erase("AWS_ACCESS_KEY_ID");
  anna.environment.erase("AWS_SECRET_ACCESS_KEY");
  const auto result = anna.run({"upload_music"});
  expect_exit(result, 2);
  expect_words(result, {"credentials"});
}

BOOST_FIXTURE_TEST_CASE(two_for_an_unknown_profile, on_strict) {
  const auto result = anna.run({"upload_music", "--profile", "nobody-has-this"});
  expect_exit(result, 2);
  expect_words(result, {"nobody-has-this"});
}

BOOST_FIXTURE_TEST_CASE(two_for_a_ca_file_that_is_not_there, on_strict) {
  const auto result = anna.run({"upload_music", "--ca-bundle", "/nowhere/ca.pem"});
  expect_exit(result, 2);
  expect_words(result, {"/nowhere/ca.pem"});
}

BOOST_FIXTURE_TEST_CASE(two_with_the_line_of_json_for_a_line_that_cannot_be_read, on_strict) {
  for (const char* json : {"--json", "--json=true"}) {
    const auto output = parse_json_lines(anna.run({json, "--no-such-flag"}));
    BOOST_TEST(output.total().number("exit") == 2);
  }
  BOOST_TEST(anna.run({"--json", "--json=false", "--no-such-flag"}).out.empty());
}

BOOST_FIXTURE_TEST_CASE(two_for_an_object_as_the_source_of_a_copy, on_strict) {
  server.put(bucket, "one.mp3", "1");
  const std::string to = "s3://" + store.fresh_bucket();
  const auto result = anna.run({"sync", "s3://" + bucket + "/one.mp3", to});
  expect_exit(result, 2);
  expect_words(result, {"one.mp3 is an object"});
  const auto nothing = anna.run({"sync", "s3://" + bucket + "/no-such", to});
  expect_exit(nothing, 0);
  expect_words(nothing, {"there is nothing below s3://" + bucket + "/no-such/"});
}

BOOST_FIXTURE_TEST_CASE(one_when_standard_output_is_closed, on_strict) {
  anna.add_track("one.mp3", "1");
  auto options = anna.command({"upload_music"});
  options.command.insert(options.command.begin(), {"sh", "-c", "\"$0\" \"$@\" >&-"});
  const auto result = run_process(options);
  expect_exit(result, 1);
  expect_words(result, {"standard output could not be written (Bad file descriptor)"});
  BOOST_TEST(server.get(bucket, "dj/music/one.mp3").has_value());
}

BOOST_FIXTURE_TEST_CASE(three_when_items_were_skipped, on_strict) {
  anna.add_track("one.mp3", "1");
  fs::create_symlink("nowhere", anna.library() / "dangling.mp3");
  expect_exit(anna.run({"upload_music"}), 3);
}

BOOST_FIXTURE_TEST_CASE(one_beats_three, on_strict) {
  server.put(bucket, "dj/music/../evil", "x");
  server.put(bucket, "dj/music/bad.mp3", std::string(5000, 'x'));
  server.corrupt(bucket, "dj/music/bad.mp3", 1);
  expect_exit(anna.run({"download_music"}), 1);
}

BOOST_FIXTURE_TEST_CASE(three_for_an_archived_object, on_strict) {
  s3_server::object_content archived;
  archived.body = "x";
  archived.storage_class = "GLACIER";
  server.put(bucket, "dj/music/old.mp3", archived);
  const auto down = anna.run_json({"download_music"});
  expect_exit(down.process, 3);
  BOOST_TEST(down.items().at(0)["reason"] == "archived");
}

BOOST_FIXTURE_TEST_CASE(four_when_a_listing_cannot_be_trusted, on_strict) {
  for (char c = 'a'; c <= 'e'; ++c) server.put(bucket, std::string("dj/music/") + c, "x");
  s3_server::fault_rule rule;
  rule.operation = "ListObjectsV2";
  rule.times = 0;
  rule.action = s3_server::unsorted_listing();
  server.add_fault(rule);
  expect_exit(anna.run({"download_music"}), 4);
}

BOOST_FIXTURE_TEST_CASE(four_ends_the_run, on_strict) {
  anna.set("BUCKET_URL", "s3://no-such-bucket-at-all");
  write_text(anna.xml(), collection(locations_below(anna.stick().native())));
  const auto run = anna.run_json({"upload_music", "upload_xml"});
  expect_exit(run.process, 4);
  for (const auto& line : run.of("summary")) {
    BOOST_TEST((!line.has("operation") || line["operation"] == "upload_music"));
  }
  BOOST_TEST(run.total().number("exit") == 4);
}

BOOST_DATA_TEST_CASE(four_for_a_missing_bucket, all_tls_stores()) {
  tls_store* store = tls_store_of(sample);
  if (!store) return;
  dj anna(*store, "this-bucket-is-not-there", "anna");
  anna.add_track("one.mp3", "1");
  const auto result = anna.run({"upload_music"});
  expect_exit(result, 4);
  expect_words(result, {"this-bucket-is-not-there"});
}

BOOST_DATA_TEST_CASE(four_for_credentials_that_are_refused, all_tls_stores()) {
  tls_store* store = tls_store_of(sample);
  if (!store) return;
  dj anna(*store, store->fresh_bucket(), "anna");
  anna.add_track("one.mp3", "1");
  anna.environment["AWS_SECRET_ACCESS_KEY"] = "canary-of-a-secret";
  const auto result = anna.run({"upload_music", "-v"});
  BOOST_TEST((result.exit_code == 4 || result.exit_code == 2), result.err);
  BOOST_TEST(result.err.find("canary-of-a-secret") == std::string::npos);
  expect_words(result, {"SignatureDoesNotMatch"});
}

BOOST_DATA_TEST_CASE(four_for_a_certificate_of_a_stranger, all_tls_stores()) {
  tls_store* store = tls_store_of(sample);
  if (!store) return;
  dj anna(*store, store->fresh_bucket(), "anna");
  anna.add_track("one.mp3", "1");
  anna.environment.erase("AWS_CA_BUNDLE");
  const auto result = anna.run({"upload_music"});
  expect_exit(result, 4);
  expect_words(result, {"certificate", "--ca-bundle"});
}

BOOST_FIXTURE_TEST_CASE(two_for_a_ca_bundle_that_cannot_be_read_named_by_who_gave_it, on_strict) {
  anna.add_track("one.mp3", "1");
  for (const char* name : {"BEATSYNC_CA_BUNDLE", "AWS_CA_BUNDLE"}) {
    const auto kept = anna.environment;
    anna.environment[name] = "/no/such.pem";
    const auto result = anna.run({"upload_music"});
    expect_exit(result, 2);
    expect_words(result, {"(" + std::string(name) + ")"});
    anna.environment = kept;
  }
}

BOOST_FIXTURE_TEST_CASE(four_when_nobody_listens, on_strict) {
  anna.add_track("one.mp3", "1");
  const auto result = anna.run({"upload_music", "--endpoint-url", "https://127.0.0.1:1"});
  expect_exit(result, 4);
  expect_words(result, {"127.0.0.1"});
}

// Not under UBSan of g++: its check of vptrs asks with pipe(2) whether memory can be read, and
// takes every object for a broken one where there is no handle left (IsAccessibleMemoryRange in
// https://github.com/gcc-mirror/gcc/blob/releases/gcc-12/libsanitizer/sanitizer_common/sanitizer_posix_libcdep.cpp).
#ifndef __SANITIZE_ADDRESS__
BOOST_FIXTURE_TEST_CASE(four_where_the_system_gives_no_handles, on_strict) {
  anna.add_track("one.mp3", "1");
  auto options = anna.command({"upload_music", "--json"});
  options.command.insert(options.command.begin(), {"bash", "-c", R"(ulimit -n 5; exec "$@")", "-"});
  const auto up = parse_json_lines(run_process(options));
  expect_exit(up.process, 4);
  BOOST_TEST(up.total().number("exit") == 4);
  BOOST_TEST(up.total()["message"].find("raise the limit (ulimit -n)") != std::string::npos);
}
#endif

BOOST_FIXTURE_TEST_CASE(four_without_permission, on_strict) {
  anna.add_track("one.mp3", "1");
  s3_server::fault_rule rule;
  rule.operation = "ListObjectsV2";
  rule.times = 0;
  rule.action = s3_server::answer_error(403, "AccessDenied");
  server.add_fault(rule);
  const auto result = anna.run({"upload_music"});
  expect_exit(result, 4);
  expect_words(result, {"AccessDenied"});
}

BOOST_AUTO_TEST_SUITE_END()
