// PUT: checksums, conditions, bodies that fail.
#include "tests/contract/bodies.hpp"
#include "tests/contract/steps.hpp"
#include "tests/contract/stores.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;

BOOST_AUTO_TEST_SUITE(writing)

BOOST_DATA_TEST_CASE(a_put_replaces, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const auto first = co_await put_text(store, "key", "one");
    const auto second = co_await put_text(store, "key", "two, longer");
    BOOST_TEST(first.etag != second.etag);
    const auto text = co_await get_text(store, "key");
    BOOST_TEST(text == "two, longer");
  });
}

BOOST_DATA_TEST_CASE(the_best_checksum_is_taken, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    co_await put_text(store, "key", "one");
    BOOST_TEST((store.upload_checksum() == s3::checksum_algorithm::crc64nvme));
    co_return;
  });
}

BOOST_DATA_TEST_CASE(a_damaged_body_is_refused_and_not_stored, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (const auto algorithm : {s3::checksum_algorithm::crc64nvme, s3::checksum_algorithm::crc32c,
                                 s3::checksum_algorithm::crc32}) {
      const std::string text = pattern(100000);
      s3::put_request request;
      request.key = "damaged";
      request.sum = sum_of(algorithm, text);
      request.sum.value ^= 1;  // as if a bit had flipped after the checksum was computed
      text_source body(text);
      const auto answer = co_await store.put(request, body);
      BOOST_TEST(failed(answer) == s3::errc::checksum_mismatch);
      const auto head = co_await store.head("damaged");
      BOOST_TEST(failed(head) == s3::errc::no_such_key);
    }
  });
}

BOOST_DATA_TEST_CASE(if_none_match_never_overwrites, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (const std::size_t size : {10, 100'000, 3'000'000}) {
      const std::string key = "key" + std::to_string(size);
      s3::put_request request;
      request.key = key;
      request.if_none_match = true;
      const std::string text = pattern(size);
      request.sum = sum_of(store.upload_checksum(), text);
      text_source body(text);
      ok(co_await store.put(request, body));
      const auto again = co_await store.put(request, body);
      BOOST_TEST(failed(again) == s3::errc::precondition_failed, size << " bytes");
      const auto kept = co_await get_text(store, key);
      BOOST_TEST((kept == text));
    }
  });
}

BOOST_DATA_TEST_CASE(if_match_overwrites_only_what_was_seen, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const auto first = co_await put_text(store, "key", "one");
    s3::put_request request;
    request.key = "key";
    request.if_match = first.etag;
    text_source body("two", true);
    ok(co_await store.put(request, body));
    text_source late("three", true);
    const auto answer = co_await store.put(request, late);
    BOOST_TEST(failed(answer) == s3::errc::precondition_failed);
    const auto kept = co_await get_text(store, "key");
    BOOST_TEST(kept == "two");
  });
}

BOOST_DATA_TEST_CASE(a_source_that_fails_stores_nothing, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (const std::uint64_t good : {0, 1'000'000}) {
      s3::put_request request;
      request.key = "short";
      // Versity Gateway keeps what came of a body that was cut off, unless a checksum tells.
      const std::string whole(4'000'000, '\0');
      request.sum = sum_of(s3::checksum_algorithm::crc64nvme, whole);
      failing_source body(whole.size(), good);
      const auto answer = co_await store.put(request, body);
      BOOST_TEST(failed(answer) == s3::errc::source_failed);
      const auto head = co_await store.head("short");
      BOOST_TEST(failed(head) == s3::errc::no_such_key);
    }
    co_await put_text(store, "after", "works");  // the client is as good as before
    const auto text = co_await get_text(store, "after");
    BOOST_TEST(text == "works");
  });
}

// Versity Gateway with a sidecar folder keeps metadata that a later PUT does not name; what is
// named it replaces, and beatsync always names the same.
BOOST_DATA_TEST_CASE(stored_metadata_is_replaced_with_the_object, all_stores()) {
  const bool forgets = sample != store_kind::versity;
  on_fresh_bucket(sample, [forgets](s3::object_store& store) -> awaitable<void> {
    s3::put_request request;
    request.key = "key";
    request.metadata = {{"mtime", "1.5"}};
    text_source body("x", true);
    ok(co_await store.put(request, body));
    request.metadata[0].second = "2.5";
    ok(co_await store.put(request, body));
    const auto changed = ok(co_await store.head("key"));
    BOOST_TEST_REQUIRE(changed.metadata.size() == 1u);
    BOOST_TEST(changed.metadata[0].second == "2.5");
    request.metadata.clear();
    ok(co_await store.put(request, body));
    const auto head = ok(co_await store.head("key"));
    if (forgets) BOOST_TEST(head.metadata.empty());
  });
}

BOOST_AUTO_TEST_SUITE_END()
