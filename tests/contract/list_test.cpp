// Listings: what is there, in byte order, page by page.
#include "tests/contract/bodies.hpp"
#include "tests/contract/steps.hpp"
#include "tests/contract/stores.hpp"
#include "tests/support/odd_names.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

using namespace beatsync;
using namespace beatsync::tests;
using boost::asio::awaitable;

BOOST_AUTO_TEST_SUITE(listing)

BOOST_DATA_TEST_CASE(an_empty_bucket_has_one_empty_page, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const s3::list_request everything;
    const auto page = ok(co_await store.list(everything));
    BOOST_TEST(page.objects.empty());
    BOOST_TEST(page.common_prefixes.empty());
    BOOST_TEST(page.next_token.empty());
  });
}

BOOST_DATA_TEST_CASE(an_entry_says_what_the_object_is, all_stores()) {
  const bool real_clock = sample != store_kind::memory;
  on_fresh_bucket(sample, [real_clock](s3::object_store& store) -> awaitable<void> {
    const auto before = std::chrono::system_clock::now() - std::chrono::seconds(5);
    const auto stored = co_await put_text(store, "dj/music/a.mp3", "twelve bytes");
    const s3::list_request everything;
    const auto page = ok(co_await store.list(everything));
    BOOST_TEST_REQUIRE(page.objects.size() == 1u);
    const auto& entry = page.objects.front();
    BOOST_TEST(entry.key == "dj/music/a.mp3");
    BOOST_TEST(entry.size == 12u);
    BOOST_TEST(entry.etag == stored.etag);
    BOOST_TEST(!entry.archived);
    if (!real_clock) co_return;
    BOOST_TEST((entry.last_modified > before));
    BOOST_TEST((entry.last_modified < before + std::chrono::minutes(2)));
  });
}

BOOST_DATA_TEST_CASE(pages_join_without_gap_or_overlap, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    std::vector<std::string> keys;
    for (char c = 'a'; c <= 'g'; ++c) {
      keys.push_back(std::string("tracks/") + c + ".mp3");
      co_await put_text(store, keys.back(), "x");
    }
    for (int page_size = 1; page_size <= 8; ++page_size) {
      s3::list_request request;
      request.max_keys = page_size;
      const auto found = co_await list_keys(store, request);
      BOOST_TEST(found == keys, boost::test_tools::per_element());
    }
  });
}

BOOST_DATA_TEST_CASE(a_page_holds_at_most_what_was_asked_for, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (char c = 'a'; c <= 'e'; ++c) co_await put_text(store, std::string(1, c), "x");
    s3::list_request request;
    request.max_keys = 2;
    const auto page = ok(co_await store.list(request));
    BOOST_TEST(page.objects.size() == 2u);
    BOOST_TEST(!page.next_token.empty());
  });
}

BOOST_DATA_TEST_CASE(only_keys_with_the_prefix, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (const char* key :
         {"dj/musi", "dj/music-old/1", "dj/music/1", "dj/music/2/3", "dj/xml/1"}) {
      co_await put_text(store, key, "x");
    }
    s3::list_request request;
    request.prefix = "dj/music/";
    const auto found = co_await list_keys(store, request);
    const std::vector<std::string> expected = {"dj/music/1", "dj/music/2/3"};
    BOOST_TEST(found == expected, boost::test_tools::per_element());
  });
}

BOOST_DATA_TEST_CASE(start_after_is_exclusive, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (const char* key : {"p/a", "p/b", "p/c", "p/d"}) co_await put_text(store, key, "x");
    s3::list_request request;
    request.prefix = "p/";
    request.start_after = "p/b";
    const auto found = co_await list_keys(store, request);
    const std::vector<std::string> expected = {"p/c", "p/d"};
    BOOST_TEST(found == expected, boost::test_tools::per_element());

    request.start_after = "p/bb";  // need not exist
    const auto later = co_await list_keys(store, request);
    BOOST_TEST(later == expected, boost::test_tools::per_element());
  });
}

BOOST_DATA_TEST_CASE(a_delimiter_folds_folders, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    for (const char* key : {"m/a/1", "m/a/2", "m/b/1", "m/file"}) {
      co_await put_text(store, key, "x");
    }
    s3::list_request request;
    request.prefix = "m/";
    request.delimiter = "/";
    const auto page = ok(co_await store.list(request));
    const std::vector<std::string> folders = {"m/a/", "m/b/"};
    BOOST_TEST(page.common_prefixes == folders, boost::test_tools::per_element());
    BOOST_TEST_REQUIRE(page.objects.size() == 1u);
    BOOST_TEST(page.objects.front().key == "m/file");
  });
}

// The merge join stands on it (docs/dev/design.md, decision 4).
BOOST_DATA_TEST_CASE(keys_come_in_byte_order, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    const std::vector<std::string> keys = {"A/1", "a!", "a-b/1", "a.b",     "a/b/1",      "a/b0",
                                           "a0",  "aB", "ab",    "z\uff5e", "z\U0001F3A7"};
    for (auto key = keys.rbegin(); key != keys.rend(); ++key) co_await put_text(store, *key, "x");
    const s3::list_request everything;
    const auto found = co_await list_keys(store, everything);
    BOOST_TEST(found == keys, boost::test_tools::per_element());
  });
}

BOOST_DATA_TEST_CASE(odd_names_survive, all_stores()) {
  on_fresh_bucket(sample, [](s3::object_store& store) -> awaitable<void> {
    std::vector<std::string> keys;
    for (const auto& name : odd_names()) keys.push_back("odd/" + name);
    for (const auto& key : keys) co_await put_text(store, key, "<" + key + ">");

    s3::list_request request;
    request.prefix = "odd/";
    request.max_keys = 7;  // tokens made of odd keys, too
    const auto found = co_await list_keys(store, request);
    BOOST_TEST(found == keys, boost::test_tools::per_element());

    for (const auto& key : keys) {
      const auto text = co_await get_text(store, key);
      BOOST_TEST(text == "<" + key + ">");
      const auto head = ok(co_await store.head(key));
      BOOST_TEST(head.size == key.size() + 2);
    }
    for (const auto& key : keys) {
      s3::list_request one;
      one.prefix = key;
      const auto match = co_await list_keys(store, one);
      BOOST_TEST(match.size() == 1u, key);
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()
