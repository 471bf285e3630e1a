// HEAD and GET.
#include "tests/contract/bodies.hpp"
#include "tests/contract/steps.hpp"
#include "tests/contract/stores.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;

BOOST_AUTO_TEST_SUITE(reading)

BOOST_DATA_TEST_CASE(head_says_what_put_stored, all_stores()) {
  const bool real_clock = sample != store_kind::memory;
  on_fresh_bucket(sample, [real_clock](s3::object_store& store) -> awaitable<void> {
    const std::string text = pattern(3000);
    s3::put_request request;
    request.key = "a.mp3";
    request.content_type = "audio/mpeg";
    request.metadata = {{"mtime", "1700000000.123456789"}, {"beatsync-root", "/Volumes/NO%20NAME"}};
    request.sum = sum_of(store.upload_checksum(), text);
    text_source body(text);
    const auto stored = ok(co_await store.put(request, body));

    const auto head = ok(co_await store.head("a.mp3"));
    BOOST_TEST(head.size == 3000u);
    BOOST_TEST(head.etag == stored.etag);
    BOOST_TEST(!head.etag.empty());
    BOOST_TEST(head.etag.find('"') == std::string::npos);
    auto metadata = head.metadata;
    std::ranges::sort(metadata);
    BOOST_TEST_REQUIRE(metadata.size() == 2u);
    BOOST_TEST(metadata[0].first == "beatsync-root");
    BOOST_TEST(metadata[0].second == "/Volumes/NO%20NAME");
    BOOST_TEST(metadata[1].first == "mtime");
    BOOST_TEST(metadata[1].second == "1700000000.123456789");
    const auto age = std::chrono::system_clock::now() - head.last_modified;
    if (real_clock) BOOST_TEST((age > std::chrono::seconds(-5) && age < std::chrono::minutes(2)));
    if (request.sum.known()) BOOST_TEST((head.full_checksum == request.sum));
  });
}

BOOST_DATA_TEST_CASE(get_gives_every_byte, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (const std::size_t size : {0, 1, 16384, 65536, 65537, 3000000}) {
      const std::string text = pattern(size, static_cast<std::uint32_t>(size));
      const auto stored = co_await put_text(store, "object", text);
      s3::get_request request;
      request.key = "object";
      text_sink sink;
      const auto head = ok(co_await store.get(request, sink));
      BOOST_TEST((sink.text() == text), size << " bytes");
      BOOST_TEST(head.size == size);
      BOOST_TEST(head.etag == stored.etag);
    }
  });
}

BOOST_DATA_TEST_CASE(get_gives_ranges, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const std::string text = pattern(200000);
    co_await put_text(store, "object", text);
    const std::vector<s3::byte_range> ranges = {{0, 1},      {0, 100000},    {100000, 100000},
                                                {199999, 1}, {65536, 65536}, {0, 200000}};
    for (const auto& range : ranges) {
      s3::get_request request;
      request.key = "object";
      request.range = range;
      text_sink sink;
      const auto head = ok(co_await store.get(request, sink));
      BOOST_TEST((sink.text() == text.substr(range.first, range.size)),
                 range.first << " + " << range.size);
      BOOST_TEST(head.size == 200000u);  // of the whole object
    }
  });
}

BOOST_DATA_TEST_CASE(get_can_bring_the_stored_checksum, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (const auto algorithm : {s3::checksum_algorithm::crc64nvme, s3::checksum_algorithm::crc32c,
                                 s3::checksum_algorithm::crc32}) {
      const std::string text = pattern(70000);
      s3::put_request put;
      put.key = "object";
      put.sum = sum_of(algorithm, text);
      text_source body(text);
      ok(co_await store.put(put, body));
      s3::get_request request;
      request.key = "object";
      request.want_checksum = true;
      text_sink sink;
      const auto head = ok(co_await store.get(request, sink));
      BOOST_TEST((sink.text() == text));
      BOOST_TEST((head.full_checksum == put.sum));
    }
  });
}

BOOST_DATA_TEST_CASE(if_match_keeps_versions_apart, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const auto first = co_await put_text(store, "object", "the first version");
    s3::get_request request;
    request.key = "object";
    request.if_match = first.etag;
    text_sink good;
    ok(co_await store.get(request, good));
    BOOST_TEST(good.text() == "the first version");

    co_await put_text(store, "object", "another version");
    text_sink bad;
    const auto answer = co_await store.get(request, bad);
    BOOST_TEST(failed(answer) == s3::errc::precondition_failed);
    BOOST_TEST(bad.text().empty());

    request.range = {4, 5};
    const auto ranged = co_await store.get(request, bad);
    BOOST_TEST(failed(ranged) == s3::errc::precondition_failed);
  });
}

BOOST_DATA_TEST_CASE(a_missing_key_is_no_such_key, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const auto head = co_await store.head("not/there");
    BOOST_TEST(failed(head) == s3::errc::no_such_key);
    s3::get_request request;
    request.key = "not/there";
    text_sink sink;
    const auto got = co_await store.get(request, sink);
    BOOST_TEST(failed(got) == s3::errc::no_such_key);
    BOOST_TEST(sink.text().empty());
  });
}

BOOST_DATA_TEST_CASE(a_full_disk_ends_the_get_and_not_the_client, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const std::string text = pattern(300000);
    co_await put_text(store, "object", text);
    s3::get_request request;
    request.key = "object";
    failing_sink sink;
    const auto answer = co_await store.get(request, sink);
    BOOST_TEST(failed(answer) == s3::errc::sink_failed);
    const auto again = co_await get_text(store, "object");
    BOOST_TEST((again == text));
  });
}

BOOST_AUTO_TEST_SUITE_END()
