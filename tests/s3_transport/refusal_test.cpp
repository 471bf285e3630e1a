// Refusals while the body is on its way, 100-continue, redirects.
#include "tests/s3_transport/fixture.hpp"

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;
using server::fault_rule;

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(the_answer_is_read_although_the_body_could_not_be_sent) {
  bench b;
  b.store().add_fault(on("PutObject", server::refuse_body(200'000, 403, "AccessDenied")));
  b.run([](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> put = co_await put_text(c, "key", pattern(20'000'000));
    const s3::error e = failed(put);
    BOOST_TEST(e.code == s3::errc::access_denied);
    BOOST_TEST(e.http == 403);
    BOOST_TEST(e.service_code == "AccessDenied");
  });
  BOOST_TEST(b.count("PutObject") == 1U);
}

BOOST_AUTO_TEST_CASE(a_refused_upload_is_repeated_where_that_makes_sense) {
  bench b;
  b.store().add_fault(on("PutObject", server::refuse_body(200'000, 503, "SlowDown"), 2));
  const std::string text = pattern(5'000'000);
  b.run([&](s3::client& c) -> awaitable<void> { ok(co_await put_text(c, "key", text)); });
  BOOST_TEST(b.count("PutObject") == 3U);
  BOOST_TEST((b.store().get(bucket, "key")->body == text));
}

BOOST_AUTO_TEST_CASE(a_conditional_upload_asks_before_it_sends_the_body) {
  bench b;
  const std::string text = pattern(3'000'000);
  b.store().put(bucket, "key", "older");
  b.run([&](s3::client& c) -> awaitable<void> {
    s3::put_request request;
    request.key = "key";
    request.if_none_match = true;
    stream_source body(text);
    const s3::result<s3::put_answer> put = co_await c.put(request, body);
    BOOST_TEST(failed(put).code == s3::errc::precondition_failed);
    BOOST_TEST(body.bytes_read == 0U);  // nothing of it was sent in vain
  });
  BOOST_TEST(b.count("PutObject") == 1U);
  BOOST_TEST(b.store().requests()[0].header("expect").value_or("") == "100-continue");
}

BOOST_AUTO_TEST_CASE(a_server_that_never_says_continue_gets_the_body_all_the_same) {
  server::server_options options = good_tls();
  options.differences.no_continue = true;
  s3::session_options client = quick_options();
  client.timeouts.expect_continue = std::chrono::milliseconds(200);
  bench b(options, client);
  const std::string text = pattern(300'000);
  b.run([&](s3::client& c) -> awaitable<void> {
    s3::put_request request;
    request.key = "key";
    request.if_none_match = true;
    stream_source body(text);
    ok(co_await c.put(request, body));
  });
  BOOST_TEST(b.count("PutObject") == 1U);
  BOOST_TEST((b.store().get(bucket, "key")->body == text));
}

BOOST_AUTO_TEST_CASE(small_conditional_uploads_do_not_wait) {
  bench b;
  b.run([&](s3::client& c) -> awaitable<void> {
    s3::put_request request;
    request.key = "key";
    request.if_none_match = true;
    memory_source body("small");
    ok(co_await c.put(request, body));
  });
  BOOST_TEST(!b.store().requests()[0].header("expect").has_value());
}

BOOST_AUTO_TEST_CASE(a_connection_that_closes_after_a_refusal_is_not_used_again) {
  server::server_options options = good_tls();
  options.differences.close_after_refusal = true;
  bench b(options);
  b.store().put(bucket, "key", "older");
  b.run([&](s3::client& c) -> awaitable<void> {
    for (int i = 0; i < 3; ++i) {
      s3::put_request request;
      request.key = "key";
      request.if_none_match = true;
      stream_source body(pattern(300'000));
      const s3::result<s3::put_answer> put = co_await c.put(request, body);
      const s3::error e = failed(put);
      BOOST_TEST(e.code == s3::errc::precondition_failed, s3::describe(e));
    }
  });
  BOOST_TEST(b.count("PutObject") == 3U);
}

BOOST_AUTO_TEST_CASE(no_redirect_is_followed_and_no_other_host_sees_a_request) {
  bench b;
  server::server other(good_tls());
  for (const int status : {301, 302, 303, 307, 308}) {
    for (const std::string& target :
         {other.url() + "/music/key", other.url("localhost") + "/music/key",
          std::string("http://127.0.0.1:1/"), b.store().url("localhost") + "/elsewhere"}) {
      b.store().clear_faults();
      b.store().clear_log();
      fault_rule rule;
      rule.times = 0;
      rule.action = server::redirect(status, target);
      b.store().add_fault(rule);
      b.run([&](s3::client& c) -> awaitable<void> {
        const s3::result<std::string> got = co_await get_text(c, "key");
        BOOST_TEST(failed(got).code == s3::errc::redirected, status << " to " << target);
        const s3::result<s3::put_answer> put = co_await put_text(c, "key", "text");
        BOOST_TEST(failed(put).code == s3::errc::redirected);
      });
      for (const auto& request : b.store().requests()) {
        BOOST_TEST(request.target.find("elsewhere") == std::string::npos);
      }
    }
  }
  BOOST_TEST(other.sums().total == 0U);
  BOOST_TEST(other.sums().connections == 0U);
}

BOOST_AUTO_TEST_CASE(a_source_that_fails_ends_the_call_with_its_words) {
  class torn final : public s3::body_source {
   public:
    std::uint64_t size() const noexcept override { return 2'000'000; }
    awaitable<s3::result<void>> read(std::uint64_t offset, std::span<std::byte> buffer) override {
      if (offset != 0) co_return s3::make_error(s3::errc::source_failed, "the file became shorter");
      std::fill(buffer.begin(), buffer.end(), std::byte(1));
      co_return s3::result<void>();
    }
  };
  bench b;
  b.run([](s3::client& c) -> awaitable<void> {
    s3::put_request request;
    request.key = "key";
    torn body;
    const s3::result<s3::put_answer> put = co_await c.put(request, body);
    const s3::error e = failed(put);
    BOOST_TEST(e.code == s3::errc::source_failed);
    BOOST_TEST(e.message == "the file became shorter");
  });
  BOOST_TEST(!b.store().get(bucket, "key").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
