#include "tests/s3_server/listing.hpp"

#include "tests/s3_server/synthetic_keys.hpp"
#include "tests/unit/s3_server/loopback.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

using namespace beatsync::s3_server;
using beatsync::tests::element;
using beatsync::tests::elements;

namespace {

entry_source source_of(const std::set<std::string>& keys) {
  return [&keys](const std::string& from, bool inclusive) -> std::optional<listing_entry> {
    const auto found = inclusive ? keys.lower_bound(from) : keys.upper_bound(from);
    if (found == keys.end()) return std::nullopt;
    listing_entry entry;
    entry.key = *found;
    return entry;
  };
}

/// All pages: keys and common prefixes in their order, and how many pages it took.
std::pair<std::vector<std::string>, int> walk(listing_query query,
                                              const std::set<std::string>& keys) {
  std::vector<std::string> seen;
  int pages = 0;
  while (true) {
    const auto page = make_page(query, source_of(keys)).value();
    ++pages;
    for (const auto& entry : page.entries) seen.push_back(entry.key);
    for (const auto& prefix : page.common_prefixes) seen.push_back(prefix);
    if (!page.truncated) return {seen, pages};
    if (query.v2) {
      query.token = page.next_token;
    } else {
      query.start_after = page.next_token.empty() ? page.entries.back().key : page.next_token;
    }
  }
}

const std::set<std::string> some = {"a", "a/b", "a/c/d", "a/c/e", "b", "b/", "b/x", "c\xff", "d"};

}  // namespace

BOOST_AUTO_TEST_CASE(every_page_size_shows_every_key_once_and_in_order) {
  for (const bool v2 : {true, false}) {
    for (std::size_t size = 1; size <= some.size() + 1; ++size) {
      listing_query query;
      query.v2 = v2;
      query.max_keys = size;
      const auto [seen, pages] = walk(query, some);
      BOOST_TEST(seen == std::vector<std::string>(some.begin(), some.end()),
                 boost::test_tools::per_element());
      BOOST_TEST(pages == static_cast<int>((some.size() + size - 1) / size));
    }
  }
}

BOOST_AUTO_TEST_CASE(delimiters_roll_folders_up_once) {
  const std::vector<std::string> expected = {"a", "a/", "b", "b/", "c\xff", "d"};
  for (const bool v2 : {true, false}) {
    for (std::size_t size = 1; size <= expected.size(); ++size) {
      listing_query query;
      query.v2 = v2;
      query.delimiter = "/";
      query.max_keys = size;
      auto seen = walk(query, some).first;
      std::sort(seen.begin(), seen.end());
      BOOST_TEST(seen == expected, boost::test_tools::per_element());
    }
  }
}

BOOST_AUTO_TEST_CASE(prefix_and_start_after_limit_the_page) {
  listing_query query;
  query.prefix = "a/";
  BOOST_TEST(walk(query, some).first.size() == 3U);
  query.start_after = "a/c/d";
  BOOST_TEST(walk(query, some).first == std::vector<std::string>{"a/c/e"},
             boost::test_tools::per_element());
  query.start_after = "z";
  BOOST_TEST(walk(query, some).first.empty());
}

BOOST_AUTO_TEST_CASE(unknown_tokens_are_refused) {
  listing_query query;
  query.token = "made up";
  BOOST_TEST(!make_page(query, source_of(some)));
}

BOOST_AUTO_TEST_CASE(keys_are_spelled_as_aws_spells_them) {
  listing_query query;
  query.url_encoding = true;
  const std::set<std::string> keys = {"a b/c+d~e*(\xc3\xbc)\x1b"};
  const auto xml = to_xml(make_page(query, source_of(keys)).value());
  BOOST_TEST(element(xml, "Key") == "a+b/c%2Bd%7Ee*%28%C3%BC%29%1B");
  BOOST_TEST(element(xml, "EncodingType") == "url");
}

BOOST_AUTO_TEST_CASE(without_encoding_control_characters_become_references) {
  const std::set<std::string> keys = {"a\x1b&<"};
  const auto xml = to_xml(make_page({}, source_of(keys)).value());
  BOOST_TEST(element(xml, "Key") == "a&#27;&amp;&lt;");
  BOOST_TEST(elements(xml, "EncodingType").empty());
}

BOOST_AUTO_TEST_CASE(listings_over_http) {
  beatsync::tests::loopback server;
  for (const char* key : {"a/1", "a/2", "b"}) server.put("/music/" + std::string(key), "x");
  auto page = server.get("/music?list-type=2&max-keys=2&encoding-type=url");
  BOOST_TEST(elements(page.body, "Key").size() == 2U);
  BOOST_TEST(element(page.body, "KeyCount") == "2");
  BOOST_TEST(element(page.body, "IsTruncated") == "true");
  const auto token = element(page.body, "NextContinuationToken");
  page = server.get("/music?list-type=2&continuation-token=" + token);
  BOOST_TEST(element(page.body, "Key") == "b");
  BOOST_TEST(server.get("/music?list-type=2&continuation-token=x").status == 400);
  BOOST_TEST(server.get("/nothing?list-type=2").status == 404);
  BOOST_TEST(element(server.get("/music?delimiter=/").body, "Marker").empty());
}

BOOST_AUTO_TEST_CASE(synthetic_keys_rise_and_are_found_from_anywhere) {
  for (const std::uint64_t per_folder : {std::uint64_t{0}, std::uint64_t{7}}) {
    const synthetic_keys keys("p/", 100, per_folder);
    std::vector<std::string> all;
    for (auto key = keys.next("", true); key; key = keys.next(all.back(), false)) {
      all.push_back(*key);
    }
    BOOST_TEST(all.size() == 100U);
    BOOST_TEST(std::is_sorted(all.begin(), all.end()));
    BOOST_TEST(all.front() ==
               (per_folder == 0 ? "p/track 00000000.mp3" : "p/d000000/track 00000000.mp3"));
    for (std::size_t i = 0; i < all.size(); ++i) {
      BOOST_TEST(keys.contains(all[i]));
      BOOST_TEST(*keys.next(all[i], true) == all[i]);
      BOOST_TEST(*keys.next(all[i].substr(0, all[i].size() - 1), false) == all[i]);
    }
    BOOST_TEST(!keys.next(all.back(), false));
    BOOST_TEST(!keys.next("q", true));
    BOOST_TEST(!keys.contains("p/track 00000100.mp3"));
    BOOST_TEST(!keys.contains("p/d000000/track 00000050.mp3"));
  }
  BOOST_CHECK_THROW(synthetic_keys("", 100'000'001, 0), std::invalid_argument);
  BOOST_CHECK_THROW(synthetic_keys("", 2'000'000, 1), std::invalid_argument);
}
