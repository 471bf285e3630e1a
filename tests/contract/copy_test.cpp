// Parts that the store takes from an object it has, and the conditions on both ends of a copy.
#include "tests/contract/bodies.hpp"
#include "tests/contract/steps.hpp"
#include "tests/contract/stores.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;

namespace copy_steps {  // named: coroutine frames of a test case hold these types

// Every part but the last has at least 5 MiB:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
constexpr std::size_t part_size = 5 * 1024 * 1024;

struct copy {
  s3::copy_part_request part;
  s3::complete_upload_request complete;
};

awaitable<copy> begin(s3::object_store& store, std::string from, std::string to,
                      s3::checksum_algorithm algorithm = s3::checksum_algorithm::none) {
  s3::create_upload_request create;
  create.key = to;
  create.content_type = "audio/x-wav";
  create.headers = {{"cache-control", "max-age=60"}};
  create.metadata = {{"mtime", "1700000000.5"}};
  create.algorithm = algorithm;
  copy c;
  c.part.source_key = from;
  c.part.key = to;
  c.part.number = 1;
  c.part.upload_id = ok(co_await store.create_upload(create));
  c.complete.key = to;
  c.complete.upload_id = c.part.upload_id;
  co_return c;
}

awaitable<void> take(s3::object_store& store, copy& c) {
  auto part = ok(co_await store.upload_part_copy(c.part));
  BOOST_TEST(part.number == c.part.number);
  BOOST_TEST(!part.etag.empty());
  c.complete.parts.push_back(std::move(part));
  ++c.part.number;
}

}  // namespace copy_steps

using namespace copy_steps;

BOOST_AUTO_TEST_SUITE(copies)

BOOST_DATA_TEST_CASE(a_whole_object_is_one_part, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const std::string text = pattern(70'000);
    for (const char* name : {"plain", "a b+c%41/\u00e4?x=1&y#z.wav", "quote'\"<>[]{}~!$*(),;:@="}) {
      const std::string from = std::string("from/") + name;
      const std::string to = std::string("to/") + name;
      const auto source = co_await put_text(store, from, text);
      auto c = co_await begin(store, from, to);
      c.part.source_etag = source.etag;
      co_await take(store, c);
      c.complete.size = text.size();
      c.complete.if_none_match = true;
      const auto answer = ok(co_await store.complete_upload(c.complete));
      const auto head = ok(co_await store.head(to));
      BOOST_TEST(head.etag == answer.etag);
      BOOST_TEST(head.size == text.size());
      BOOST_TEST(head.content_type == "audio/x-wav");
      BOOST_TEST_REQUIRE(head.headers.size() == 1u);
      BOOST_TEST(head.headers[0].first == "cache-control");
      BOOST_TEST(head.headers[0].second == "max-age=60");
      BOOST_TEST_REQUIRE(head.metadata.size() == 1u);
      BOOST_TEST(head.metadata[0].second == "1700000000.5");
      const auto copied = co_await get_text(store, to);
      BOOST_TEST((copied == text));
    }
  });
}

BOOST_DATA_TEST_CASE(ranges_are_parts, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const std::string text = pattern(2 * part_size + 1000);
    const auto source = co_await put_text(store, "set", text);
    auto c = co_await begin(store, "set", "copy");
    c.part.source_etag = source.etag;
    for (std::size_t first = 0; first < text.size(); first += part_size) {
      c.part.range = {first, std::min(part_size, text.size() - first)};
      co_await take(store, c);
    }
    c.complete.size = text.size();
    ok(co_await store.complete_upload(c.complete));
    const auto copied = co_await get_text(store, "copy");
    BOOST_TEST((copied == text));
  });
}

BOOST_DATA_TEST_CASE(the_source_must_be_the_one_that_was_listed, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const auto before = co_await put_text(store, "track", "first");
    co_await put_text(store, "track", "second");
    auto c = co_await begin(store, "track", "copy");
    c.part.source_etag = before.etag;
    const auto other = co_await store.upload_part_copy(c.part);
    BOOST_TEST(failed(other) == s3::errc::precondition_failed);
    c.part.source_key = "no such track";
    c.part.source_etag.clear();
    const auto gone = co_await store.upload_part_copy(c.part);
    BOOST_TEST(failed(gone) == s3::errc::no_such_key);
    ok(co_await store.abort_upload(c.part.key, c.part.upload_id));
    const auto head = co_await store.head("copy");
    BOOST_TEST(failed(head) == s3::errc::no_such_key);
  });
}

BOOST_DATA_TEST_CASE(the_target_must_be_the_one_that_was_listed, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    co_await put_text(store, "track", "copied");
    const auto there = co_await put_text(store, "copy", "somebody else's");
    auto c = co_await begin(store, "track", "copy");
    co_await take(store, c);
    c.complete.size = 6;
    c.complete.if_none_match = true;
    const auto missing = co_await store.complete_upload(c.complete);
    BOOST_TEST(failed(missing) == s3::errc::precondition_failed);
    c.complete.if_none_match = false;
    c.complete.if_match = "0123456789abcdef0123456789abcdef";
    const auto other = co_await store.complete_upload(c.complete);
    BOOST_TEST(failed(other) == s3::errc::precondition_failed);
    auto text = co_await get_text(store, "copy");
    BOOST_TEST(text == "somebody else's");
    c.complete.if_match = there.etag;
    ok(co_await store.complete_upload(c.complete));
    text = co_await get_text(store, "copy");
    BOOST_TEST(text == "copied");
  });
}

BOOST_DATA_TEST_CASE(a_copy_of_an_upload_that_never_was, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    co_await put_text(store, "track", "text");
    auto c = co_await begin(store, "track", "copy");
    ok(co_await store.abort_upload(c.part.key, c.part.upload_id));
    const auto answer = co_await store.upload_part_copy(c.part);
    BOOST_TEST(failed(answer) == s3::errc::no_such_upload);
  });
}

BOOST_AUTO_TEST_SUITE_END()
