// `100 Continue` that comes late, in pieces, or again and again while the body is on its way; and
// answers that end it.
#include "tests/s3_transport/fixture.hpp"

#include <boost/test/data/test_case.hpp>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;
using server::fault_rule;

namespace {

/// More than the sockets' buffers take: the sender is still at work when the server acts.
constexpr std::size_t much = 24'000'000;
constexpr std::uint64_t in_the_middle = 500'000;

fault_rule on_put(server::fault_action action) {
  fault_rule rule;
  rule.operation = "PutObject";
  rule.action = std::move(action);
  return rule;
}

/// Gives up soon waiting for a `100 Continue`, but not soon on a server.
bench impatient_for_continue(bool tls) {
  s3::session_options client = quick_options();
  client.timeouts.expect_continue = std::chrono::milliseconds(100);
  server::server_options options;
  if (tls) options = good_tls();
  return bench(options, client);
}

/// A conditional upload from a stream.
awaitable<s3::result<s3::put_answer>> put_new(s3::client& c, stream_source& body) {
  s3::put_request request;
  request.key = "key";
  request.if_none_match = true;
  co_return co_await c.put(request, body);
}

struct refusal {
  int status;
  const char* code;
  s3::errc expected;
};

std::ostream& operator<<(std::ostream& out, const refusal& r) { return out << r.status; }

const refusal refusals[] = {{403, "AccessDenied", s3::errc::access_denied},
                            {412, "PreconditionFailed", s3::errc::precondition_failed}};

}  // namespace

BOOST_AUTO_TEST_SUITE(continues)

namespace data = boost::unit_test::data;

// 12 bytes: up to the status; 21: all of the line and no more; 24: all but the last byte.
BOOST_DATA_TEST_CASE(a_late_continue_does_not_stop_the_body,
                     data::make({false, true}) * data::make({0, 4, 12, 21, 23, 24}), tls, in_time) {
  bench b = impatient_for_continue(tls);
  b.store().add_fault(
      on_put(server::late_continue(in_the_middle, static_cast<std::size_t>(in_time))));
  const std::string text = pattern(much);
  b.run([&](s3::client& c) -> awaitable<void> {
    stream_source body(text);
    ok(co_await put_new(c, body));
    BOOST_TEST(ok(co_await c.head("key")).size == much);  // on the same connection
  });
  BOOST_TEST(b.count("PutObject") == 1U);
  BOOST_TEST(b.store().sums().connections == 1U);
  BOOST_TEST((b.store().get(bucket, "key")->body == text));
}

BOOST_DATA_TEST_CASE(a_refusal_in_mid_body_stops_it,
                     data::make({false, true}) * data::make(refusals), tls, refused) {
  bench b = impatient_for_continue(tls);
  b.store().add_fault(
      on_put(server::refuse_body_and_hold(in_the_middle, refused.status, refused.code)));
  b.run([&](s3::client& c) -> awaitable<void> {
    stream_source body(pattern(much));
    const s3::result<s3::put_answer> put = co_await put_new(c, body);
    BOOST_TEST(failed(put).code == refused.expected);
    const std::uint64_t hashed = tls ? 0 : much;  // over plain HTTP it is read for that before
    BOOST_TEST(body.bytes_read - hashed < much);
  });
  BOOST_TEST(b.count("PutObject") == 1U);
}

BOOST_DATA_TEST_CASE(a_refusal_after_a_late_continue_stops_the_body_too, data::make({false, true}),
                     tls) {
  bench b = impatient_for_continue(tls);
  server::fault_action action =
      server::refuse_body_and_hold(2 * in_the_middle, 403, "AccessDenied");
  action.continue_after = in_the_middle;
  b.store().add_fault(on_put(action));
  b.run([&](s3::client& c) -> awaitable<void> {
    stream_source body(pattern(much));
    const s3::result<s3::put_answer> put = co_await put_new(c, body);
    BOOST_TEST(failed(put).code == s3::errc::access_denied);
  });
  BOOST_TEST(b.count("PutObject") == 1U);
}

// Whether a success that comes too soon is believed is not asked here.
BOOST_DATA_TEST_CASE(a_success_in_mid_body_stops_it, data::make({false, true}), tls) {
  bench b = impatient_for_continue(tls);
  server::fault_action action = server::answer_body(200, "");
  action.refuse_after = in_the_middle;
  action.hold_afterwards = true;
  b.store().add_fault(on_put(action));
  b.run([&](s3::client& c) -> awaitable<void> {
    stream_source body(pattern(much));
    static_cast<void>(co_await put_new(c, body));
    const std::uint64_t passes = tls ? 1 : 2;
    BOOST_TEST(body.bytes_read < passes * much * b.count("PutObject"));
  });
}

BOOST_AUTO_TEST_SUITE_END()
