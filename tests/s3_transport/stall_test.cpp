// Servers that fall silent, drip, or stop reading: every call ends in bounded time.
#include "tests/s3_transport/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;
using server::fault_rule;

namespace {

s3::error get_error(bench& b) {
  s3::error e;
  b.run([&](s3::client& c) -> awaitable<void> {
    const s3::result<std::string> got = co_await get_text(c, "key");
    e = failed(got);
  });
  return e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stalls)

BOOST_AUTO_TEST_CASE(a_get_without_answer_is_cut_and_names_the_host) {
  bench b(good_tls(), impatient_options());
  b.store().put(bucket, "key", "text");
  b.store().add_fault(on("GetObject", server::no_answer()));
  const s3::error e = get_error(b);
  BOOST_TEST(e.code == s3::errc::timed_out);
  BOOST_TEST(e.message.find("127.0.0.1 did not answer") != std::string::npos, e.message);
  // A second each, four seconds of silence in all.
  BOOST_TEST(b.count("GetObject") <= 6U);
  BOOST_TEST(b.count("GetObject") >= 2U);
}

BOOST_AUTO_TEST_CASE(one_lost_answer_costs_one_try) {
  bench b(good_tls(), impatient_options());
  b.store().put(bucket, "key", "text");
  b.store().add_fault(on("GetObject", server::no_answer(), 1));
  b.run([](s3::client& c) -> awaitable<void> {
    BOOST_TEST(ok(co_await get_text(c, "key")) == "text");
  });
}

/// Enough quick answers to know what is usual.
awaitable<void> learn_pace(s3::client& c) {
  for (int i = 0; i < 30; ++i) ok(co_await get_text(c, "key"));
}

/// A key whose first answer never comes.
void put_slow(bench& b, const std::string& key) {
  b.store().put(bucket, key, "late");
  fault_rule late = on("GetObject", server::no_answer(), 1);
  late.key = key;
  b.store().add_fault(late);
}

/// "key", and "slow", whose first answer never comes.
void put_quick_and_slow(bench& b) {
  b.store().put(bucket, "key", "text");
  put_slow(b, "slow");
}

/// One counted try, and far more patience than the test has.
s3::session_options patient_once() {
  s3::session_options options = quick_options();
  options.retry.tries = 1;
  options.timeouts.first_byte = options.timeouts.first_byte_after_body = std::chrono::minutes(10);
  options.retry.silence = std::chrono::minutes(10);
  return options;
}

BOOST_AUTO_TEST_CASE(an_answer_much_later_than_usual_is_asked_for_again) {
  bench b(good_tls(), patient_once());
  put_quick_and_slow(b);
  b.run([](s3::client& c) -> awaitable<void> {
    co_await learn_pace(c);
    BOOST_TEST(ok(co_await get_text(c, "slow")) == "late");
  });
  BOOST_TEST(b.count("GetObject") == 32U);
}

BOOST_AUTO_TEST_CASE(the_very_first_answer_is_asked_for_again_once_it_is_known_what_is_usual) {
  bench b(good_tls(), patient_once());
  put_quick_and_slow(b);
  b.run([&b](s3::client& c) -> awaitable<void> {
    const auto executor = co_await boost::asio::this_coro::executor;
    std::optional<std::string> came;
    boost::asio::co_spawn(
        executor, get_text(c, "slow"),
        [&came](const std::exception_ptr&, const s3::result<std::string>& got) { came = ok(got); });
    while (b.count("GetObject") == 0) co_await pause(std::chrono::milliseconds(1));
    co_await learn_pace(c);
    while (!came) co_await pause(std::chrono::milliseconds(20));
    BOOST_TEST(*came == "late");
  });
  BOOST_TEST(b.count("GetObject") == 32U);
}

// Each late answer makes lateness more usual, until it is forgotten what is: for the next requests,
// not for those that wait already.
BOOST_AUTO_TEST_CASE(several_late_answers_are_all_asked_for_again) {
  s3::session_options options = patient_once();
  options.retry.silence = std::chrono::seconds(20);  // then it is an error
  bench b(good_tls(), options);
  b.store().put(bucket, "key", "text");
  const std::vector<std::string> keys = {"slow 1", "slow 2", "slow 3", "slow 4"};
  for (const std::string& key : keys) put_slow(b, key);
  b.run([&keys](s3::client& c) -> awaitable<void> {
    co_await learn_pace(c);
    const auto executor = co_await boost::asio::this_coro::executor;
    std::vector<s3::result<std::string>> came;
    for (const std::string& key : keys) {
      boost::asio::co_spawn(executor, get_text(c, key),
                            [&came](const std::exception_ptr&, s3::result<std::string> got) {
                              came.push_back(std::move(got));
                            });
      co_await pause(std::chrono::milliseconds(200));
    }
    while (came.size() < keys.size()) co_await pause(std::chrono::milliseconds(20));
    for (const s3::result<std::string>& each : came) BOOST_TEST(ok(each) == "late");
  });
  BOOST_TEST(b.count("GetObject") == 30U + 2 * keys.size());
}

BOOST_AUTO_TEST_CASE(a_late_put_that_was_asked_for_again_changes_nothing) {
  bench b(good_tls(), patient_once());
  b.store().put(bucket, "key", "text");
  b.store().add_fault(on("PutObject", server::delay_answer(std::chrono::seconds(4)), 1));
  b.run([&b](s3::client& c) -> awaitable<void> {
    co_await learn_pace(c);
    s3::put_request request;
    request.key = "new";
    request.if_none_match = true;
    request.sum = sum_of("bytes", c.upload_checksum());
    memory_source body("bytes");
    ok(co_await c.put(request, body));
    for (int i = 0; i < 1000 && b.count("PutObject") < 2; ++i) {
      co_await pause(std::chrono::milliseconds(20));
    }
    BOOST_TEST(b.store().sums().statuses[412] == 1U);  // the first one, which came too late
    BOOST_TEST(ok(co_await get_text(c, "new")) == "bytes");
  });
}

BOOST_AUTO_TEST_CASE(a_body_that_stalls_is_cut_and_goes_on) {
  bench b(good_tls(), impatient_options());
  const std::string text = pattern(500'000);
  b.store().put(bucket, "key", text);
  b.store().add_fault(on("GetObject", server::stall_body(200'000), 2));
  b.run([&](s3::client& c) -> awaitable<void> {
    BOOST_TEST((ok(co_await get_text(c, "key")) == text));
  });
  BOOST_TEST(b.count("GetObject") == 3U);
}

BOOST_AUTO_TEST_CASE(a_body_that_stalls_for_ever_ends_in_an_error) {
  bench b(good_tls(), impatient_options());
  b.store().put(bucket, "key", pattern(500'000));
  b.store().add_fault(on("GetObject", server::stall_body(0)));
  BOOST_TEST(get_error(b).code == s3::errc::timed_out);
  BOOST_TEST(b.count("GetObject") <= 6U);
}

BOOST_AUTO_TEST_CASE(a_dripping_answer_counts_as_none) {
  bench b(good_tls(), impatient_options());
  b.store().put(bucket, "key", pattern(100'000));
  b.store().add_fault(on("GetObject", server::trickle(50)));
  BOOST_TEST(get_error(b).code == s3::errc::timed_out);
  BOOST_TEST(b.count("GetObject") <= 6U);
}

BOOST_AUTO_TEST_CASE(a_server_that_stops_reading_is_cut) {
  bench b(good_tls(), impatient_options());
  b.store().add_fault(on("PutObject", server::stop_reading(100'000)));
  b.run([](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> put = co_await put_text(c, "key", pattern(30'000'000));
    const s3::error e = failed(put);
    BOOST_TEST(e.code == s3::errc::timed_out);
    BOOST_TEST(e.message.find("took no bytes") != std::string::npos, e.message);
  });
  BOOST_TEST(b.count("PutObject") <= 6U);
}

BOOST_AUTO_TEST_CASE(a_slow_source_or_sink_is_not_the_servers_fault) {
  class slow_sink final : public s3::body_sink {
   public:
    explicit slow_sink(text_sink& inner) : inner_(inner) {}
    std::span<std::byte> prepare() override { return inner_.prepare(); }
    awaitable<s3::result<void>> commit(std::size_t n) override {
      co_await pause(std::chrono::milliseconds(1500));  // longer than no_progress
      co_return co_await inner_.commit(n);
    }

   private:
    text_sink& inner_;
  };
  bench b(good_tls(), impatient_options());
  const std::string text = pattern(200'000);
  b.store().put(bucket, "key", text);
  b.run([&](s3::client& c) -> awaitable<void> {
    s3::get_request request;
    request.key = "key";
    text_sink inner(100'000);
    slow_sink sink(inner);
    ok(co_await c.get(request, sink));
    BOOST_TEST((inner.text() == text));
  });
  BOOST_TEST(b.count("GetObject") == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_resolve_says_so) {
  s3::session_options options = quick_options();
  options.endpoint_url = "https://no-such-host.invalid:9";
  options.retry.tries = 2;
  run_with(opened(options), [](s3::client& c) -> awaitable<void> {
    const s3::result<void> answer = co_await c.head_bucket();
    const s3::error e = failed(answer);
    BOOST_TEST(e.code == s3::errc::resolve_failed);
    BOOST_TEST(e.message.find("no-such-host.invalid") != std::string::npos, e.message);
  });
}

BOOST_AUTO_TEST_CASE(a_port_where_nobody_listens_says_so) {
  std::uint16_t port = 0;
  {
    server::server gone(good_tls());
    port = gone.port();
  }
  s3::session_options options = quick_options();
  options.endpoint_url = "https://127.0.0.1:" + std::to_string(port);
  run_with(opened(options), [](s3::client& c) -> awaitable<void> {
    const s3::result<void> answer = co_await c.head_bucket();
    const s3::error e = failed(answer);
    BOOST_TEST(e.code == s3::errc::connect_failed);
    BOOST_TEST(e.message.find("refused") != std::string::npos, e.message);
  });
}

BOOST_AUTO_TEST_SUITE_END()
