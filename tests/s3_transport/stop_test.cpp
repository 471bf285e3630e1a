// stop(): what it ends, in flight and between two tries, and what still works after it.
#include "tests/s3_transport/fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <atomic>
#include <filesystem>
#include <thread>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;
using server::fault_rule;

namespace {

/// Calls stop() from a thread of its own as soon as `now` says so.
class stopper {
 public:
  stopper(s3::client& c, std::function<bool()> now)
      : thread_([&c, now = std::move(now)] {
          while (!now()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
          c.stop();
        }) {}
  ~stopper() { thread_.join(); }
  stopper(const stopper&) = delete;
  stopper& operator=(const stopper&) = delete;

 private:
  std::thread thread_;
};

/// What the client tells about its tries.
struct told_tries {
  std::string log;
  std::atomic<bool> again = false;  ///< one is to follow; for any thread

  s3::session_options listen(s3::session_options options) {
    options.log = [this](std::string_view line) {
      log.append(line).append("\n");
      if (line.find(" again in ") != line.npos) again = true;
    };
    return options;
  }
};

/// The pauses of a store that has trouble for long.
s3::session_options long_pauses() {
  s3::session_options options = quick_options();
  options.retry.base = options.retry.base_when_throttled = std::chrono::seconds(10);
  options.random = [] { return 0.5; };
  return options;
}

awaitable<std::string> begun_upload(s3::client& c) {
  s3::create_upload_request create;
  create.key = "big";
  co_return ok(co_await c.create_upload(create));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stops)

BOOST_AUTO_TEST_CASE(stop_ends_what_is_in_flight_and_refuses_what_is_new) {
  bench b;
  b.store().put(bucket, "key", pattern(1'000'000));
  b.store().add_fault(on("GetObject", server::no_answer()));
  s3::session_options patient = quick_options();
  patient.endpoint_url = b.store().url();
  patient.timeouts.first_byte = std::chrono::minutes(1);
  patient.retry.silence = std::chrono::minutes(5);
  run_with(opened(patient), [&](s3::client& c) -> awaitable<void> {
    const stopper stop(c, [&b] { return b.count("GetObject") != 0; });
    const s3::result<std::string> got = co_await get_text(c, "key");
    BOOST_TEST(failed(got).code == s3::errc::cancelled);
    c.stop();
    const s3::result<void> later = co_await c.head_bucket();
    BOOST_TEST(failed(later).code == s3::errc::cancelled);
  });
}

BOOST_AUTO_TEST_CASE(stop_ends_a_pause_between_two_tries) {
  bench b;
  server::fault_action busy = server::answer_error(503, "SlowDown");
  busy.headers.emplace_back("retry-after", "20");
  b.store().add_fault(on("", busy));
  told_tries tries;
  s3::session_options patient = tries.listen(quick_options());
  patient.endpoint_url = b.store().url();
  patient.retry.silence = std::chrono::minutes(5);
  run_with(opened(patient), [&](s3::client& c) -> awaitable<void> {
    const stopper stop(c, [&tries] { return tries.again.load(); });
    const s3::result<void> answer = co_await c.head_bucket();
    BOOST_TEST(failed(answer).code == s3::errc::cancelled);
  });
}

BOOST_AUTO_TEST_CASE(an_upload_can_be_aborted_after_stop) {
  bench b;
  b.run([&](s3::client& c) -> awaitable<void> {
    const std::string id = co_await begun_upload(c);
    BOOST_TEST(b.store().uploads(bucket).size() == 1U);
    c.stop();
    co_await pause(std::chrono::milliseconds(10));
    ok(co_await c.abort_upload("big", id));
  });
  BOOST_TEST(b.store().uploads(bucket).empty());
}

BOOST_AUTO_TEST_CASE(an_abort_after_stop_does_not_wait_for_long) {
  s3::session_options options = quick_options();
  options.timeouts.first_byte = std::chrono::minutes(1);
  options.timeouts.first_byte_after_body = std::chrono::minutes(1);
  options.timeouts.cleanup = std::chrono::milliseconds(300);
  bench b(good_tls(), options);
  b.store().add_fault(on("AbortMultipartUpload", server::no_answer()));
  b.run([&](s3::client& c) -> awaitable<void> {
    const std::string id = co_await begun_upload(c);
    c.stop();
    co_await pause(std::chrono::milliseconds(10));
    const s3::result<void> aborted = co_await c.abort_upload("big", id);
    BOOST_TEST(aborted.has_error());
  });
}

BOOST_AUTO_TEST_CASE(an_abort_after_stop_does_not_pause_beyond_its_time) {
  told_tries tries;
  bench b(good_tls(), tries.listen(long_pauses()));
  server::fault_action busy = server::answer_error(503, "SlowDown");
  busy.headers.emplace_back("retry-after", "30");
  b.store().add_fault(on("AbortMultipartUpload", busy));
  b.run([&](s3::client& c) -> awaitable<void> {
    const std::string id = co_await begun_upload(c);
    c.stop();
    co_await pause(std::chrono::milliseconds(10));
    const s3::result<void> aborted = co_await c.abort_upload("big", id);
    BOOST_TEST(failed(aborted).code == s3::errc::throttled);
  });
  BOOST_TEST(b.count("AbortMultipartUpload") == 1U);
  BOOST_TEST(!tries.again, tries.log);
}

BOOST_AUTO_TEST_CASE(an_abort_after_stop_is_tried_again_within_its_time) {
  s3::session_options options = quick_options();
  options.timeouts.cleanup = std::chrono::minutes(1);
  bench b(good_tls(), options);
  fault_rule once = on("AbortMultipartUpload", server::answer_error(503, "SlowDown"));
  once.times = 1;
  b.store().add_fault(once);
  b.run([&](s3::client& c) -> awaitable<void> {
    const std::string id = co_await begun_upload(c);
    c.stop();
    co_await pause(std::chrono::milliseconds(10));
    ok(co_await c.abort_upload("big", id));
  });
  BOOST_TEST(b.store().uploads(bucket).empty());
}

BOOST_AUTO_TEST_CASE(no_pause_follows_a_stop_while_a_lost_answer_is_looked_into) {
  told_tries tries;
  bench b(good_tls(), tries.listen(long_pauses()));
  b.store().add_fault(on("PutObject", server::drop_after_performing()));
  b.store().add_fault(on("HeadObject", server::no_answer()));
  b.run([&](s3::client& c) -> awaitable<void> {
    const stopper stop(c, [&b] { return b.count("HeadObject") != 0; });
    const s3::result<s3::put_answer> put = co_await put_text(c, "key", pattern(300'000));
    BOOST_TEST(failed(put).code == s3::errc::cancelled);
  });
  BOOST_TEST(b.count("PutObject") == 1U);
  BOOST_TEST(!tries.again, tries.log);
}

/// Keys that end in four minutes, and whose successors never come.
std::string slow_keys(const temp_dir& folder) {
  const std::string first = (folder / "first").string();
  const std::string script = "if mkdir " + first +
                             " 2>/dev/null; then\n"
                             "  printf '{\"Version\":1,\"AccessKeyId\":\"test-access-key\","
                             "\"SecretAccessKey\":\"test-secret-key\",\"Expiration\":\"%s\"}' "
                             "$(date -u -d '+4 minutes' +%Y-%m-%dT%H:%M:%SZ)\n"
                             "else\n"
                             "  mkdir " +
                             (folder / "asked").string() + "\n  while [ -d " + first +
                             " ]; do sleep 0.1; done\n"
                             "fi\n";
  return folder.write("keys.sh", script).string();
}

BOOST_AUTO_TEST_CASE(no_request_follows_a_stop_while_credentials_are_renewed) {
  const temp_dir folder;
  folder.write(".aws/config", "[default]\ncredential_process = sh " + slow_keys(folder) + "\n");
  s3::environment env;
  env.home = folder.path().string();
  env.variable = [](const char*) { return std::optional<std::string>(); };
  server::server store(good_tls());
  store.create_bucket(bucket);
  s3::session_options options = quick_options();
  options.endpoint_url = store.url();
  run_with(opened(options, env), [&](s3::client& c) -> awaitable<void> {
    using namespace boost::asio::experimental::awaitable_operators;
    const auto waits_for_keys = [&c]() -> awaitable<void> {
      const s3::result<std::string> got = co_await get_text(c, "key");
      BOOST_TEST(failed(got).code == s3::errc::cancelled);
    };
    // The old keys live, so others go on meanwhile; this one leaves a connection behind.
    const auto goes_on = [&]() -> awaitable<void> {
      const s3::result<std::string> got = co_await get_text(c, "missing");
      BOOST_TEST(failed(got).code == s3::errc::no_such_key);
      while (!std::filesystem::exists(folder / "asked")) {
        co_await pause(std::chrono::milliseconds(2));
      }
      c.stop();
    };
    co_await (waits_for_keys() && goes_on());
  });
  BOOST_TEST(store.sums().total == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
