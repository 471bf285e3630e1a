#include "engine/difference/range_tracker.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdio>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace beatsync::engine;
using keys = std::vector<std::string>;

namespace {

std::string name(int number) {
  char text[16];
  std::snprintf(text, sizeof text, "n%07d", number);
  return text;
}

keys numbered(int count, int step = 1) {
  keys all;
  for (int i = 0; i < count; i += step) all.push_back(name(i));
  return all;
}

/// As a scan would give them.
local_batch batch_of(const keys& all, std::size_t from, std::size_t to) {
  local_batch batch;
  for (auto i = from; i < std::min(to, all.size()); ++i) {
    local_entry e;
    e.offset = static_cast<std::uint32_t>(batch.text.size());
    e.length = static_cast<std::uint32_t>(all[i].size());
    batch.text += all[i];
    batch.entries.push_back(e);
  }
  batch.last = to >= all.size();
  return batch;
}

/// A bucket that answers the requests of a tracker in rounds: everything under way is answered,
/// then the consumer takes what it can.
struct simulation {
  keys bucket;
  keys local;
  std::size_t page = 1000;
  std::size_t most = 32;
  bool impatient = true;  ///< the consumer always waits for the bucket
  bool erratic = false;   ///< the scan is sometimes slow
  bool blind = false;     ///< no page shows what lies behind the last key, as of an include folder

  keys found;
  std::size_t requests = 0;
  std::size_t rounds = 0;
  std::size_t most_at_once = 0;

  struct range {
    std::string cursor;
    bool fetching = false;
    std::vector<keys> pages;
  };

  void run(std::mt19937& random) {
    names_ahead names;
    std::size_t scanned = 0;
    range_tracker tracker(key_range(), most);
    std::vector<range> ranges(1);
    while (!tracker.done()) {
      // The scan is somewhere ahead.
      while (!names.complete() && names.size() < (most + 1) * page &&
             (!erratic || random() % 4 != 0)) {
        names.add(batch_of(local, scanned, scanned + page));
        scanned += page;
      }
      while (const auto step = tracker.next_step(names)) {
        if (step->what == listing_step::kind::fetch) {
          ranges[step->range].fetching = true;
          ++requests;
        } else {
          range rest;
          rest.cursor = step->at;
          ranges.insert(ranges.begin() + static_cast<std::ptrdiff_t>(step->range) + 1, rest);
        }
      }
      std::size_t under_way = 0;
      for (const auto& r : ranges) under_way += r.fetching ? 1 : 0;
      most_at_once = std::max(most_at_once, under_way);
      ++rounds;
      for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (ranges[i].fetching) answer(tracker, ranges, i);
      }
      take(tracker, ranges, names);
      BOOST_REQUIRE(rounds < 10'000U);
    }
  }

  void answer(range_tracker& tracker, std::vector<range>& ranges, std::size_t i) {
    range& r = ranges[i];
    const auto& until = tracker.keys_of(i).until;
    auto at = std::ranges::upper_bound(bucket, r.cursor);
    page_facts facts;
    keys got;
    for (; at != bucket.end() && facts.all_keys < page; ++at, ++facts.all_keys) {
      const bool inside = until.empty() || *at <= until;
      if (facts.all_keys == 0) facts.first_listed = *at;
      facts.last_listed = *at;
      if (!inside && facts.next_key.empty()) facts.next_key = *at;
      if (inside) got.push_back(*at);
    }
    facts.more = at != bucket.end();
    facts.keys = got.size();
    if (!got.empty()) facts.last_key = r.cursor = got.back();
    const bool beyond = got.size() < facts.all_keys || (!got.empty() && got.back() == until);
    facts.over = !facts.more || beyond;
    facts.nothing_follows = !blind && !facts.more && got.size() == facts.all_keys;
    r.fetching = false;
    r.pages.push_back(std::move(got));
    tracker.page_came(i, facts);
    ranges.resize(tracker.size());
  }

