// Whom the client believes, and what it says when it does not.
#include "tests/s3_transport/fixture.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/throwaway_ca.hpp"

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;
using server::connection_fault;

namespace {

/// A bench whose server shows this certificate; the client believes the CA that signed it.
struct certificate_bench {
  temp_dir folder{"beatsync-tls"};
  throwaway_ca ca{folder.path()};

  s3::error rejected(const certificate_request& wanted, const std::string& host) {
    const certificate_files files = ca.issue(wanted);
    server::server_options options;
    options.tls = true;
    options.certificate = files.certificate;
    options.key = files.key;
    server::server store(options);
    s3::session_options client = quick_options();
    client.ca_bundle = ca.ca_file().string();
    client.endpoint_url = store.url(host);
    s3::error problem;
    run_with(opened(client), [&](s3::client& c) -> awaitable<void> {
      const s3::result<void> answer = co_await c.head_bucket();
      problem = failed(answer);
    });
    BOOST_TEST(store.sums().total == 0U);  // not a byte of HTTP was sent
    return problem;
  }
};

s3::errc head_bucket_over(server::server_options options, s3::session_options client) {
  bench b(std::move(options), std::move(client));
  s3::errc code{};
  b.run([&](s3::client& c) -> awaitable<void> {
    const s3::result<void> answer = co_await c.head_bucket();
    code = failed(answer).code;
  });
  return code;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tls)

BOOST_AUTO_TEST_CASE(good_certificates_are_believed_by_name_and_by_address) {
  for (const char* host : {"127.0.0.1", "localhost"}) {
    server::server store(good_tls());
    store.create_bucket(bucket);
    s3::session_options client = quick_options();
    client.endpoint_url = store.url(host);
    run_with(opened(client),
             [](s3::client& c) -> awaitable<void> { ok(co_await c.head_bucket()); });
  }
}

BOOST_AUTO_TEST_CASE(a_wrong_host_is_named) {
  certificate_bench b;
  certificate_request wanted;
  wanted.dns = {"other.example"};
  wanted.common_name = "localhost";  // the common name does not count
  const s3::error e = b.rejected(wanted, "localhost");
  BOOST_TEST(e.code == s3::errc::certificate_rejected);
  BOOST_TEST(e.message.find("another name") != std::string::npos, e.message);
}

BOOST_AUTO_TEST_CASE(an_address_needs_an_address_in_the_certificate) {
  certificate_bench b;
  certificate_request wanted;
  wanted.dns = {"localhost", "127.0.0.1"};  // as a DNS name it does not count
  wanted.ip = {};
  const s3::error e = b.rejected(wanted, "127.0.0.1");
  BOOST_TEST(e.code == s3::errc::certificate_rejected);
  BOOST_TEST(e.message.find("does not name the address") != std::string::npos, e.message);
}

BOOST_AUTO_TEST_CASE(a_common_name_with_a_zero_byte_is_no_match) {
  certificate_bench b;
  certificate_request wanted;
  wanted.dns = {};
  wanted.ip = {};
  wanted.common_name = std::string("localhost\0.evil.example", 23);
  const s3::error e = b.rejected(wanted, "localhost");
  BOOST_TEST(e.code == s3::errc::certificate_rejected);
}

BOOST_AUTO_TEST_CASE(expired_and_not_yet_valid_certificates_are_named) {
  certificate_bench b;
  certificate_request expired;
  expired.starts_in_days = -10;
  expired.ends_in_days = -1;
  const s3::error old = b.rejected(expired, "localhost");
  BOOST_TEST(old.code == s3::errc::certificate_rejected);
  BOOST_TEST(old.message.find("expired") != std::string::npos, old.message);
  certificate_request early;
  early.starts_in_days = 5;
  const s3::error future = b.rejected(early, "localhost");
  BOOST_TEST(future.message.find("not valid yet") != std::string::npos, future.message);
}

BOOST_AUTO_TEST_CASE(an_unknown_authority_is_named_with_what_to_do) {
  certificate_bench trusted;
  certificate_bench other;
  certificate_request self_signed;
  self_signed.self_signed = true;
  const s3::error alone = trusted.rejected(self_signed, "localhost");
  BOOST_TEST(alone.code == s3::errc::certificate_rejected);
  BOOST_TEST(alone.message.find("--ca-bundle") != std::string::npos, alone.message);

  s3::session_options client = quick_options();
  client.ca_bundle = other.ca.ca_file().string();
  BOOST_TEST(head_bucket_over(good_tls(), client) == s3::errc::certificate_rejected);
}

BOOST_AUTO_TEST_CASE(the_system_store_does_not_know_the_throwaway_authority) {
  s3::session_options client = quick_options();
  client.ca_bundle.clear();
  BOOST_TEST(head_bucket_over(good_tls(), client) == s3::errc::certificate_rejected);
}

BOOST_AUTO_TEST_CASE(a_bundle_from_the_environment_is_believed) {
  server::server store(good_tls());
  store.create_bucket(bucket);
  s3::session_options client = quick_options();
  client.ca_bundle.clear();
  client.endpoint_url = store.url();
  const auto session = opened(client, with_keys({{"AWS_CA_BUNDLE", trusted_ca()}}));
  run_with(session, [](s3::client& c) -> awaitable<void> { ok(co_await c.head_bucket()); });
}

BOOST_AUTO_TEST_CASE(a_bundle_that_cannot_be_read_is_a_configuration_error) {
  s3::session_options client = quick_options();
  client.endpoint_url = "https://localhost:1";
  for (const char* file : {"/does/not/exist.pem", "/dev/null"}) {
    client.ca_bundle = file;
    const auto session = s3::open_session(client, with_keys());
    BOOST_TEST(failed(session).code == s3::errc::bad_configuration);
  }
}

BOOST_AUTO_TEST_CASE(tls_older_than_1_2_is_refused) {
  server::server_options old = good_tls();
  old.tls_min_version = 0x0301;
  old.tls_max_version = 0x0302;
  old.tls_ciphers = "ALL:@SECLEVEL=0";
  BOOST_TEST(head_bucket_over(old, quick_options()) == s3::errc::tls_failed);
}

BOOST_AUTO_TEST_CASE(tls_1_2_and_1_3_both_work_and_resume) {
  for (const int version : {0x0303, 0x0304}) {
    server::server_options options = good_tls();
    options.tls_min_version = version;
    options.tls_max_version = version;
    bench b(options);
    for (int i = 0; i < 4; ++i) {
      b.run([](s3::client& c) -> awaitable<void> { ok(co_await c.head_bucket()); });
    }
    BOOST_TEST(b.store().sums().handshakes == 4U);
    BOOST_TEST(b.store().sums().resumptions == 3U, "TLS version " << version);
  }
}

BOOST_AUTO_TEST_CASE(a_server_that_speaks_no_tls_is_told_apart) {
  bench b;
  b.store().set_connection_fault(connection_fault::garbage, 1000);
  b.run([](s3::client& c) -> awaitable<void> {
    const s3::result<void> answer = co_await c.head_bucket();
    const s3::error e = failed(answer);
    BOOST_TEST(e.code == s3::errc::tls_failed);
    BOOST_TEST(e.message.find("http://") != std::string::npos, e.message);
  });
}

BOOST_AUTO_TEST_CASE(connections_that_break_before_the_first_request_are_tried_again) {
  for (const auto kind :
       {connection_fault::close, connection_fault::reset, connection_fault::garbage}) {
    bench b;
    b.store().set_connection_fault(kind, 2);
    b.run([](s3::client& c) -> awaitable<void> { ok(co_await c.head_bucket()); });
  }
}

// A load balancer or a tunnel takes the connection while the store behind it is away, and then
// drops it.
BOOST_AUTO_TEST_CASE(a_store_that_is_away_behind_a_proxy_is_waited_for) {
  s3::session_options client = quick_options();
  client.retry.longest_pause_when_absent = std::chrono::milliseconds(5);
  for (const auto kind : {connection_fault::close, connection_fault::reset}) {
    bench b(good_tls(), client);
    b.run([&](s3::client& c) -> awaitable<void> {
      ok(co_await c.head_bucket());
      b.store().set_connection_fault(kind, 20);  // more than the tries of a request
      b.store().close_connections();
      ok(co_await c.head_bucket());
    });
  }
}

BOOST_AUTO_TEST_CASE(a_silent_server_is_given_up_in_bounded_time) {
  s3::session_options client = quick_options();
  client.timeouts.handshake = std::chrono::milliseconds(300);
  client.retry.silence = std::chrono::milliseconds(1000);
  bench b(good_tls(), client);
  b.store().set_connection_fault(connection_fault::silent, 1000);
  b.run([](s3::client& c) -> awaitable<void> {
    const s3::result<void> answer = co_await c.head_bucket();
    const s3::error e = failed(answer);
    BOOST_TEST(e.code == s3::errc::timed_out);
    BOOST_TEST(e.message.find("handshake") != std::string::npos, e.message);
  });
}

BOOST_AUTO_TEST_SUITE_END()
