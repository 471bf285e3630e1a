// Interrupted in the middle: by Ctrl-C, by a scheduler's SIGTERM, by kill -9.
#include "tests/scenario/library.hpp"
#include "tests/scenario/tree.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <memory>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

using namespace beatsync;
using namespace beatsync::tests;
namespace fs = std::filesystem;

namespace {

using clock = std::chrono::steady_clock;
constexpr std::size_t mib = 1024 * 1024;

/// A download that hangs after its first bytes, or an upload whose second part is never answered.
struct hanging_transfer {
  tls_store& store = *tls_store_of(tls_store_kind::strict);
  s3_server::server& server = *store.strict();
  std::string bucket = store.fresh_bucket();
  dj anna{store, bucket, "anna"};
  std::shared_ptr<std::atomic<bool>> in_the_middle = std::make_shared<std::atomic<bool>>(false);

  hanging_transfer() { server.clear_faults(); }
  ~hanging_transfer() { server.clear_faults(); }

  void hang_downloads() {
    s3_server::fault_rule rule;
    rule.operation = "GetObject";
    rule.times = 0;
    rule.action.name = "hang in the body";
    rule.action.hook_after = 100'000;
    rule.action.hook = [flag = in_the_middle] { *flag = true; };
    rule.action.stall_after = 200'000;
    server.add_fault(rule);
  }

  void hang_uploads() {
    s3_server::fault_rule rule;
    rule.operation = "UploadPart";
    rule.skip = 1;
    rule.times = 0;
    rule.action.name = "hang after the body";
    rule.action.perform = false;
    rule.action.before = [flag = in_the_middle] { *flag = true; };
    rule.action.delay = std::chrono::seconds(0);
    rule.action.never_answer = true;
    hung_ = server.add_fault(rule);
  }

  process_result run_until(int signal, const std::vector<std::string>& arguments,
                           bool twice = false) {
    auto options = anna.command(arguments);
    options.signal = signal;
    if (twice) {
      options.signal_again_when = [](const std::string& err) {
        return err.find("stopping") != std::string::npos;
      };
    }
    options.signal_when = [this] {
      return in_the_middle->load() || (hung_ && server.fault_hits(*hung_) > 0);
    };
    return run_process(options);
  }

