#include "engine/names/glob.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <string_view>

using beatsync::engine::glob;

namespace {

struct covering {
  std::string_view pattern;
  std::string_view path;
  bool covered;
};

// A pattern covers what it matches and everything beneath.
constexpr covering table[] = {
    // names
    {"bob", "bob", true},
    {"bob", "bob/a.mp3", true},
    {"bob", "bobby/a.mp3", false},
    {"bob", "x/bob", false},
    {"bob/", "bob/a.mp3", true},
    {"./bob//house", "bob/house/x", true},
    {"/bob", "bob", true},
    // * and ? stop at /
    {"*.mp3", "a.mp3", true},
    {"*.mp3", "x/a.mp3", false},
    {"bob/*/2023-04-04", "bob/house/2023-04-04/x.mp3", true},
    {"bob/*/2023-04-04", "bob/house/deep/2023-04-04/x.mp3", false},
    {"bob/*/2023-04-04", "bob/house/2023-04-05", false},
    {"*", "anything/at/all", true},
    {"a*b*c", "aXbXbc", true},
    {"a*b*c", "aXbXbd", false},
    {"a*", "a", true},
    {"*a", "ba/c", true},
    {"?", "x", true},
    {"?", "xy", false},
    {"?", "\u00e9", true},
    {"?", "\U0001F3A7", true},
    {"a?b", "a/b", false},
    {"a?b/c", "a-b/c/d", true},
    // ** does not stop
    {"**", "a/b/c", true},
    {"**/*.wav", "a.wav", true},
    {"**/*.wav", "x/y/a.wav", true},
    {"**/*.wav", "x/y/a.mp3", false},
    {"x/**/z", "x/z", true},
    {"x/**/z", "x/a/b/z/more", true},
    {"x/**/z", "xa/z", false},
    {"x/**", "x/a", true},
    {"x/**", "x", false},
    {"a**z", "a/b/z", true},
    {"**live**", "x/y (live) z/a.mp3", true},
    {"**/live/**/x?.mp3", "live/a/live/b/x1.mp3", true},
    {"**/live/**/x?.mp3", "live/a/live/b/x.mp3", false},
    {"**/b", "ab", false},
    {"**/**/b", "b", true},
    // sets
    {"[ab]x", "ax", true},
    {"[ab]x", "cx", false},
    {"[a-c]x", "bx", true},
    {"[!a-c]x", "bx", false},
    {"[!a-c]x", "dx", true},
    {"[^a]x", "bx", true},
    {"[]a]", "]", true},
    {"[a-]", "-", true},
    {"[\u00e0-\u00ff]", "\u00e9", true},
    {"x[/]y", "x/y", false},
    {"a[b", "a[b", true},
    {"[Free] House", "F House", true},
    {"[Free] House", "[Free] House", false},
    // other characters are themselves
    {"a\\b", "a\\b", true},
    {"a.b", "axb", false},
    {"{a,b}", "{a,b}", true},
    {"caf\u00e9*", "caf\u00e9 del mar/x", true},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(glob_patterns)

BOOST_AUTO_TEST_CASE(cover_as_the_table_says) {
  for (const auto& row : table) {
    BOOST_TEST_CONTEXT(row.pattern << " over " << row.path) {
      BOOST_TEST(glob(row.pattern).covers(row.path) == row.covered);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_literal_name_covers_only_itself) {
  const auto name = glob::plain("[Free] House");
  BOOST_TEST(name.covers("[Free] House"));
  BOOST_TEST(name.covers("[Free] House/a.mp3"));
  BOOST_TEST(!name.covers("F House"));
  BOOST_TEST(!name.has_wildcards());
  BOOST_TEST(name.literal_head() == "[Free] House");
}

BOOST_AUTO_TEST_CASE(knows_what_is_a_pattern) {
  for (const auto* text : {"a*", "a?b", "[ab]", "**"}) BOOST_TEST(glob(text).has_wildcards());
  for (const auto* text : {"a", "a[b", "a]b", "{a}", "a/b", ""}) {
    BOOST_TEST(!glob(text).has_wildcards());
  }
}

BOOST_AUTO_TEST_CASE(knows_where_a_match_can_still_come) {
  BOOST_TEST(glob("bob/*/x").may_reach_beneath(""));
  BOOST_TEST(glob("bob/*/x").may_reach_beneath("bob"));
  BOOST_TEST(glob("bob/*/x").may_reach_beneath("bob/house"));
  BOOST_TEST(glob("bob/*/x").may_reach_beneath("bob/house/x/deep"));
  BOOST_TEST(!glob("bob/*/x").may_reach_beneath("bob/house/y"));
  BOOST_TEST(!glob("bob/*/x").may_reach_beneath("alice"));
  BOOST_TEST(!glob("bob/*/x").may_reach_beneath("bo"));
  BOOST_TEST(glob("**/x").may_reach_beneath("any/where"));
  BOOST_TEST(glob("a/b").may_reach_beneath("a"));
  BOOST_TEST(glob("a/b").may_reach_beneath("a/b/c"));
  BOOST_TEST(!glob("a/b").may_reach_beneath("a/c"));
  BOOST_TEST(!glob("a/bc").may_reach_beneath("a/b"));
}

BOOST_AUTO_TEST_CASE(knows_when_a_whole_folder_is_covered) {
  BOOST_TEST(glob("x/**").covers_folder("x"));
  BOOST_TEST(glob("x/*").covers_folder("x"));
  BOOST_TEST(glob("x").covers_folder("x"));
  BOOST_TEST(glob("x").covers_folder("x/y"));
  BOOST_TEST(!glob("x/*/*").covers_folder("x"));
  BOOST_TEST(glob("x/*/*").covers_folder("x/y"));
  BOOST_TEST(!glob("x/*.wav").covers_folder("x"));
  BOOST_TEST(!glob("x/?").covers_folder("x"));
}

BOOST_AUTO_TEST_CASE(ends_in_bounded_time_on_evil_pairs) {
  // Exponential matchers do not come back from these.
  const std::string text(2000, 'a');
  BOOST_TEST(!glob("*a*a*a*a*a*a*a*a*a*a*b").covers(text));
  BOOST_TEST(!glob("**a**a**a**a**a**a**b").covers(text));
  std::string deep;
  for (int i = 0; i < 500; ++i) deep += "a/";
  BOOST_TEST(!glob("**/a/**/a/**/a/**/a/**/b").covers(deep + "c"));
}

BOOST_AUTO_TEST_SUITE_END()