  void take(range_tracker& tracker, std::vector<range>& ranges, names_ahead& names) {
    while (!tracker.done() && !ranges.front().pages.empty()) {
      auto& pages = ranges.front().pages;
      found.insert(found.end(), pages.front().begin(), pages.front().end());
      pages.erase(pages.begin());
      tracker.page_taken(impatient);
      while (!tracker.done() && tracker.front_is_done()) {
        tracker.pop_front();
        ranges.erase(ranges.begin());
      }
    }
    // The join went on to the last key that it was given.
    while (!names.empty() && !found.empty() && !names.front().entries.empty() &&
           names.front().path_of(names.front().entries.back()) <= found.back()) {
      names.pop_front();
    }
  }
};

simulation simulated(keys bucket, keys local, std::size_t page = 1000, std::size_t most = 32) {
  std::mt19937 random(11);
  simulation s;
  s.bucket = std::move(bucket);
  s.local = std::move(local);
  s.page = page;
  s.most = most;
  s.run(random);
  BOOST_TEST((s.found == s.bucket));
  return s;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(range_trackers)

BOOST_AUTO_TEST_CASE(ask_once_where_one_page_is_all) {
  for (const int count : {0, 1, 999, 1000}) {
    const auto s = simulated(numbered(count), numbered(5000));
    BOOST_TEST(s.requests == 1U);
  }
}

BOOST_AUTO_TEST_CASE(cost_no_request_more_where_both_sides_are_the_same) {
  for (const int count : {1001, 2000, 2001, 2500, 10'000, 100'000}) {
    const auto s = simulated(numbered(count), numbered(count));
    const auto pages = static_cast<std::size_t>((count + 999) / 1000);
    BOOST_TEST(s.requests <= pages + pages / 50);
    BOOST_TEST(s.most_at_once <= 32U);
  }
}

BOOST_AUTO_TEST_CASE(overlap_their_requests) {
  const auto s = simulated(numbered(200'000), numbered(200'000));
  BOOST_TEST(s.rounds < 20U);  // 200 pages: 1, 2, 4, 8, 16, 32, 32, …
  BOOST_TEST(s.most_at_once > 16U);
}

BOOST_AUTO_TEST_CASE(stay_narrow_for_a_consumer_that_does_not_wait) {
  std::mt19937 random(3);
  simulation s;
  s.bucket = numbered(50'000);
  s.local = s.bucket;
  s.impatient = false;
  s.run(random);
  BOOST_TEST((s.found == s.bucket));
  BOOST_TEST(s.most_at_once == 1U);
}

BOOST_AUTO_TEST_CASE(learn_how_full_the_bucket_is) {
  // Twice as many keys as local names, evenly; and half as many.
  const auto more = simulated(numbered(200'000), numbered(200'000, 2));
  BOOST_TEST(more.requests <= 230U);
  BOOST_TEST(more.rounds < 30U);
  const auto fewer = simulated(numbered(200'000, 2), numbered(200'000));
  BOOST_TEST(fewer.requests <= 115U);
}

BOOST_AUTO_TEST_CASE(guess_from_the_keys_where_no_local_names_are) {
  const auto guessed = [](keys bucket, keys local) {
    std::ranges::sort(bucket);
    const auto s = simulated(std::move(bucket), std::move(local));
    BOOST_TEST(s.requests <= 240U);
    BOOST_TEST(s.rounds <= 20U);
  };
  std::mt19937 random(5);
  keys folders;
  keys hashes;
  for (int i = 0; i < 200'000; ++i) {
    char text[64];
    std::snprintf(text, sizeof text, "House/%05d/%02d Track.mp3", i / 50, i % 50);
    folders.emplace_back(text);
    std::snprintf(text, sizeof text, "%08x%08x.bin", static_cast<unsigned>(random()),
                  static_cast<unsigned>(random()));
    hashes.emplace_back(text);
  }
  BOOST_TEST_CONTEXT("numbers") { guessed(numbered(200'000), {}); }
  BOOST_TEST_CONTEXT("a few names") { guessed(numbered(200'000), numbered(200'000, 20'000)); }
  BOOST_TEST_CONTEXT("folders") { guessed(folders, {}); }
  BOOST_TEST_CONTEXT("hashes") { guessed(hashes, {}); }
}

// Of a folder that was included nothing is listed behind its last key: whatever is guessed there is
// empty, and the next guess would be, too.
BOOST_AUTO_TEST_CASE(stop_guessing_behind_the_last_key) {
  for (const int count : {1'000, 2'000, 2'001, 3'000, 9'999, 20'000, 200'000}) {
    for (const bool known : {false, true}) {  // locally, the first two pages
      std::mt19937 random(3);
      simulation s;
      s.bucket = numbered(count);
      if (known) s.local = numbered(std::min(count, 2'000));
      s.blind = true;
      BOOST_TEST_CONTEXT(count << " keys") {
        s.run(random);
        BOOST_TEST((s.found == s.bucket));
        const auto pages = static_cast<std::size_t>(count) / 1000 + 1;
        BOOST_TEST(s.requests <= pages + pages / 2 + 10);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(guess_in_a_stretch_that_the_local_side_lacks) {
  keys local = numbered(50'000);
  for (int i = 150'000; i < 200'000; ++i) local.push_back(name(i));
  const auto s = simulated(numbered(200'000), local);
  BOOST_TEST(s.requests <= 220U);
  BOOST_TEST(s.rounds <= 50U);
}

BOOST_AUTO_TEST_CASE(stop_guessing_where_the_keys_show_no_order) {
  std::mt19937 random(5);
  const keys syllables = {"ka",  "lo", "mi", "ra", "sten", "Von", "The ", "DJ ", "ber",
                          "an",  "el", "to", "pa", "qu",   "ix",  "ja",   "ne",  "so",
                          "Ul ", "Ya", "zo", "da", "fu",   "gor", "hy"};
  std::set<std::string> bucket;
  for (int artist = 0; artist < 8000; ++artist) {
    std::string folder = "DJ Music/";
    for (auto n = 2 + random() % 4; n != 0; --n) folder += syllables[random() % syllables.size()];
    const int tracks = 1 + static_cast<int>(random() % 50);
    for (int i = 0; i < tracks; ++i) bucket.insert(folder + "/" + name(i));
  }
  const auto pages = bucket.size() / 1000 + 1;
  const auto s = simulated({bucket.begin(), bucket.end()}, {});
  BOOST_TEST(s.requests <= pages + pages / 10);
  BOOST_TEST(s.rounds <= pages + pages / 10);
}

BOOST_AUTO_TEST_CASE(find_every_key_once_whatever_the_sides_hold) {
  std::mt19937 random(99);
  for (int round = 0; round < 300; ++round) {
    std::set<std::string> bucket;
    std::set<std::string> local;
    const int size = 1 + static_cast<int>(random() % 400);
    for (int i = 0; i < size; ++i) {
      const auto key = name(static_cast<int>(random() % 500));
      if (random() % 3 != 0) bucket.insert(key);
      if (random() % 3 != 0) local.insert(key);
    }
    const int lump = static_cast<int>(random() % 500);
    for (int i = 0; i < 100 && round % 2 == 0; ++i) bucket.insert(name(lump) + name(i));
    std::mt19937 order(static_cast<unsigned>(round));
    simulation s;
    s.bucket.assign(bucket.begin(), bucket.end());
    s.local.assign(local.begin(), local.end());
    s.page = 1 + random() % 9;
    s.most = 1 + random() % 8;
    s.erratic = true;
    s.run(order);
    BOOST_TEST_CONTEXT("round " << round) {
      BOOST_TEST((s.found == s.bucket));
      BOOST_TEST(s.most_at_once <= s.most);
    }
  }
}

BOOST_AUTO_TEST_CASE(never_cut_at_what_is_no_key) {
  names_ahead names;
  auto batch = batch_of(numbered(4), 0, 4);
  batch.entries[1].kind = local_kind::odd;
  names.add(std::move(batch));
  range_tracker tracker(key_range(), 4);
  BOOST_REQUIRE(tracker.next_step(names));
  page_facts facts;  // one key of four is a page
  facts.last_key = name(0);
  facts.keys = facts.all_keys = 1;
  facts.more = true;
  tracker.page_came(0, facts);
  tracker.page_taken(true);
  const auto fetch = tracker.next_step(names);
  BOOST_REQUIRE(fetch);
  BOOST_TEST((fetch->what == listing_step::kind::fetch));
  const auto split = tracker.next_step(names);
  BOOST_REQUIRE(split);
  BOOST_TEST((split->what == listing_step::kind::split));
  BOOST_TEST(split->at == name(2));
}

BOOST_AUTO_TEST_CASE(go_on_before_a_page_that_failed) {
  names_ahead names;
  names.add(batch_of(numbered(100), 0, 100));
  range_tracker tracker(key_range(), 8);
  BOOST_REQUIRE(tracker.next_step(names));
  page_facts facts;  // ten keys are a page
  facts.last_key = name(9);
  facts.keys = facts.all_keys = 10;
  facts.more = true;
  tracker.page_came(0, facts);
  tracker.page_taken(true);
  std::size_t fetching = 0;
  while (const auto step = tracker.next_step(names)) {
    if (step->what == listing_step::kind::fetch) ++fetching;
  }
  BOOST_REQUIRE(fetching == 2U);

  page_facts nothing;
  nothing.failed = nothing.over = true;
  tracker.page_came(1, nothing);
  BOOST_TEST(!tracker.next_step(names));
  facts.last_key = name(9) + "x";  // more keys than names: the range goes on
  tracker.page_came(0, facts);
  tracker.page_taken(true);
  const auto step = tracker.next_step(names);
  BOOST_REQUIRE(step);
  BOOST_TEST((step->what == listing_step::kind::fetch));
  BOOST_TEST(step->range == 0U);
}

BOOST_AUTO_TEST_CASE(give_no_step_after_the_end) {
  range_tracker tracker(key_range(), 4);
  tracker.stop();
  BOOST_TEST(!tracker.next_step(names_ahead()));
}

BOOST_AUTO_TEST_SUITE_END()
