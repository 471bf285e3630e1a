// Random libraries and buckets: the streamed difference equals the difference of two sets.

#include "engine/difference/difference.hpp"
#include "tests/unit/engine/difference/difference_fixture.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace beatsync;
using engine::direction;
using names = std::set<std::string>;

namespace {

/// Segments that sort in surprising places, and short enough to meet often.
constexpr std::array<const char*, 16> segments = {"a", "a.txt",  "a b",    "a-",        "a0", "a!",
                                                  "A", "b",      "ab",     "b.mp3",     "0",  "~",
                                                  "z", "\u4e2d", "\uff5e", "\U0001F3A7"};

std::string random_name(std::mt19937& random) {
  std::uniform_int_distribution<std::size_t> depth(1, 4);
  std::uniform_int_distribution<std::size_t> pick(0, segments.size() - 1);
  std::string name = segments[pick(random)];
  for (auto i = depth(random); i > 1; --i) name += std::string("/") + segments[pick(random)];
  return name;
}

/// Names that can be files of one tree: none is a folder of another one.
names random_tree(std::mt19937& random, std::size_t size) {
  names tree;
  names folders;
  while (size-- > 0) {
    const auto name = random_name(random);
    bool fits = !folders.contains(name);
    names above;
    for (auto slash = name.find('/'); slash != std::string::npos;
         slash = name.find('/', slash + 1)) {
      above.insert(name.substr(0, slash));
      fits = fits && !tree.contains(name.substr(0, slash));
    }
    if (!fits) continue;
    tree.insert(name);
    folders.merge(above);
  }
  return tree;
}

names minus(const names& a, const names& b) {
  names left;
  std::ranges::set_difference(a, b, std::inserter(left, left.end()));
  return left;
}

bool below_one_of(const names& files, const std::string& name) {
  for (auto slash = name.find('/'); slash != std::string::npos; slash = name.find('/', slash + 1)) {
    if (files.contains(name.substr(0, slash))) return true;
  }
  return false;
}

names folders_of(const names& files) {
  names folders;
  for (const auto& name : files) {
    for (auto slash = name.find('/'); slash != std::string::npos;
         slash = name.find('/', slash + 1)) {
      folders.insert(name.substr(0, slash));
    }
  }
  return folders;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(set_difference_of_random_trees)

BOOST_AUTO_TEST_CASE(equals_the_difference_of_sets) {
  std::mt19937 random(20240229);
  for (int round = 0; round < 150; ++round) {
    tests::difference_fixture world;
    tests::memory_bucket_settings settings;
    settings.page = 1 + static_cast<std::size_t>(round % 7);
    world.bucket = std::make_shared<tests::memory_bucket>(settings);
    const auto left = random_tree(random, 60);
    auto right = random_tree(random, 60);
    for (const auto& name : left) {
      if (random() % 2 == 0) right.insert(name);  // a bucket may hold `a` and `a/b`
    }
    for (const auto& name : left) world.local(name);
    for (const auto& name : right) world.remote(name);
    world.remote("a/", "");

    BOOST_TEST_CONTEXT("round " << round) {
      const auto up = world.run(direction::upload);
      names uploaded;
      for (const auto& a : up.actions) uploaded.insert(a.path);
      BOOST_TEST(uploaded == minus(left, right), boost::test_tools::per_element());
      BOOST_TEST(up.actions.size() == uploaded.size());
      BOOST_TEST(up.refusals.empty());

      const auto down = world.run(direction::download);
      names downloaded;
      names collisions;
      for (const auto& a : down.actions) downloaded.insert(a.path);
      for (const auto& r : down.refusals) {
        BOOST_TEST((r.why == engine::reason::collision));
        collisions.insert(r.path);
      }
      names lacking = minus(right, left);
      const names folders = folders_of(left);
      names files = minus(right, folders);
      files.insert(left.begin(), left.end());
      names expected_collisions;
      for (const auto& name : lacking) {
        if (folders.contains(name) || below_one_of(files, name)) expected_collisions.insert(name);
      }
      // Where no object lies beneath it, the name of a folder may be found out by the write alone.
      const names unseen = minus(minus(folders, folders_of(right)), collisions);
      expected_collisions = minus(expected_collisions, unseen);
      BOOST_TEST(downloaded == minus(lacking, expected_collisions),
                 boost::test_tools::per_element());
      BOOST_TEST(collisions == expected_collisions, boost::test_tools::per_element());
      BOOST_TEST(up.unchanged == down.unchanged);
      BOOST_TEST(up.unchanged == left.size() - minus(left, right).size());
    }
  }
}

BOOST_AUTO_TEST_CASE(is_the_same_in_any_partition) {
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    tests::difference_fixture world;
    for (const auto& name : random_tree(random, 40)) world.local(name);
    for (const auto& name : random_tree(random, 40)) world.remote(name);
    names cuts{random_name(random), random_name(random) + "/", random_name(random)};
    const auto whole = world.run(direction::upload);

    std::vector<std::string> parts;
    std::string after;
    cuts.insert("\U0010FFFF");
    for (const auto& until : cuts) {
      engine::difference_inputs inputs;
      inputs.way = direction::upload;
      inputs.range.after = after;
      inputs.range.until = until == "\U0010FFFF" ? "" : until;
      const auto part = world.run(inputs);
      BOOST_REQUIRE(!part.stopped);
      for (const auto& move : part.moves()) parts.push_back(move);
      after = until;
    }
    auto all = whole.moves();
    BOOST_TEST(parts == all, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(is_the_same_with_any_number_of_requests_at_once) {
  // Pairs in two spellings lie far apart, mostly in other ranges.
  const std::array<const char*, 6> odd = {"e\u0301", "\u00e9", "u\u0308", "\u00fc", "n", "~"};
  std::mt19937 random(5);
  for (int round = 0; round < 80; ++round) {
    tests::difference_fixture world;
    tests::memory_bucket_settings settings;
    settings.page = 1 + random() % 5;
    world.bucket = std::make_shared<tests::memory_bucket>(settings);
    const auto spelled = [&] {
      return random_name(random) + odd[random() % odd.size()] + std::to_string(random() % 8);
    };
    names left = random_tree(random, 80);
    for (int i = 0; i < 20; ++i) left.insert("x" + spelled());
    for (const auto& name : left) {
      if (!below_one_of(left, name)) world.local(name, std::string(random() % 2, '1'));
      if (random() % 4 != 0) world.remote(name);
    }
    for (int i = 0; i < 20; ++i) world.remote("x" + spelled());
    const auto lump = random_name(random);
    for (int i = 0; i < 40; ++i) world.remote(lump + std::to_string(i));
    engine::difference_inputs serial;
    serial.way = round % 2 == 0 ? direction::upload : direction::download;
    serial.conflict = engine::on_conflict::leave;
    serial.listings = 1;
    if (round % 3 == 0) serial.names.exclude_dirs = {"a", "ab/b"};
    if (round % 5 == 0) serial.names.include_dirs = {"A", "b", "ab", "z"};
    auto parallel = serial;
    parallel.listings = 2 + random() % 12;
    BOOST_TEST_CONTEXT("round " << round) {
      const auto one = world.run(serial);
      const auto many = world.run(parallel);
      BOOST_TEST(!one.stopped);
      BOOST_TEST(!many.stopped);
      BOOST_TEST(many.moves() == one.moves(), boost::test_tools::per_element());
      BOOST_TEST(many.refused() == one.refused(), boost::test_tools::per_element());
      BOOST_TEST(many.differs.size() == one.differs.size());
      BOOST_TEST(many.warnings == one.warnings, boost::test_tools::per_element());
      BOOST_TEST(many.compared == one.compared);
      BOOST_TEST(many.unchanged == one.unchanged);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
