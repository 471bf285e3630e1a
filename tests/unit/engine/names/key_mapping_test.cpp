#include "engine/names/key_mapping.hpp"

#include "tests/support/odd_names.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace beatsync::engine;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(names_as_keys)

BOOST_AUTO_TEST_CASE(odd_names_are_fine_both_ways) {
  for (const auto& name : beatsync::tests::odd_names()) {
    BOOST_TEST(!problem_of_key(name), name);
    BOOST_TEST(!problem_of_key("bob/" + name), name);
    BOOST_TEST(!problem_of_path("bob/" + name, 10), name);
  }
}

BOOST_AUTO_TEST_CASE(hostile_keys_are_refused) {
  for (const auto& key :
       {""s, "/"s, "//"s, "/etc/passwd"s, ".."s, "../x"s, "a/../b"s, "a/.."s, "."s, "./a"s,
        "a/./b"s, "a/."s, "a//b"s, "a//"s, "a/"s, "a\0b"s, "\0"s, "music/../../escape.txt"s}) {
    const auto problem = problem_of_key(key);
    BOOST_REQUIRE_MESSAGE(problem, key);
    BOOST_TEST((problem->why == reason::hostile_name), key);
  }
}

BOOST_AUTO_TEST_CASE(keys_that_only_look_hostile_are_not) {
  for (const auto* key : {"...", "..a", "a..", ".a", "a/...", "a\\..\\b", "C:\\x", "~", "a:b"}) {
    BOOST_TEST(!problem_of_key(key), key);
  }
}

BOOST_AUTO_TEST_CASE(too_long_or_not_utf8_is_invalid) {
  const auto invalid = [](const std::string& key) {
    const auto problem = problem_of_key(key);
    return problem && problem->why == reason::invalid_name;
  };
  BOOST_TEST(!invalid(std::string(255, 'x')));
  BOOST_TEST(invalid(std::string(256, 'x')));
  BOOST_TEST(invalid("a/" + std::string(256, 'x') + "/b"));
  BOOST_TEST(invalid("\xff"));
  BOOST_TEST(invalid("a\xc3/b"));

  BOOST_TEST(!problem_of_path(std::string(1014, 'x'), 10));
  BOOST_REQUIRE(problem_of_path(std::string(1015, 'x'), 10));
  BOOST_TEST((problem_of_path(std::string(1015, 'x'), 10)->why == reason::invalid_name));
  BOOST_TEST(problem_of_path("\xed\xa0\x80", 0).has_value());  // a lone surrogate
}

BOOST_AUTO_TEST_CASE(a_path_becomes_a_key_unchanged) {
  BOOST_TEST(key_of("dj/music/", "a b/\u00e9") == "dj/music/a b/\u00e9");
  BOOST_TEST(key_of("", "x") == "x");
}

BOOST_AUTO_TEST_SUITE_END()
