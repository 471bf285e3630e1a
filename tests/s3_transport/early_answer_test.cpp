// Answers to an upload before its body was sent.
#include "tests/s3_transport/fixture.hpp"

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;
using server::fault_rule;

namespace {

/// "Done" to a body of which the server has taken `after` bytes and takes no more.
server::fault_action done_too_early(std::uint64_t after) {
  server::fault_action lie = server::answer_body(200, "");
  lie.refuse_after = after;
  lie.headers.emplace_back("ETag", "\"d41d8cd98f00b204e9800998ecf8427e\"");
  return lie;
}

/// 417 without words, before the body.
server::fault_action expectation_failed() {
  server::fault_action no = server::answer_body(417, "");
  no.refuse_after = 0;
  return no;
}

awaitable<s3::result<s3::put_answer>> put_new(s3::client& c, std::string text) {
  s3::put_request request;
  request.key = "key";
  request.if_none_match = true;
  request.sum = sum_of(text);
  stream_source body(std::move(text));
  co_return co_await c.put(request, body);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(early_answers)

BOOST_AUTO_TEST_CASE(no_upload_is_done_before_its_body_was_sent) {
  bench b;
  b.store().add_fault(on("PutObject", done_too_early(0)));
  b.run([&](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> put = co_await put_new(c, pattern(300'000));
    const s3::error e = failed(put);
    BOOST_TEST(e.code == s3::errc::bad_reply);
    BOOST_TEST(e.http == 200);
  });
  BOOST_TEST(b.count("PutObject") == 2U);
  BOOST_TEST(b.count("HeadObject") == 2U);  // it may have arrived all the same: it is looked for

  b.store().clear_faults();
  b.store().add_fault(on("PutObject", done_too_early(200'000)));
  b.run([&](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> put = co_await put_text(c, "key", pattern(20'000'000));
    BOOST_TEST(put.has_error());  // bad_reply, or connection_lost where the reset came first
  });
  BOOST_TEST(!b.store().get(bucket, "key").has_value());

  b.store().clear_faults();
  b.store().add_fault(on("PutObject", done_too_early(0), 1));
  const std::string text = pattern(300'000);
  b.run([&](s3::client& c) -> awaitable<void> { ok(co_await put_new(c, text)); });
  BOOST_TEST((b.store().get(bucket, "key")->body == text));
}

BOOST_AUTO_TEST_CASE(an_early_answer_is_believed_where_the_object_is_there) {
  bench b;
  const std::string text = pattern(300'000);
  b.store().put(bucket, "key", text);
  b.store().add_fault(on("PutObject", done_too_early(0)));
  b.run([&](s3::client& c) -> awaitable<void> { ok(co_await put_new(c, text)); });
  BOOST_TEST(b.count("PutObject") == 1U);
}

BOOST_AUTO_TEST_CASE(no_part_is_done_before_its_body_was_sent) {
  bench b;
  b.store().add_fault(on("UploadPart", done_too_early(200'000), 1));
  const std::string text = pattern(20'000'000);
  b.run([&](s3::client& c) -> awaitable<void> {
    s3::create_upload_request create;
    create.key = "big";
    s3::upload_part_request part;
    part.key = "big";
    part.upload_id = ok(co_await c.create_upload(create));
    part.number = 1;
    stream_source body(text);
    ok(co_await c.upload_part(part, body));
  });
  BOOST_TEST(b.count("UploadPart") == 2U);
}

BOOST_AUTO_TEST_CASE(a_server_that_cannot_expect_is_asked_again_without) {
  bench b;
  fault_rule rule = on("PutObject", expectation_failed());
  rule.when = [](const server::request_record& r) { return r.header("expect").has_value(); };
  b.store().add_fault(rule);
  const std::string text = pattern(300'000);
  b.run([&](s3::client& c) -> awaitable<void> { ok(co_await put_new(c, text)); });
  BOOST_TEST(b.count("PutObject") == 2U);
  BOOST_TEST((b.store().get(bucket, "key")->body == text));

  b.store().clear_faults();
  b.store().clear_log();
  b.store().add_fault(on("PutObject", expectation_failed()));
  b.run([&](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> put = co_await put_new(c, text);
    const s3::error e = failed(put);
    BOOST_TEST(e.code == s3::errc::refused);
    BOOST_TEST(e.http == 417);
  });
  BOOST_TEST(b.count("PutObject") == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
