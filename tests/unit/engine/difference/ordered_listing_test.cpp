// Several requests at once: what one of them may not do to the others.

#include "engine/difference/difference.hpp"
#include "tests/unit/engine/difference/difference_fixture.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using namespace beatsync;
using engine::direction;

namespace {

constexpr std::size_t page = 4;

std::string name(int number) {
  char text[16];
  std::snprintf(text, sizeof text, "n%04d", number);
  return text;
}

tests::difference_fixture empty_world(std::size_t keys_of_a_page = page) {
  tests::difference_fixture world;
  tests::memory_bucket_settings settings;
  settings.page = keys_of_a_page;
  world.bucket = std::make_shared<tests::memory_bucket>(settings);
  return world;
}

/// `count` names on both sides, one more at the end of the local side.
tests::difference_fixture world_of(int count) {
  auto world = empty_world();
  for (int i = 0; i < count; ++i) {
    world.local(name(i));
    world.remote(name(i));
  }
  world.local("z");
  return world;
}

/// The same, and so many keys between two of them that their range takes many pages.
tests::difference_fixture world_with_a_long_range() {
  auto world = world_of(60);
  for (int i = 0; i < 40; ++i) world.remote(name(20) + "x" + std::to_string(100 + i));
  return world;
}

/// The bad-th request for a page is refused.
tests::memory_bucket::script refuse_page(std::size_t bad) {
  return [bad, calls = std::make_shared<std::size_t>()](const tests::store_event& event) {
    tests::interference what;
    if (event.what == tests::store_call::list && ++*calls == bad) {
      what.refuse = tests::scripted_error(s3::errc::access_denied, 403);
    }
    return what;
  };
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ordered_listings)

BOOST_AUTO_TEST_CASE(ask_for_no_page_twice) {
  for (const int count : {0, 1, 3, 4, 5, 8, 9, 100}) {
    auto world = world_of(count);
    const auto run = world.run(direction::upload);
    BOOST_TEST(!run.stopped);
    BOOST_TEST(run.unchanged == static_cast<std::uint64_t>(count));
    BOOST_TEST(run.actions.size() == 1U);
    const auto requests = world.bucket->count(tests::store_call::list);
    const auto pages =
        std::max<std::size_t>(1, (static_cast<std::size_t>(count) + page - 1) / page);
    BOOST_TEST_CONTEXT(count << " keys") {
      if (count <= 4) BOOST_TEST(requests == pages);
      BOOST_TEST(requests <= pages + 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(end_the_run_where_any_range_fails) {
  const auto whole = [] {
    auto world = world_of(60);
    world.run(direction::upload);
    return world.bucket->count(tests::store_call::list);
  }();
  BOOST_REQUIRE(whole >= 15U);
  for (std::size_t bad = 1; bad <= whole; ++bad) {
    auto world = world_of(60);
    world.bucket->set_script(refuse_page(bad));
    const auto run = world.run(direction::upload);
    BOOST_TEST_CONTEXT("request " << bad) {
      BOOST_REQUIRE(run.stopped);
      BOOST_TEST(run.stopped->error.has_value());
      // What the failed page may hold is not known: nothing is said to be missing.
      BOOST_TEST(run.actions.empty());
      BOOST_TEST(run.unchanged % page == 0U);
    }
  }
}

// Pages before the failure go on being asked for: a consumer that waits for one that nobody asked
// for waits for ever.
BOOST_AUTO_TEST_CASE(list_to_its_end_what_lies_before_a_range_that_fails) {
  const auto whole = world_with_a_long_range().run(direction::download);
  BOOST_REQUIRE(whole.actions.size() == 40U);
  for (std::size_t bad = 1;; ++bad) {
    auto world = world_with_a_long_range();
    world.bucket->set_script(refuse_page(bad));
    const auto run = world.run(direction::download);
    if (world.bucket->count(tests::store_call::list) < bad) break;
    BOOST_TEST_CONTEXT("request " << bad) {
      BOOST_REQUIRE(run.stopped);
      BOOST_TEST(run.stopped->error.has_value());
      // Without a gap: a key is handed out only if all before it were.
      const auto known = std::ranges::mismatch(run.actions, whole.actions, {}, &engine::action::key,
                                               &engine::action::key);
      BOOST_TEST((known.in1 == run.actions.end()));
      BOOST_TEST((run.actions.empty() || run.unchanged >= 21U));
      BOOST_TEST((run.unchanged <= 21U || run.actions.size() == 40U));
    }
  }
}

BOOST_AUTO_TEST_CASE(throw_what_the_store_throws) {
  auto world = world_of(60);
  std::size_t calls = 0;
  world.bucket->set_script([&](const tests::store_event& event) {
    if (event.what == tests::store_call::list && ++calls == 7) throw std::runtime_error("boom");
    return tests::interference();
  });
  BOOST_CHECK_THROW(world.run(direction::upload), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(find_new_keys_of_the_bucket_in_every_range) {
  auto world = world_of(80);
  for (int i = 0; i < 80; i += 7) world.remote(name(i) + "x");
  for (int i = 0; i < 30; ++i) world.remote(name(50) + "y" + std::to_string(100 + i));
  const auto run = world.run(direction::download);
  BOOST_TEST(!run.stopped);
  BOOST_TEST(run.actions.size() == 12U + 30U);
  BOOST_TEST(std::ranges::is_sorted(run.actions, {}, &engine::action::key));
  BOOST_TEST(run.unchanged == 80U);
}

BOOST_AUTO_TEST_CASE(find_all_keys_of_an_empty_folder_by_guessed_ranges) {
  auto world = empty_world(20);
  for (int i = 0; i < 2000; ++i) world.remote(name(i));
  const auto run = world.run(direction::download);
  BOOST_TEST(!run.stopped);
  BOOST_TEST(run.actions.size() == 2000U);
  BOOST_TEST(std::ranges::is_sorted(run.actions, {}, &engine::action::key));
  const auto requests = world.bucket->count(tests::store_call::list);
  BOOST_TEST(requests > 100U);  // some pages overlap: ranges were guessed
  BOOST_TEST(requests <= 140U);
}

BOOST_AUTO_TEST_CASE(end_where_an_included_folder_ends) {
  for (const auto way : {direction::download, direction::upload}) {
    auto world = empty_world(20);
    std::size_t lists = 0;
    world.bucket->set_script([&](const tests::store_event& event) {
      if (event.what == tests::store_call::list && ++lists == 1000)
        throw std::runtime_error("endless");
      return tests::interference();
    });
    for (int i = 0; i < 500; ++i) {
      for (const char* folder : {"House/", "Other/", "Techno/"}) world.remote(folder + name(i));
    }
    engine::difference_inputs inputs;
    inputs.way = way;
    inputs.names.include_dirs = {"House", "Techno"};
    const auto run = world.run(inputs);
    BOOST_TEST(!run.stopped);
    BOOST_TEST(run.actions.size() == (way == direction::download ? 1000U : 0U));
    BOOST_TEST(lists <= 80U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
