// Copies whose buckets are listed by several joins at once: what the cuts may not change.
#include "tests/unit/engine/copy/copy_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdio>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace beatsync;
using namespace beatsync::engine;
using namespace beatsync::tests;
using names = std::set<std::string>;

namespace {

constexpr std::size_t page = 4;

std::string text_of(const char* format, unsigned number) {
  char text[64];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

names formatted(const char* format, unsigned count, unsigned step = 1) {
  names all;
  for (unsigned i = 0; i < count; ++i) all.insert(text_of(format, i * step));
  return all;
}

/// Artists, albums and tracks, some of them beyond ASCII.
names by_artist(unsigned seed, std::size_t count) {
  std::mt19937 random(seed);
  const std::vector<std::string> letters = {"A", "b", "K", "z", "7", "é", "Ж", "日", " ", "-"};
  const auto word = [&] {
    std::string text;
    for (auto n = 1 + random() % 3; n != 0; --n) text += letters[random() % letters.size()];
    return text;
  };
  names all;
  while (all.size() < count) all.insert(word() + "/" + word() + "/" + word() + ".mp3");
  return all;
}

std::vector<names> shapes() {
  return {formatted("DJ Music/%06u.mp3", 700),
          formatted("DJ Music/%08x/a.mp3", 700, 0x123457),
          formatted("%u", 700),
          by_artist(1, 700),
          by_artist(2, 500),
          formatted("a/b/c/d/e%u/f", 300)};
}

std::size_t pages_of(std::size_t count) { return (count + page - 1) / page; }

struct many_pages : two_buckets {
  many_pages() : two_buckets(page) { task.dry_run = true; }

  void fill(const names& all) {
    for (const auto& name : all) from->put("music/" + name, "x");
  }
  std::vector<std::string> planned() const {
    std::vector<std::string> keys;
    for (const auto& it : seen.items) keys.push_back(it.key.substr(task.prefix.size()));
    return keys;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ranges_of_a_copy)

BOOST_AUTO_TEST_CASE(find_every_name_once) {
  std::mt19937 random(3);
  for (const names& all : shapes()) {
    many_pages world;
    world.fill(all);
    names missing;
    for (const auto& name : all) {
      if (random() % 3 == 0) {
        missing.insert(name);
      } else {
        world.to->put("copy/" + name, "x");
      }
      if (random() % 3 == 0) world.to->put("copy/" + name + "~", "only there");
    }
    const report how = world.run();
    BOOST_TEST_CONTEXT(*all.begin()) {
      BOOST_TEST(!how.stopped);
      BOOST_TEST(how.count.unchanged == all.size() - missing.size());
      const auto found = world.planned();
      BOOST_TEST(found.size() == missing.size());
      BOOST_TEST((names(found.begin(), found.end()) == missing));
      // Several ranges at once, and few requests for nothing.
      BOOST_TEST(!std::ranges::is_sorted(found));
      const auto pages = pages_of(all.size());
      BOOST_TEST(world.from->count(store_call::list) <= 2 * pages);
    }
  }
}

BOOST_AUTO_TEST_CASE(are_not_cut_where_there_are_few_pages) {
  for (const unsigned count : {0U, 1U, 4U, 5U, 16U}) {
    many_pages world;
    world.fill(formatted("%04u", count));
    const report how = world.run();
    BOOST_TEST(!how.stopped);
    BOOST_TEST(how.count.planned == count);
    BOOST_TEST(world.from->count(store_call::list) == std::max<std::size_t>(1, pages_of(count)));
    BOOST_TEST(world.to->count(store_call::list) == 1U);
  }
}

BOOST_AUTO_TEST_CASE(are_not_listed_where_only_the_target_has_names) {
  many_pages world;
  world.fill(formatted("a%u", 3));
  for (const auto& name : formatted("b%04u", 400)) world.to->put("copy/" + name, "x");
  BOOST_TEST(world.run().count.planned == 3U);
  BOOST_TEST(world.to->count(store_call::list) <= 3U);
}

// One page of the target has come, and reaches beyond the cuts: what it has there is not missing.
BOOST_AUTO_TEST_CASE(know_what_the_last_page_of_the_target_has_behind_a_cut) {
  for (const names& all : shapes()) {
    const std::vector<std::string> sorted(all.begin(), all.end());
    const names there = {sorted[1], sorted[sorted.size() * 3 / 4], sorted.back()};
    for (const auto conflict : {on_conflict::leave, on_conflict::source_wins}) {
      many_pages world;
      world.task.conflict = conflict;
      world.fill(all);
      for (const auto& name : there) world.to->put("copy/" + name, "larger");
      const report how = world.run();
      const bool over = conflict == on_conflict::source_wins;
      BOOST_TEST_CONTEXT(sorted.front() << (over ? " over" : " left")) {
        BOOST_TEST(how.count.planned == all.size() - (over ? 0 : there.size()));
        BOOST_TEST(how.count.differs == (over ? 0 : there.size()));
        for (const auto& it : world.seen.items) {
          const bool differs = there.contains(it.key.substr(world.task.prefix.size()));
          BOOST_TEST((it.why == (differs ? reason::differs : reason::missing)), it.key);
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(find_nothing_to_do_a_second_time) {
  for (const names& all : shapes()) {
    many_pages world;
    world.task.dry_run = false;
    world.fill(all);
    world.to->put("copy/" + *all.begin(), "x");
    world.to->put("copy/" + *all.rbegin(), "x");
    BOOST_TEST(world.run().count.done == all.size() - 2);
    world.seen.items.clear();
    BOOST_TEST(world.run().count.unchanged == all.size());
    BOOST_TEST(world.seen.items.empty());
  }
}

BOOST_AUTO_TEST_CASE(do_not_list_a_target_again_that_ended_before_them) {
  many_pages world;
  const names all = formatted("%06u", 700);
  world.fill(all);
  world.to->put("copy/" + *all.begin(), "x");
  BOOST_TEST(world.run().count.planned == all.size() - 1);
  BOOST_TEST(world.to->count(store_call::list) == 1U);
}

BOOST_AUTO_TEST_CASE(end_the_copy_where_any_page_fails) {
  const names all = formatted("DJ Music/%05u", 120);
  const auto lists_of = [&](std::size_t bad, bool throws) {
    many_pages world;
    world.fill(all);
    std::size_t calls = 0;
    world.from->set_script([&](const store_event& event) {
      interference what;
      if (event.what != store_call::list || ++calls != bad) return what;
      if (throws) throw std::runtime_error("boom");
      what.refuse = scripted_error(s3::errc::access_denied, 403);
      return what;
    });
    const report how = world.run();
    BOOST_TEST_CONTEXT("request " << bad) {
      BOOST_TEST(how.stopped.has_value() == (bad != 0));
      if (bad != 0) BOOST_TEST(how.count.planned < all.size());
    }
    return calls;
  };
  const auto whole = lists_of(0, false);
  BOOST_TEST(whole > pages_of(all.size()));
  for (std::size_t bad = 1; bad <= pages_of(all.size()); ++bad) {
    lists_of(bad, false);
    lists_of(bad, true);
  }
}

BOOST_AUTO_TEST_CASE(take_turns_at_a_full_queue) {
  many_pages world;
  world.task.dry_run = false;
  world.tuning.queue = 1;
  const names all = by_artist(5, 300);
  world.fill(all);
  const report how = world.run();
  BOOST_TEST(!how.stopped);
  BOOST_TEST(how.count.done == all.size());
  BOOST_TEST(world.to->all().size() == all.size());
}

BOOST_AUTO_TEST_CASE(know_all_that_a_pattern_matched) {
  many_pages world;
  world.fill(formatted("a/%04u.mp3", 200));
  world.fill(formatted("b/%04u.wav", 200));
  world.task.names.exclude_globs = {"**/*.wav"};
  const report how = world.run();
  BOOST_TEST(how.count.planned == 200U);
  BOOST_TEST(world.seen.warnings.empty());
}

BOOST_AUTO_TEST_SUITE_END()
