// What is tried again, how often, and with what changed.
#include "s3/http_date.hpp"
#include "tests/s3_transport/fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;
using server::fault_rule;

namespace {

void put_key(bench& b) {
  b.run([](s3::client& c) -> awaitable<void> { ok(co_await put_text(c, "key", "text")); });
}

s3::error put_error(bench& b) {
  s3::error e;
  b.run([&](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> put = co_await put_text(c, "key", "text");
    e = failed(put);
  });
  return e;
}

fault_rule on_put(server::fault_action action, std::uint64_t times) {
  fault_rule rule;
  rule.operation = "PutObject";
  rule.times = times;
  rule.action = std::move(action);
  return rule;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(remedies)

BOOST_AUTO_TEST_CASE(three_503s_are_survived) {
  bench b;
  b.store().add_fault(on_put(server::answer_error(503, "SlowDown"), 3));
  put_key(b);
  BOOST_TEST(b.count("PutObject") == 4U);
}

BOOST_AUTO_TEST_CASE(at_most_six_tries) {
  struct row {
    int status;
    const char* code;
    s3::errc expected;
    std::uint64_t tries;
  };
  for (const row& r : {row{500, "InternalError", s3::errc::server_failed, 6},
                       row{503, "SlowDown", s3::errc::throttled, 6},
                       row{429, "TooManyRequests", s3::errc::throttled, 6},
                       row{400, "RequestTimeout", s3::errc::timed_out, 6},
                       row{403, "AccessDenied", s3::errc::access_denied, 1},
                       row{403, "SignatureDoesNotMatch", s3::errc::bad_credentials, 1},
                       row{404, "NoSuchBucket", s3::errc::no_such_bucket, 1},
                       row{412, "PreconditionFailed", s3::errc::precondition_failed, 1},
                       row{400, "EntityTooLarge", s3::errc::too_large, 1}}) {
    bench b;
    b.store().add_fault(on_put(server::answer_error(r.status, r.code), 0));
    const s3::error e = put_error(b);
    BOOST_TEST(e.code == r.expected, r.code);
    BOOST_TEST(e.service_code == r.code);
    BOOST_TEST(b.count("PutObject") == r.tries, r.code);
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_clock_is_set_by_the_stores) {
  for (const int hours : {-3, 3}) {
    bench b;
    b.store().set_clock_offset(std::chrono::hours(hours));
    put_key(b);
    BOOST_TEST(b.count("PutObject") == 2U);
    put_key(b);  // it is remembered
    BOOST_TEST(b.count("PutObject") == 3U);
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_clock_is_set_by_the_time_in_the_refusal_too) {
  for (const int hours : {-3, 3}) {
    bench b;
    b.store().set_clock_offset(std::chrono::hours(hours));
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    server::fault_action skewed = server::answer_body(
        403, "<Error><Code>RequestTimeTooSkewed</Code><ServerTime>" +
                 s3::format_iso8601(now + std::chrono::hours(hours)) + "</ServerTime></Error>");
    skewed.without_headers = {"date"};
    b.store().add_fault(on_put(skewed, 1));
    put_key(b);
    BOOST_TEST(b.count("PutObject") == 2U);
  }
}

BOOST_AUTO_TEST_CASE(a_clock_that_cannot_be_set_right_is_an_error) {
  bench b;
  b.store().add_fault(on_put(server::answer_error(403, "RequestTimeTooSkewed"), 0));
  BOOST_TEST(put_error(b).code == s3::errc::clock_skew);
  BOOST_TEST(b.count("PutObject") == 2U);
}

BOOST_AUTO_TEST_CASE(expired_credentials_are_read_again_once) {
  server::server_options options = good_tls();
  options.credentials = {{"old-key", {"old-secret-0", "old-token", true}},
                         {"new-key", {"new-secret-0", "new-token", false}}};
  server::server store(options);
  store.create_bucket(bucket);
  s3::session_options client = quick_options();
  client.endpoint_url = store.url();
  // The environment of the process changes under us, as a credentials file would.
  auto renewed = std::make_shared<std::atomic<bool>>(false);
  s3::environment env = with_keys();
  env.variable = [renewed](const char* name) -> std::optional<std::string> {
    const std::string age = *renewed ? "new" : "old";
    const std::string_view wanted = name;
    if (wanted == "AWS_ACCESS_KEY_ID") return age + "-key";
    if (wanted == "AWS_SECRET_ACCESS_KEY") return age + "-secret-0";
    if (wanted == "AWS_SESSION_TOKEN") return age + "-token";
    return std::nullopt;
  };
  const auto session = opened(client, env);
  run_with(session, [](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> put = co_await put_text(c, "key", "text");
    BOOST_TEST(failed(put).code == s3::errc::expired_token);
  });
  BOOST_TEST(store.sums()["PutObject"] == 2U);
  *renewed = true;
  run_with(session, [](s3::client& c) -> awaitable<void> {
    ok(co_await put_text(c, "key", "text"));
    ok(co_await put_text(c, "key", "text"));
  });
  BOOST_TEST(store.sums()["PutObject"] == 5U);
}

namespace {

/// A helper that writes a line for each of its runs, and keys that ended long ago or go on for
/// long.
struct helper {
  temp_dir folder;
  s3::environment env;

  explicit helper(const std::string& expiration) {
    const std::string script = folder
                                   .write("keys.sh", "echo ran >>" + runs().string() +
                                                         "\nprintf '{\"Version\":1,"
                                                         "\"AccessKeyId\":\"test-access-key\","
                                                         "\"SecretAccessKey\":\"test-secret-key\","
                                                         "\"Expiration\":\"" +
                                                         expiration + "\"}'\n")
                                   .string();
    folder.write(".aws/config", "[default]\ncredential_process = sh " + script + "\n");
    env.home = folder.path().string();
    env.variable = [](const char*) { return std::optional<std::string>(); };
  }
  std::filesystem::path runs() const { return folder / "runs"; }
  std::size_t count() const { return std::filesystem::file_size(runs()) / 4; }
};

}  // namespace

BOOST_AUTO_TEST_CASE(keys_that_came_too_late_are_not_asked_for_at_every_request) {
  const helper late("2026-01-01T00:00:00Z");
  server::server store(good_tls());
  store.create_bucket(bucket);
  s3::session_options options = quick_options();
  options.endpoint_url = store.url();
  const auto session = opened(options, late.env);
  BOOST_TEST(session->describe().find("\"default\" (ended at 2026-01-01T00:00:00.000Z)") !=
             std::string::npos);
  for (int client = 0; client < 2; ++client) {
    run_with(session, [](s3::client& c) -> awaitable<void> {
      for (int i = 0; i < 5; ++i) ok(co_await put_text(c, "key", "text"));
    });
  }
  BOOST_TEST(store.sums()["PutObject"] == 10U);
  BOOST_TEST(late.count() == 1U);
}

BOOST_AUTO_TEST_CASE(who_gave_keys_that_came_too_late_is_named_when_the_store_refuses_them) {
  const helper late("2026-01-01T00:00:00Z");
  server::server_options refusing = good_tls();
  refusing.credentials = {{"test-access-key", {"test-secret-key", "", true}}};
  server::server store(refusing);
  store.create_bucket(bucket);
  s3::session_options options = quick_options();
  options.endpoint_url = store.url();
  run_with(opened(options, late.env), [](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> put = co_await put_text(c, "key", "text");
    const s3::error e = failed(put);
    BOOST_TEST(e.code == s3::errc::expired_token);
    BOOST_TEST(e.message.find("credential_process of profile \"default\" says that it ended at "
                              "2026-01-01T00:00:00.000Z") != std::string::npos,
               e.message);
  });
  BOOST_TEST(late.count() == 2U);
}

BOOST_AUTO_TEST_CASE(whether_keys_have_ended_is_told_by_the_stores_clock) {
  using std::chrono::hours;
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const helper good(s3::format_iso8601(now + hours(1)));
  server::server store(good_tls());
  store.create_bucket(bucket);
  s3::session_options options = quick_options();
  options.endpoint_url = store.url();
  options.now = [] {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) + hours(24);
  };
  run_with(opened(options, good.env), [](s3::client& c) -> awaitable<void> {
    for (int i = 0; i < 5; ++i) ok(co_await put_text(c, "key", "text"));
  });
  BOOST_TEST(store.sums()["PutObject"] == 6U);  // the first told the time
  BOOST_TEST(good.count() == 1U);
}

BOOST_AUTO_TEST_CASE(the_region_is_learned_from_the_answer_and_kept) {
  server::server_options options = good_tls();
  options.region = "eu-west-1";
  for (const char* wrong : {"", "us-west-2"}) {
    server::server store(options);
    store.create_bucket(bucket, "eu-west-1");
    s3::session_options client = quick_options();
    client.endpoint_url = store.url();
    client.region = wrong;
    run_with(opened(client), [](s3::client& c) -> awaitable<void> {
      ok(co_await put_text(c, "key", "text"));
      ok(co_await put_text(c, "key", "text"));
    });
    BOOST_TEST(store.sums()["PutObject"] == 3U, "region '" << wrong << "'");
  }
}

BOOST_AUTO_TEST_CASE(a_refused_checksum_is_remembered_and_the_next_one_offered) {
  for (const int status : {400, 501}) {
    server::server_options options = good_tls();
    options.differences.refused_checksums = {"crc64nvme"};
    options.differences.checksum_refusal_status = status;
    bench b(options);
    b.run([](s3::client& c) -> awaitable<void> {
      BOOST_TEST((c.upload_checksum() == s3::checksum_algorithm::crc64nvme));
      const s3::result<s3::put_answer> first = co_await put_text(c, "key", "text");
      BOOST_TEST(failed(first).code == s3::errc::checksum_refused);
      BOOST_TEST((c.upload_checksum() == s3::checksum_algorithm::crc32c));
      ok(co_await put_text(c, "key", "text"));
    });
    BOOST_TEST(b.count("PutObject") == 2U);
  }
  server::server_options options = good_tls();
  options.differences.refused_checksums = {"*"};
  bench b(options);
  b.run([](s3::client& c) -> awaitable<void> {
    for (int i = 0; i < 2; ++i) {
      const s3::result<s3::put_answer> put = co_await put_text(c, "key", "text");
      BOOST_TEST(failed(put).code == s3::errc::checksum_refused);
    }
    BOOST_TEST((c.upload_checksum() == s3::checksum_algorithm::none));
    ok(co_await put_text(c, "key", "text"));
  });
}

BOOST_AUTO_TEST_CASE(bytes_that_were_damaged_are_sent_again_with_their_checksum) {
  bench b;
  b.store().add_fault(
      on_put(server::answer_error(400, "InvalidDigest", "Failed to validate checksum"), 1));
  b.run([](s3::client& c) -> awaitable<void> {
    ok(co_await put_text(c, "key", "text"));
    BOOST_TEST((c.upload_checksum() == s3::checksum_algorithm::crc64nvme));
  });
  BOOST_TEST(b.count("PutObject") == 2U);
}

BOOST_AUTO_TEST_CASE(a_store_that_refuses_the_checksum_mode_of_reads_is_read_without_it) {
  for (const bool head_first : {false, true}) {
    bench b;
    b.store().put(bucket, "key", "text");
    fault_rule unknown;
    unknown.times = 0;
    unknown.when = [](const server::request_record& request) {
      return request.header("x-amz-checksum-mode").has_value();
    };
    unknown.action = server::answer_error(
        400, "InvalidArgument",
        "Unsupported header 'x-amz-checksum-mode' received for this API call.");
    b.store().add_fault(unknown);
    b.run([&](s3::client& c) -> awaitable<void> {
      if (head_first) BOOST_TEST(ok(co_await c.head("key")).size == 4U);
      BOOST_TEST(ok(co_await get_text(c, "key")) == "text");
      b.store().clear_log();
      BOOST_TEST(ok(co_await get_text(c, "key")) == "text");
    });
    BOOST_TEST(b.count("GetObject") == 1U);  // it was remembered
  }
}

BOOST_AUTO_TEST_CASE(retry_after_is_the_least_pause) {
  bench b;
  server::fault_action busy = server::answer_error(503, "SlowDown");
  busy.headers.emplace_back("retry-after", "1");
  b.store().add_fault(on_put(busy, 1));
  const auto began = std::chrono::steady_clock::now();
  put_key(b);
  BOOST_TEST((std::chrono::steady_clock::now() - began >= std::chrono::seconds(1)));
}

BOOST_AUTO_TEST_CASE(no_secret_reaches_the_log_or_an_error) {
  server::server_options options = good_tls();
  options.credentials = {
      {"AKIACANARYACCESS", {"canary-secret-key", "canary-session-token", false}}};
  server::server store(options);
  store.create_bucket(bucket);
  std::string log;
  std::mutex mutex;
  s3::session_options client = quick_options();
  client.endpoint_url = store.url();
  client.log = [&](std::string_view line) {
    const std::lock_guard lock(mutex);
    log.append(line).append("\n");
  };
  const auto session = opened(client, with_keys({{"AWS_ACCESS_KEY_ID", "AKIACANARYACCESS"},
                                                 {"AWS_SECRET_ACCESS_KEY", "canary-secret-key"},
                                                 {"AWS_SESSION_TOKEN", "canary-session-token"}}));
  store.add_fault(on_put(server::answer_error(503, "SlowDown"), 2));
  fault_rule echo;
  echo.operation = "GetObject";
  echo.times = 0;
  echo.action = server::answer_error(403, "AccessDenied", "you sent canary");
  store.add_fault(echo);
  run_with(session, [&](s3::client& c) -> awaitable<void> {
    ok(co_await put_text(c, "key", "text"));
    const s3::result<std::string> got = co_await get_text(c, "key");
    log += s3::describe(failed(got));
  });
  log += session->describe();
  BOOST_TEST(log.find("PutObject") != std::string::npos);
  BOOST_TEST(log.find("503") != std::string::npos);
  BOOST_TEST(log.find("canary-secret") == std::string::npos);
  BOOST_TEST(log.find("canary-session") == std::string::npos);
  BOOST_TEST(log.find("Signature") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
