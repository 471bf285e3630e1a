#include "engine/difference/date_cache.hpp"

#include "tests/support/memory_file_system.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace beatsync;
using engine::date_cache;

namespace {

engine::listed_object object(std::string_view key, std::string_view etag = "e",
                             std::int64_t modified_ms = 1'700'000'000'123) {
  return {key, etag, s3::time_point(std::chrono::milliseconds(modified_ms))};
}

std::string only_file(const tests::memory_file_system& files) {
  const auto all = files.files();
  BOOST_REQUIRE(all.size() == 1U);
  return all[0];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(remembered_dates)

BOOST_AUTO_TEST_CASE(survive_from_run_to_run) {
  tests::memory_file_system files;
  {
    auto cache = date_cache::open(files, "/cache/beatsync", "https://s3/bucket");
    BOOST_TEST(!cache.find(object("k")));
    cache.remember(object("k"), 42);
    cache.remember(object("odd \n key\u00e9", "e tag"), -7);
    BOOST_TEST(cache.find(object("k")).value() == 42);
    BOOST_REQUIRE(cache.flush());
    cache.remember(object("later"), 3);
    BOOST_REQUIRE(cache.flush());
  }
  const auto cache = date_cache::open(files, "/cache/beatsync", "https://s3/bucket");
  BOOST_TEST(cache.size() == 3U);
  BOOST_TEST(cache.find(object("k")).value() == 42);
  BOOST_TEST(cache.find(object("odd \n key\u00e9", "e tag")).value() == -7);
  BOOST_TEST(cache.find(object("later")).value() == 3);
  BOOST_TEST(!cache.find(object("k", "other")));
  BOOST_TEST(!cache.find(object("e", "k")));
}

// The ETag of the same bytes is the same, whatever mtime they came with.
BOOST_AUTO_TEST_CASE(bytes_that_were_uploaded_again_are_another_object) {
  tests::memory_file_system files;
  auto cache = date_cache::open(files, "/c", "s");
  cache.remember(object("k", "e", 1'000), 1);
  BOOST_TEST(!cache.find(object("k", "e", 1'001)));
  cache.remember(object("k", "e", 2'000), 2);
  BOOST_REQUIRE(cache.flush());
  const auto again = date_cache::open(files, "/c", "s");
  BOOST_TEST(again.find(object("k", "e", 1'000)).value() == 1);
  BOOST_TEST(again.find(object("k", "e", 2'000)).value() == 2);
  BOOST_TEST(!again.find(object("k", "e", -2'000)));
}

BOOST_AUTO_TEST_CASE(the_last_line_wins) {
  tests::memory_file_system files;
  auto cache = date_cache::open(files, "/c", "s");
  cache.remember(object("k"), 1);
  cache.remember(object("k"), 2);
  BOOST_REQUIRE(cache.flush());
  BOOST_TEST(date_cache::open(files, "/c", "s").find(object("k")).value() == 2);
}

BOOST_AUTO_TEST_CASE(stores_do_not_mix) {
  tests::memory_file_system files;
  auto one = date_cache::open(files, "/c", "https://one/b");
  one.remember(object("k"), 1);
  BOOST_REQUIRE(one.flush());
  BOOST_TEST(!date_cache::open(files, "/c", "https://two/b").find(object("k")));
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_an_empty_cache_and_begun_anew) {
  for (const auto* damage :
       {"", "garbage", "beatsync dates 3\n", "beatsync dates 1\n1 e k\n", "beatsync dates 2\n1 2 e",
        "beatsync dates 2\n1 2 e k\nx", "beatsync dates 2\n1 2 e k\n2 2 e %zz\n",
        "beatsync dates 2\nx 2 e k\n", "beatsync dates 2\n1 x e k\n", "beatsync dates 2\n1 2 e\n",
        "beatsync dates 2\n1 e k\n", "beatsync dates 2\n\n"}) {
    BOOST_TEST_CONTEXT(damage) {
      tests::memory_file_system files;
      auto cache = date_cache::open(files, "/c", "s");
      cache.remember(object("k"), 1);
      BOOST_REQUIRE(cache.flush());
      const auto path = only_file(files);
      files.add_file(path, damage);

      auto again = date_cache::open(files, "/c", "s");
      BOOST_TEST(again.size() == 0U);
      again.remember(object("new"), 5);
      BOOST_REQUIRE(again.flush());
      const auto healed = date_cache::open(files, "/c", "s");
      BOOST_TEST(healed.size() == 1U);
      BOOST_TEST(healed.find(object("new")).value() == 5);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_disk_that_refuses_costs_nothing_but_requests) {
  tests::memory_file_system files;
  files.set_script([](const tests::fs_event& e) { return e.operation == "write" ? ENOSPC : 0; });
  auto cache = date_cache::open(files, "/c", "s");
  cache.remember(object("k"), 1);
  const auto flushed = cache.flush();
  BOOST_REQUIRE(!flushed);
  BOOST_TEST(flushed.error().code == ENOSPC);
  BOOST_TEST(cache.find(object("k")).value() == 1);
}

BOOST_AUTO_TEST_CASE(no_folder_remembers_for_this_run_only) {
  tests::memory_file_system files;
  auto cache = date_cache::open(files, "", "s");
  cache.remember(object("k"), 1);
  BOOST_TEST(cache.find(object("k")).value() == 1);
  BOOST_REQUIRE(cache.flush());
  BOOST_TEST(files.files().empty());
}

BOOST_AUTO_TEST_CASE(many_names_are_kept_apart) {
  date_cache cache;
  std::vector<std::string> keys;
  for (int i = 0; i < 20'000; ++i) keys.push_back("key " + std::to_string(i));
  for (int i = 0; i < 20'000; ++i) cache.remember(object(keys[i]), i);
  BOOST_TEST(cache.size() == 20'000U);
  bool all = true;
  for (int i = 0; i < 20'000; ++i) all = all && cache.find(object(keys[i])) == i;
  BOOST_TEST(all);
}

BOOST_AUTO_TEST_SUITE_END()
