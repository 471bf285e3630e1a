// A HEAD that is refused without words: a GET of the first byte finds out more.
#include "tests/s3_transport/fixture.hpp"

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;
using server::fault_rule;

BOOST_AUTO_TEST_SUITE(heads_by_get)

BOOST_AUTO_TEST_CASE(a_head_that_is_refused_without_words_finds_out_why) {
  server::server_options options = good_tls();
  options.region = "eu-west-1";
  server::server store(options);
  store.create_bucket(bucket, "eu-west-1");
  store.put(bucket, "key", "text");
  s3::session_options client = quick_options();
  client.endpoint_url = store.url();
  client.region = "us-west-2";
  run_with(opened(client), [](s3::client& c) -> awaitable<void> {
    const s3::object_head head = ok(co_await c.head("key"));
    BOOST_TEST(head.size == 4U);
    ok(co_await c.head_bucket());
  });
}

BOOST_AUTO_TEST_CASE(a_head_by_get_takes_empty_objects_and_chunks) {
  bench b;
  fault_rule no_head;
  no_head.operation = "HeadObject";
  no_head.times = 0;
  no_head.action = server::answer_body(403, "");
  b.store().add_fault(no_head);
  b.store().put(bucket, "empty", "");
  b.store().put(bucket, "key", "text");
  b.run([](s3::client& c) -> awaitable<void> {
    const s3::object_head empty = ok(co_await c.head("empty"));  // 416 to its first byte
    BOOST_TEST(empty.size == 0U);
    BOOST_TEST(empty.etag == "d41d8cd98f00b204e9800998ecf8427e");
  });
  fault_rule chunked;
  chunked.operation = "GetObject";
  chunked.times = 0;
  chunked.action.frame = server::framing::chunked;
  b.store().add_fault(chunked);
  b.run([](s3::client& c) -> awaitable<void> {
    const s3::object_head head = ok(co_await c.head("key"));
    BOOST_TEST(head.size == 4U);
  });
  b.store().clear_faults();
  b.store().clear_log();
  b.store().add_fault(no_head);
  chunked.action = server::answer_error(416, "InvalidRange");
  b.store().add_fault(chunked);
  b.run([](s3::client& c) -> awaitable<void> {
    const s3::result<s3::object_head> head = co_await c.head("key");
    BOOST_TEST(failed(head).service_code == "InvalidRange");
  });
  BOOST_TEST(b.count("GetObject") == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
