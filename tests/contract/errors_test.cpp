// What stands in the way of every operation: bucket, credentials, certificate, stop().
#include "tests/contract/bodies.hpp"
#include "tests/contract/steps.hpp"
#include "tests/contract/stores.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;

BOOST_AUTO_TEST_SUITE(errors)

BOOST_DATA_TEST_CASE(the_bucket_is_there, all_stores()) {
  on_fresh_bucket(
      sample, [](s3::object_store& store) -> awaitable<void> { ok(co_await store.head_bucket()); });
}

BOOST_DATA_TEST_CASE(a_missing_bucket_is_no_such_bucket, remote_stores()) {
  wrong_settings wrong;
  wrong.bucket = "no-such-bucket-here";
  const auto test = [](s3::object_store& store) -> awaitable<void> {
    const auto looked = co_await store.head_bucket();
    BOOST_TEST(failed(looked) == s3::errc::no_such_bucket);
    const s3::list_request everything;
    const auto listed = co_await store.list(everything);
    BOOST_TEST(failed(listed) == s3::errc::no_such_bucket);
    s3::put_request request;
    request.key = "key";
    text_source body("x", true);
    const auto stored = co_await store.put(request, body);
    BOOST_TEST(failed(stored) == s3::errc::no_such_bucket);
  };
  on_fresh_bucket(sample, test, wrong);
}

BOOST_DATA_TEST_CASE(a_wrong_secret_is_bad_credentials, remote_stores()) {
  wrong_settings wrong;
  wrong.secret_key = "another secret";
  const auto test = [](s3::object_store& store) -> awaitable<void> {
    const s3::list_request everything;
    const auto listed = co_await store.list(everything);
    BOOST_TEST(failed(listed) == s3::errc::bad_credentials);
    BOOST_TEST(s3::stops_everything(listed.error().code));
    BOOST_TEST(s3::describe(listed.error()).find("another secret") == std::string::npos);
  };
  on_fresh_bucket(sample, test, wrong);
}

BOOST_DATA_TEST_CASE(a_server_with_another_ca_is_not_talked_to, remote_stores()) {
  wrong_settings wrong;
  wrong.own_ca = true;
  const auto test = [](s3::object_store& store) -> awaitable<void> {
    const s3::list_request everything;
    const auto listed = co_await store.list(everything);
    BOOST_TEST(failed(listed) == s3::errc::certificate_rejected);
  };
  on_fresh_bucket(sample, test, wrong);
}

BOOST_DATA_TEST_CASE(after_stop_everything_is_cancelled, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    co_await put_text(store, "key", "x");
    store.stop();
    store.stop();  // any number of times
    const auto head = co_await store.head("key");
    BOOST_TEST(failed(head) == s3::errc::cancelled);
    const s3::list_request everything;
    const auto listed = co_await store.list(everything);
    BOOST_TEST(failed(listed) == s3::errc::cancelled);
    s3::put_request request;
    request.key = "other";
    text_source body("x", true);
    const auto stored = co_await store.put(request, body);
    BOOST_TEST(failed(stored) == s3::errc::cancelled);
  });
}

BOOST_DATA_TEST_CASE(abort_works_after_stop, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    s3::create_upload_request create;
    create.key = "set";
    const auto id = ok(co_await store.create_upload(create));
    store.stop();
    ok(co_await store.abort_upload("set", id));
  });
}

BOOST_AUTO_TEST_SUITE_END()
