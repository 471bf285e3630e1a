// Connections: kept, dropped, replaced.
#include "tests/s3_transport/fixture.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;

BOOST_AUTO_TEST_SUITE(connections)

BOOST_AUTO_TEST_CASE(one_connection_serves_many_requests) {
  bench b;
  b.run([](s3::client& c) -> awaitable<void> {
    for (int i = 0; i < 20; ++i) {
      const std::string text = pattern(1000 * static_cast<std::size_t>(i));
      ok(co_await put_text(c, "key", text));
      BOOST_TEST((ok(co_await get_text(c, "key")) == text));
      const s3::result<s3::object_head> missing = co_await c.head("missing");
      BOOST_TEST(failed(missing).code == s3::errc::no_such_key);
    }
  });
  BOOST_TEST(b.store().sums().connections == 1U);
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_after_each_hundred_requests_costs_no_try) {
  bench b;
  server::network_conditions conditions;
  conditions.close_after = 10;
  b.store().set_conditions(conditions);
  b.run([](s3::client& c) -> awaitable<void> {
    for (int i = 0; i < 95; ++i) ok(co_await put_text(c, "key", "text"));
  });
  BOOST_TEST(b.count("PutObject") == 95U);
  BOOST_TEST(b.store().sums().connections == 10U);
  BOOST_TEST(b.store().sums().resumptions == 9U);
}

BOOST_AUTO_TEST_CASE(connections_that_died_while_idle_are_replaced_unnoticed) {
  bench b;
  std::string log;
  b.run([&](s3::client& c) -> awaitable<void> {
    for (int i = 0; i < 5; ++i) {
      ok(co_await put_text(c, "key", "text"));
      b.store().close_connections();
      co_await pause(std::chrono::milliseconds(20));
    }
  });
  BOOST_TEST(b.count("PutObject") == 5U);
  BOOST_TEST(b.store().sums().connections == 5U);
}

BOOST_AUTO_TEST_CASE(idle_connections_are_not_trusted_for_long) {
  s3::session_options options = quick_options();
  options.timeouts.idle = std::chrono::milliseconds(50);
  bench b(good_tls(), options);
  b.run([](s3::client& c) -> awaitable<void> {
    ok(co_await put_text(c, "key", "text"));
    co_await pause(std::chrono::milliseconds(120));
    ok(co_await put_text(c, "key", "text"));
  });
  BOOST_TEST(b.store().sums().connections == 2U);
}

BOOST_AUTO_TEST_CASE(plain_http_signs_the_payload) {
  server::server_options plain;
  bench b(plain);
  const std::string text = pattern(2'000'000);
  b.run([&](s3::client& c) -> awaitable<void> {
    ok(co_await put_text(c, "key", text));
    BOOST_TEST((ok(co_await get_text(c, "key")) == text));
  });
  const auto requests = b.store().requests();
  BOOST_TEST(requests[0].header("x-amz-content-sha256").value_or("").size() == 64U);
}

BOOST_AUTO_TEST_CASE(over_tls_the_payload_is_not_hashed) {
  bench b;
  b.run([&](s3::client& c) -> awaitable<void> { ok(co_await put_text(c, "key", "text")); });
  BOOST_TEST(b.store().requests()[0].header("x-amz-content-sha256").value_or("") ==
             "UNSIGNED-PAYLOAD");
}

BOOST_AUTO_TEST_CASE(virtual_hosted_buckets_stand_in_the_host_name) {
  server::server store(good_tls());
  store.create_bucket(bucket);
  s3::session_options client = quick_options();
  client.endpoint_url = store.url("s3.localhost");
  client.style = s3::addressing_style::virtual_hosted;
  client.retry.tries = 1;
  run_with(opened(client), [](s3::client& c) -> awaitable<void> {
    const s3::result<s3::put_answer> put = co_await put_text(c, "key", "text");
    // Not every resolver knows names below localhost.
    if (put.has_error()) BOOST_TEST(put.error().code == s3::errc::resolve_failed);
  });
  for (const auto& request : store.requests()) {
    BOOST_TEST(request.header("host").value_or("").starts_with("music.s3.localhost"));
    BOOST_TEST(request.target == "/key");
  }
}

BOOST_AUTO_TEST_CASE(the_path_of_an_endpoint_stands_before_all_paths_and_is_signed) {
  // A server that takes its first segment for a bucket: what matters is that the signature holds.
  server::server store(good_tls());
  store.create_bucket("storage");
  s3::session_options client = quick_options();
  client.endpoint_url = store.url() + "/storage/v1/s3/";
  std::string log;
  std::mutex mutex;
  client.log = [&](std::string_view line) {
    const std::lock_guard lock(mutex);
    log.append(line).append("\n");
  };
  const auto session = opened(client);
  BOOST_TEST(session->store_name() == store.url() + "/storage/v1/s3");
  run_with(session, [](s3::client& c) -> awaitable<void> {
    ok(co_await put_text(c, "a key", "text"));
    BOOST_TEST(ok(co_await get_text(c, "a key")) == "text");
  });
  for (const auto& request : store.requests())
    BOOST_TEST(request.target == "/storage/v1/s3/music/a%20key");
  BOOST_TEST(log.find(" " + store.url() + "/storage/v1/s3/music/a%20key ->") != std::string::npos,
             log);
}

BOOST_AUTO_TEST_CASE(a_host_is_reached_whose_first_addresses_are_dead) {
  for (const std::size_t dead : {1, 4, 6}) {
    server::server store(good_tls());
    store.create_bucket(bucket);
    s3::session_options client = quick_options();
    client.endpoint_url = store.url("localhost");
    client.look_up = [dead](const std::string&) {
      std::vector<std::string> found;
      for (std::size_t i = 0; i < dead; ++i) found.push_back("127.0.1." + std::to_string(i + 1));
      found.emplace_back("127.0.0.1");
      return found;
    };
    run_with(opened(client), [](s3::client& c) -> awaitable<void> {
      const s3::result<s3::put_answer> put = co_await put_text(c, "key", "text");
      ok(put);
    });
    BOOST_TEST(store.sums().connections == 1U, dead << " dead ones");
  }
}

BOOST_AUTO_TEST_CASE(many_calls_share_one_client) {
  using namespace boost::asio::experimental::awaitable_operators;
  bench b;
  for (int i = 0; i < 30; ++i) {
    b.store().put(bucket, "k" + std::to_string(i), pattern(50'000, static_cast<std::uint32_t>(i)));
  }
  b.run([&](s3::client& c) -> awaitable<void> {
    const auto ten = [&c](int from) -> awaitable<void> {
      for (int i = from; i < from + 10; ++i) {
        const std::string key = "k" + std::to_string(i);
        const std::string text = ok(co_await get_text(c, key));
        BOOST_TEST((text == pattern(50'000, static_cast<std::uint32_t>(i))));
      }
    };
    co_await (ten(0) && ten(10) && ten(20));
  });
  BOOST_TEST(b.store().sums().connections == 3U);
}

BOOST_AUTO_TEST_SUITE_END()
