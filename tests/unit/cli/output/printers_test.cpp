// What a run prints, line by line: these texts stand in docs/ too.

#include "cli/output/json_printer.hpp"
#include "cli/output/text_printer.hpp"
#include "tests/unit/cli/support.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::cli;
using namespace std::chrono_literals;

namespace {

struct telling {
  std::chrono::steady_clock::time_point time{};
  clock_function now = [this] { return time; };

  operation_start upload = {operation::upload_music, "/stick/DJ Music", "s3://b/dj/music/", false};
};

engine::item item_of(engine::outcome result, engine::reason why, std::string name) {
  engine::item it;
  it.action = engine::action_kind::upload;
  it.result = result;
  it.why = why;
  it.key = "dj/music/" + name;
  it.path = "/stick/DJ Music/" + name;
  it.bytes = 9'100'000;
  return it;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(printers_suite, telling)

BOOST_AUTO_TEST_CASE(text_names_what_moved_what_was_left_and_what_failed) {
  tests::captured_console console;
  text_printer out(console.to(), text_style{}, now);
  out.begin(upload);
  out.on_item(item_of(engine::outcome::done, engine::reason::missing, "House/a.mp3"));
  out.on_item(item_of(engine::outcome::done, engine::reason::newer, "House/b.mp3"));
  out.on_item(item_of(engine::outcome::skipped, engine::reason::dangling_link, "x\x1b[31m"));
  auto failed = item_of(engine::outcome::failed, engine::reason::changed, "c.mp3");
  failed.message = "it changed three times while it was read";
  out.on_item(failed);
  out.on_difference({"dj/music/d.mp3", "/stick/DJ Music/d.mp3", 12'100'000, 12'400'000});

  operation_end end;
  end.how.count = {4, 2, 1, 1, 1, 4310, 0, 143'200'000};
  out.on_warning("`Hause` of UPLOAD_INCLUDE_DIRS matches nothing");
  end.code = exit_code::some_failed;
  out.end(end);
  out.run_ended({});

  BOOST_TEST(
      console.out() ==
      "uploaded House/a.mp3 (9.1 MB)\n"
      "uploaded House/b.mp3 (9.1 MB), newer than the one it replaces\n"
      "differs d.mp3 (12.1 MB here, 12.4 MB in the bucket): left as it is\n"
      "upload_music: 2 files (143.2 MB) uploaded, 1 skipped, 1 failed, 1 differs (left as it "
      "is); 4,310 unchanged\n");
  BOOST_TEST(console.err() ==
             "beatsync: skipped x\\x1b[31m: it is a link to something that is not there\n"
             "beatsync: FAILED c.mp3: it changed three times while it was read\n"
             "beatsync: warning: `Hause` of UPLOAD_INCLUDE_DIRS matches nothing\n");
}

BOOST_AUTO_TEST_CASE(text_of_a_dry_run_and_of_nothing_to_do) {
  tests::captured_console console;
  text_printer out(console.to(), text_style{}, now);
  upload.dry_run = true;
  out.begin(upload);
  out.on_item(item_of(engine::outcome::planned, engine::reason::missing, "a.mp3"));
  operation_end end;
  end.how.count.planned = 1;
  out.end(end);
  upload.dry_run = false;
  out.begin(upload);
  end.how.count = {};
  end.how.count.unchanged = 2;
  out.end(end);
  BOOST_TEST(console.out() ==
             "would upload a.mp3 (9.1 MB)\n"
             "upload_music: would upload 1 file (9.1 MB)\n"
             "upload_music: nothing to do; 2 unchanged\n");
}

BOOST_AUTO_TEST_CASE(quiet_text_is_only_what_failed_on_stderr) {
  tests::captured_console console;
  text_printer out(console.to(), text_style{true, false}, now);
  out.begin(upload);
  out.on_item(item_of(engine::outcome::done, engine::reason::missing, "a"));
  out.on_item(item_of(engine::outcome::skipped, engine::reason::archived, "b"));
  out.on_item(item_of(engine::outcome::failed, engine::reason::disk_full, "c"));
  out.on_difference({"k", "p", 1, 2});
  out.on_warning("w");
  operation_end end;
  end.how.stopped.emplace();
  end.how.stopped->message = "the disk is full";
  out.end(end);
  BOOST_TEST(console.out() == "");
  BOOST_TEST(console.err() ==
             "beatsync: FAILED c: the disk is full\n"
             "beatsync: error: the disk is full\n");
}

BOOST_AUTO_TEST_CASE(text_names_a_few_of_those_that_a_stop_left_undone) {
  tests::captured_console console;
  text_printer out(console.to(), text_style{true, false}, now);
  out.begin(upload);
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    auto undone = item_of(engine::outcome::failed, engine::reason::stopped, name);
    undone.message = "the run ended before this was done";
    out.on_item(undone);
  }
  out.on_item(item_of(engine::outcome::failed, engine::reason::disk_full, "f"));
  out.end({});
  BOOST_TEST(console.err() ==
             "beatsync: FAILED a: the run ended before this was done\n"
             "beatsync: FAILED b: the run ended before this was done\n"
             "beatsync: FAILED c: the run ended before this was done\n"
             "beatsync: FAILED f: the disk is full\n"
             "beatsync: FAILED 2 more: the run ended before they were done\n");
}

BOOST_AUTO_TEST_CASE(text_of_a_stop_names_aborts_without_an_answer) {
  tests::captured_console console;
  text_printer out(console.to(), text_style{}, now);
  out.begin(upload);
  operation_end end;
  end.how.count.done = 1;
  end.how.count.bytes = 1;
  end.how.stopped.emplace();
  end.how.stopped->message = "interrupted";
  end.how.stopped->interrupted = true;
  end.how.unanswered_aborts = {"dj/music/big.wav (upload 7)"};
  out.end(end);
  BOOST_TEST(console.out() == "upload_music: 1 file (1 byte) uploaded; stopped before the end\n");
  BOOST_TEST(console.err() ==
             "beatsync: error: interrupted\n"
             "beatsync: error: the store did not say whether it dropped the unfinished upload of "
             "dj/music/big.wav (upload 7); its parts may still take up space there\n");
}

BOOST_AUTO_TEST_CASE(text_of_a_downloaded_xml) {
  tests::captured_console console;
  text_printer out(console.to(), text_style{}, now);
  out.begin({operation::download_xml, "s3://b/dj/xml/bob/", "/x/bob_rekordbox.xml", false});
  engine::item it;
  it.action = engine::action_kind::rewrite;
  out.on_item(it);  // the summary says it better
  operation_end end;
  end.how.count.planned = end.how.count.done = 1;
  end.how.count.bytes = 14'200'000;
  end.xml.emplace();
  end.xml->written = "/x/bob_rekordbox.xml";
  end.xml->root_used = "/Volumes/BOB";
  end.xml->root_source = "the XML's metadata";
  end.xml->missing_tracks = 2;
  end.xml->missing_examples = {"House/a.mp3", "b\n.mp3"};
  end.xml->rewrite.emplace();
  end.xml->rewrite->tracks = 4310;
  end.xml->rewrite->rewritten = 3690;
  end.xml->rewrite->other_root = 610;
  end.xml->rewrite->streaming = 10;
  end.xml->rewrite->case_differs = 7;
  end.xml->rewrite->too_long = 1;
  end.xml->rewrite->keys_rewritten = 20;
  end.xml->rewrite->other_roots = {{"/Volumes/NO NAME 1", 610}};
  out.end(end);
  BOOST_TEST(
      console.out() ==
      "download_xml: wrote /x/bob_rekordbox.xml (14.2 MB)\n"
      "  the other DJ's root is /Volumes/BOB (from the XML's metadata)\n"
      "  3,690 of 4,310 tracks below the root, 20 playlist entries with them, 610 elsewhere, "
      "10 streaming\n"
      "  elsewhere: /Volumes/NO NAME 1 (610)\n"
      "  7 matched only without regard to upper and lower case\n"
      "  1 location has more than 255 characters: rekordbox does not import those\n"
      "  2 tracks are not on the stick, for example House/a.mp3, b\\n.mp3: run "
      "download_music\n");
}

BOOST_AUTO_TEST_CASE(where_stdout_is_the_xml_itself_everything_else_goes_to_stderr) {
  tests::captured_console console;
  text_printer out(console.to(), text_style{false, true}, now);
  out.begin({operation::rewrite_xml, "-", "-", false});
  operation_end end;
  end.how.count.planned = end.how.count.done = 1;
  end.xml.emplace();
  out.end(end);
  BOOST_TEST(console.out() == "");
  BOOST_TEST(console.err() == "rewrite_xml: wrote 0 bytes to standard output\n");
}

BOOST_AUTO_TEST_CASE(progress_is_for_terminals_and_goes_away_before_other_lines) {
  engine::progress p;
  p.names_compared = 7;
  {
    tests::captured_console file;
    text_printer out(file.to(), text_style{}, now);
    out.begin(upload);
    out.on_progress(p);
    BOOST_TEST(file.err() == "");
  }
  tests::captured_console terminal(true);
  text_printer out(terminal.to(), text_style{}, now);
  out.begin(upload);
  out.on_progress(p);
  // 39 of 40 columns.
  BOOST_TEST(terminal.err() == "\rupload_music: comparing, 7 names so far");
  out.on_item(item_of(engine::outcome::done, engine::reason::missing, "a"));
  BOOST_TEST(terminal.err() ==
             "\rupload_music: comparing, 7 names so far\r" + std::string(39, ' ') + "\r");
  BOOST_TEST(terminal.out() == "uploaded a (9.1 MB)\n");
}

BOOST_AUTO_TEST_CASE(json_is_one_object_per_line_and_nothing_else) {
  tests::captured_console console;
  json_printer out(console.to(), false, now);
  out.begin(upload);
  out.on_item(item_of(engine::outcome::done, engine::reason::missing, "a\n\"b\".mp3"));
  auto raw = item_of(engine::outcome::skipped, engine::reason::invalid_name, "\xff");
  raw.message = "its name is not UTF-8";
  out.on_item(raw);
  auto failed = item_of(engine::outcome::failed, engine::reason::store, "c");
  failed.error.emplace();
  failed.error->code = s3::errc::access_denied;
  failed.error->http = 403;
  failed.error->request_id = "R1";
  failed.error->service_code = "AccessDenied";
  failed.error->service_message = "not \"yours\"\x1b";
  out.on_item(failed);
  auto local = item_of(engine::outcome::failed, engine::reason::disk_full, "d");
  local.unverified = true;
  out.on_item(local);
  out.on_difference({"dj/music/e", "/stick/DJ Music/e", 1, 2});
  out.on_warning("w");

  operation_end end;
  end.how.count = {4, 1, 1, 2, 1, 5, 1, 9'100'000};
  end.seconds = 1.25;
  end.code = exit_code::some_failed;
  out.end(end);
  out.run_ended({end.how.count, 1.5, exit_code::some_failed, ""});

  BOOST_TEST(
      console.out() ==
      R"({"event":"start","format":1,"operation":"upload_music","source":"/stick/DJ Music","target":"s3://b/dj/music/","dry_run":false}
{"event":"item","operation":"upload_music","action":"upload","result":"done","reason":"missing","message":"","key":"dj/music/a\n\"b\".mp3","path":"/stick/DJ Music/a\n\"b\".mp3","bytes":9100000}
{"event":"item","operation":"upload_music","action":"upload","result":"skipped","reason":"invalid_name","message":"its name is not UTF-8","key_base64":"ZGovbXVzaWMv/w==","path_base64":"L3N0aWNrL0RKIE11c2ljL/8=","bytes":9100000}
{"event":"item","operation":"upload_music","action":"upload","result":"failed","reason":"store","message":"","key":"dj/music/c","path":"/stick/DJ Music/c","bytes":9100000,"error":{"code":"access_denied","http":403,"request_id":"R1","service_code":"AccessDenied","service_message":"not \"yours\"\\x1b"}}
{"event":"item","operation":"upload_music","action":"upload","result":"failed","reason":"disk_full","message":"","key":"dj/music/d","path":"/stick/DJ Music/d","bytes":9100000,"unverified":true,"error":{"code":"disk_full","http":0,"request_id":""}}
{"event":"differs","operation":"upload_music","key":"dj/music/e","path":"/stick/DJ Music/e","local_bytes":1,"remote_bytes":2}
{"event":"summary","operation":"upload_music","planned":4,"done":1,"skipped":1,"failed":2,"differs":1,"unchanged":5,"unverified":1,"bytes":9100000,"seconds":1.250,"exit":1}
{"event":"summary","planned":4,"done":1,"skipped":1,"failed":2,"differs":1,"unchanged":5,"unverified":1,"bytes":9100000,"seconds":1.500,"exit":1}
)");
  BOOST_TEST(console.err() == "beatsync: warning: w\n");
}

BOOST_AUTO_TEST_CASE(json_progress_comes_at_most_once_a_second) {
  tests::captured_console console;
  json_printer out(console.to(), false, now);
  out.begin(upload);
  engine::progress p;
  p.items_planned = 3;
  for (int quarter = 0; quarter < 9; ++quarter) {
    time += 250ms;
    out.on_progress(p);
  }
  const std::string text = console.out();
  std::size_t events = 0;
  for (std::size_t at = 0; (at = text.find("\"progress\"", at)) != std::string::npos; ++at)
    ++events;
  BOOST_TEST(events == 2U);
  BOOST_TEST(text.find(R"({"event":"progress","operation":"upload_music","items_planned":3,)"
                       R"("items_finished":0,"bytes_planned":0,"bytes_moved":0,)"
                       R"("names_compared":0,"listing_complete":false})") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(json_of_a_run_that_could_not_begin_still_ends_with_the_total) {
  tests::captured_console console;
  json_printer out(console.to(), true, now);
  run_end end;
  end.problem = "no bucket is named";
  end.code = exit_code::usage;
  out.run_ended(end);
  BOOST_TEST(
      console.out() ==
      R"({"event":"summary","planned":0,"done":0,"skipped":0,"failed":0,"differs":0,"unchanged":0,"unverified":0,"bytes":0,"seconds":0.000,"exit":2,"message":"no bucket is named"})"
      "\n");
  BOOST_TEST(console.err() == "beatsync: error: no bucket is named\n");
}

BOOST_AUTO_TEST_CASE(json_has_the_warnings_of_the_run_in_its_total) {
  tests::captured_console console;
  json_printer out(console.to(), true, now);
  out.on_warning("config.json:2: USB_PAHT is no key");
  out.begin(upload);
  out.on_warning("of the operation");
  operation_end end;
  end.how.warnings = {"of the operation"};
  out.end(end);
  out.run_ended({});
  BOOST_TEST(console.out().find(R"("exit":0,"warnings":["of the operation"]})") !=
             std::string::npos);
  BOOST_TEST(console.out().ends_with(R"("exit":0,"warnings":["config.json:2: USB_PAHT is no key"]})"
                                     "\n"));
  BOOST_TEST(console.err() == "");
}

BOOST_AUTO_TEST_CASE(json_of_a_stop_carries_its_error) {
  tests::captured_console console;
  json_printer out(console.to(), false, now);
  operation_end end;
  end.how.stopped.emplace();
  end.how.stopped->message = "no such bucket";
  end.how.stopped->error.emplace();
  end.how.stopped->error->code = s3::errc::no_such_bucket;
  end.how.stopped->error->http = 404;
  end.how.unanswered_aborts = {"k (u)"};
  end.code = exit_code::stopped;
  out.end(end);
  BOOST_TEST(console.out().ends_with(
      R"j("exit":4,"unanswered_aborts":["k (u)"],"message":"no such bucket","error":{"code":"no_such_bucket","http":404,"request_id":""}})j"
      "\n"));
}

BOOST_AUTO_TEST_CASE(json_of_a_stop_tells_its_cause) {
  using engine::stop_cause;
  for (const auto& [cause, code] :
       {std::pair(stop_cause::other, "stopped"), std::pair(stop_cause::disk_full, "disk_full"),
        std::pair(stop_cause::locked, "locked"), std::pair(stop_cause::no_plan, "no_plan")}) {
    tests::captured_console console;
    json_printer out(console.to(), false, now);
    operation_end end;
    end.how.stopped = engine::stop_because("words", cause);
    out.end(end);
    BOOST_TEST(console.out().find("\"error\":{\"code\":\"" + std::string(code) + "\"") !=
               std::string::npos);
    end.how.stopped->interrupted = true;
    out.end(end);
    BOOST_TEST(console.out().find("\"code\":\"interrupted\"") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(json_of_xml_has_its_counts) {
  tests::captured_console console;
  json_printer out(console.to(), false, now);
  out.begin({operation::download_xml, "s", "t", false});
  operation_end end;
  end.xml.emplace();
  end.xml->root_used = "E:/";
  end.xml->root_source = "--import-root";
  end.xml->rewrite.emplace();
  end.xml->rewrite->tracks = 3;
  end.xml->rewrite->rewritten = 2;
  end.xml->rewrite->other_root = 1;
  end.xml->rewrite->other_roots = {{"/V", 1}};
  end.xml->missing_tracks = 1;
  end.xml->missing_examples = {"a"};
  out.end(end);
  BOOST_TEST(console.out().find(
                 R"("xml":{"root":"E:/","root_source":"--import-root","tracks":3,"rewritten":2,)"
                 R"("keys_rewritten":0,"other_root":1,"streaming":0,"not_a_file":0,)"
                 R"("without_location":0,"case_differs":0,"too_long":0,)"
                 R"("other_roots":[{"root":"/V","tracks":1}],"missing_tracks":1,)"
                 R"("missing_examples":["a"]}})") != std::string::npos);
  end.xml.emplace();  // of upload_xml: the stick was not looked through
  out.end(end);
  BOOST_TEST(console.out().find(R"("xml":{}})") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