 private:
  std::optional<std::size_t> hung_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(interrupted)

BOOST_FIXTURE_TEST_CASE(ctrl_c_in_an_upload_leaves_no_parts, hanging_transfer) {
  anna.add_track("small.mp3", "1");
  anna.add_track("big.wav", std::string(64 * mib, 'x'));
  hang_uploads();
  const auto result = run_until(SIGINT, {"upload_music"});
  BOOST_TEST(result.signalled);
  expect_exit(result, 130);
  BOOST_TEST(server.uploads(bucket).empty());
  BOOST_TEST(!server.get(bucket, "dj/music/big.wav").has_value());

  server.clear_faults();
  expect_exit(anna.run({"upload_music"}), 0);
  BOOST_TEST(server.get(bucket, "dj/music/big.wav")->body.size() == 64 * mib);
}

BOOST_FIXTURE_TEST_CASE(ctrl_c_in_a_download_leaves_no_half_file, hanging_transfer) {
  server.put_pattern(bucket, "dj/music/big.wav", 64 * mib);
  server.put(bucket, "dj/music/small.mp3", "1");
  hang_downloads();
  const auto result = run_until(SIGINT, {"download_music"});
  BOOST_TEST(result.signalled);
  expect_exit(result, 130);
  BOOST_TEST(!fs::exists(anna.library() / "big.wav"));
  BOOST_TEST(!has_leftovers(anna.library()));

  server.clear_faults();
  expect_exit(anna.run({"download_music"}), 0);
  BOOST_TEST(fs::file_size(anna.library() / "big.wav") == 64 * mib);
}

BOOST_FIXTURE_TEST_CASE(sigterm_is_143, hanging_transfer) {
  server.put_pattern(bucket, "dj/music/big.wav", 64 * mib);
  hang_downloads();
  const auto result = run_until(SIGTERM, {"download_music", "--json"});
  expect_exit(result, 143);
  const auto output = parse_json_lines(result);
  BOOST_TEST(output.total().number("exit") == 143);
  const auto summary = output.summary("download_music");
  BOOST_TEST(summary.number("planned") ==
             summary.number("done") + summary.number("skipped") + summary.number("failed"));
}

// As GNU timeout does it.
BOOST_FIXTURE_TEST_CASE(a_signal_that_comes_twice_at_once_still_has_its_summary, hanging_transfer) {
  anna.add_track("big.wav", std::string(64 * mib, 'x'));
  hang_uploads();
  const auto result = run_until(SIGTERM, {"upload_music", "--json"}, true);
  expect_exit(result, 143);
  BOOST_TEST(parse_json_lines(result).total().number("exit") == 143);
  BOOST_TEST(server.uploads(bucket).empty());
}

BOOST_FIXTURE_TEST_CASE(an_abort_without_an_answer_is_named, hanging_transfer) {
  anna.add_track("big.wav", std::string(64 * mib, 'x'));
  hang_uploads();
  s3_server::fault_rule rule;
  rule.operation = "AbortMultipartUpload";
  rule.times = 0;
  rule.action = s3_server::no_answer();
  server.add_fault(rule);
  const auto result = run_until(SIGINT, {"upload_music"});
  expect_exit(result, 130);
  BOOST_TEST(result.err.find("dj/music/big.wav") != std::string::npos, result.err);
}

// What a kill leaves behind is never taken for a track. It is removed once it is a minute old,
// which the unit tests of the file system look at: nobody can date a file's last change back.
BOOST_FIXTURE_TEST_CASE(kill_9_in_a_download_and_again, hanging_transfer) {
  server.put_pattern(bucket, "dj/music/folder/big.wav", 64 * mib);
  server.put(bucket, "dj/music/folder/small.mp3", "1");
  hang_downloads();
  const auto result = run_until(SIGKILL, {"download_music"});
  BOOST_TEST(result.signalled);
  expect_exit(result, 137);
  BOOST_TEST(!fs::exists(anna.library() / "folder/big.wav"));
  BOOST_TEST(has_leftovers(anna.library()));  // or else this test proves nothing

  server.clear_faults();
  const auto up = anna.run_json({"upload_music"});
  for (const auto& item : up.items()) {
    BOOST_TEST(item["key"].find(".beatsync-") == std::string::npos);
  }
  expect_exit(anna.run({"download_music"}), 0);
  BOOST_TEST(fs::file_size(anna.library() / "folder/big.wav") == 64 * mib);
  for (const auto& key : server.keys(bucket)) {
    BOOST_TEST(key.find(".beatsync-") == std::string::npos);
  }
}

BOOST_FIXTURE_TEST_CASE(kill_9_over_an_older_file_keeps_it, hanging_transfer) {
  anna.add_track("set.wav", "the old one");
  server.put_pattern(bucket, "dj/music/set.wav", 64 * mib);
  hang_downloads();
  const auto result = run_until(SIGKILL, {"download_music", "--overwrite"});
  expect_exit(result, 137);
  BOOST_TEST(read_file(anna.library() / "set.wav") == "the old one");
}

BOOST_FIXTURE_TEST_CASE(two_runs_do_not_share_a_library, hanging_transfer) {
  server.put_pattern(bucket, "dj/music/big.wav", 64 * mib);
  hang_downloads();
  auto options = anna.command({"download_music"});
  json_output second;
  bool started = false;
  options.signal = SIGINT;
  options.signal_when = [&] {
    if (!in_the_middle->load()) return false;
    if (!started) second = anna.run_json({"upload_music"});
    started = true;
    return true;
  };
  const auto first = run_process(options);
  expect_exit(first, 130);
  BOOST_TEST(started);
  expect_exit(second.process, 4);
  BOOST_TEST(second.summary("upload_music")["error.code"] == "locked");
  BOOST_TEST(!second.process.err.empty());
}

// `beatsync … | less`, or a terminal after Ctrl-S: a thread is blocked in write(2).
BOOST_FIXTURE_TEST_CASE(two_signals_end_it_while_its_output_is_not_read, hanging_transfer) {
  for (int i = 0; i < 2000; ++i) {
    anna.add_track("a track with a long name " + std::to_string(i) + ".mp3", "1");
  }
  int ends[2] = {-1, -1};
  BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  auto options = anna.command({"upload_music", "--dry-run", "--json"});
  options.output = ends[1];
  options.signal = SIGINT;
  options.signal_when = [&] {
    pollfd full{ends[1], POLLOUT, 0};
    return ::poll(&full, 1, 0) == 0;
  };
  options.signal_again_when = [at = clock::time_point()](const std::string& err) mutable {
    if (err.find("stopping") == std::string::npos) return false;
    if (at == clock::time_point()) at = clock::now();
    return clock::now() - at > std::chrono::milliseconds(600);  // sooner it is the same press
  };
  const auto result = run_process(options);
  for (const int end : ends) ::close(end);
  BOOST_TEST(!result.timed_out);
  expect_exit(result, 130);
  BOOST_TEST(result.err.find("stopped at once") != std::string::npos, result.err);
}

BOOST_AUTO_TEST_SUITE_END()
