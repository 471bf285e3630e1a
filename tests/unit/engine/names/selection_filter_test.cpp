#include "engine/names/selection_filter.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace beatsync::engine;

namespace {

selection_filter filter_of(std::vector<std::string> include_dirs,
                           std::vector<std::string> exclude_dirs = {},
                           std::vector<std::string> include_globs = {},
                           std::vector<std::string> exclude_globs = {}) {
  selection names;
  names.include_dirs = std::move(include_dirs);
  names.exclude_dirs = std::move(exclude_dirs);
  names.include_globs = std::move(include_globs);
  names.exclude_globs = std::move(exclude_globs);
  return selection_filter(names);
}

std::string shown(const std::vector<listing_range>& ranges) {
  std::string text;
  for (const auto& r : ranges) text += r.prefix + "(" + r.keys.after + "," + r.keys.until + "] ";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(selection_of_names)

BOOST_AUTO_TEST_CASE(nothing_given_selects_everything) {
  auto filter = filter_of({});
  BOOST_TEST(filter.selects_everything());
  BOOST_TEST(filter.selects("any/thing"));
  BOOST_TEST(!filter.prunes("any"));
  BOOST_TEST(shown(filter.ranges()) == "(,] ");
}

BOOST_AUTO_TEST_CASE(include_folders_and_single_files) {
  auto filter = filter_of({"bob/house", "alice.mp3"});
  BOOST_TEST(filter.selects("bob/house/a.mp3"));
  BOOST_TEST(filter.selects("alice.mp3"));
  BOOST_TEST(!filter.selects("bob/techno/a.mp3"));
  BOOST_TEST(!filter.selects("bob/housex"));
  BOOST_TEST(!filter.prunes("bob"));
  BOOST_TEST(!filter.prunes("bob/house"));
  BOOST_TEST(!filter.prunes("bob/house/deep"));
  BOOST_TEST(filter.prunes("bob/techno"));
  BOOST_TEST(filter.prunes("carol"));
}

BOOST_AUTO_TEST_CASE(exclude_folders_are_pruned) {
  auto filter = filter_of({}, {"bob/*/2023-04-04", "tmp"});
  BOOST_TEST(filter.selects("bob/house/2023-04-05/a"));
  BOOST_TEST(!filter.selects("bob/house/2023-04-04/a"));
  BOOST_TEST(filter.prunes("bob/house/2023-04-04"));
  BOOST_TEST(filter.prunes("tmp"));
  BOOST_TEST(!filter.prunes("bob/house"));
  BOOST_TEST(filter.pruned_prefix_of("tmp/deep/down/a") == "tmp/");
  BOOST_TEST(filter.pruned_prefix_of("bob/house/2023-04-04/x/y") == "bob/house/2023-04-04/");
  BOOST_TEST(filter.pruned_prefix_of("bob/house/x").empty());
  BOOST_TEST(filter.pruned_prefix_of("tmp").empty());
}

BOOST_AUTO_TEST_CASE(include_glob_wins_over_exclude_glob) {
  auto filter = filter_of({}, {}, {"**/keep/**"}, {"**/*.wav"});
  BOOST_TEST(filter.selects("a/keep/x.wav"));
  BOOST_TEST(!filter.selects("a/x.wav"));
  BOOST_TEST(filter.selects("a/x.mp3"));
}

BOOST_AUTO_TEST_CASE(include_glob_alone_means_only_these) {
  auto filter = filter_of({}, {}, {"bob/**"});
  BOOST_TEST(filter.selects("bob/a"));
  BOOST_TEST(!filter.selects("alice/a"));
  BOOST_TEST(filter.prunes("alice"));
  BOOST_TEST(shown(filter.ranges()) == "bob/(,] ");
}

BOOST_AUTO_TEST_CASE(exclude_everything_include_some) {
  auto filter = filter_of({}, {}, {"bob/house"}, {"**"});
  BOOST_TEST(filter.selects("bob/house/a"));
  BOOST_TEST(!filter.selects("bob/a"));
  BOOST_TEST(filter.prunes("alice"));
  BOOST_TEST(!filter.prunes("bob"));
}

BOOST_AUTO_TEST_CASE(names_match_in_either_normal_form) {
  auto filter = filter_of({}, {"Caf\u00e9"});
  BOOST_TEST(!filter.selects("Cafe\u0301/a.mp3"));
  BOOST_TEST(filter.prunes("Cafe\u0301"));
  auto decomposed = filter_of({}, {"Cafe\u0301"});
  BOOST_TEST(!decomposed.selects("Caf\u00e9/a.mp3"));
}

BOOST_AUTO_TEST_CASE(entries_that_match_nothing_are_named) {
  auto filter = filter_of({"bob", "nobody"}, {}, {}, {"*.wav"});
  auto other = filter;
  BOOST_TEST(filter.warnings().size() == 3U);
  filter.selects("bob/x");
  other.selects("x.wav");
  filter.note_matches_of(other);
  const auto warnings = filter.warnings();
  BOOST_REQUIRE(warnings.size() == 1U);
  BOOST_TEST(warnings[0].find("nobody") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(top_level_patterns_that_match_nothing_get_a_hint) {
  auto filter = filter_of({}, {}, {}, {"*.wav"});
  filter.selects("bob/x.wav");
  BOOST_REQUIRE(filter.warnings().size() == 1U);
  BOOST_TEST(filter.warnings()[0].find("**/*.wav") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(ranges_are_disjoint_and_rise) {
  BOOST_TEST(shown(filter_of({"b", "a"}).ranges()) == "a(,a0] b(,b0] ");
  BOOST_TEST(shown(filter_of({"a", "a-b", "a/x"}).ranges()) == "a(,a0] ");
  BOOST_TEST(shown(filter_of({"a", "ab"}).ranges()) == "a(,a0] ab(,ab0] ");
  BOOST_TEST(shown(filter_of({"bob/*/2023", "bob/x"}).ranges()) == "bob/(,] ");
  BOOST_TEST(shown(filter_of({"*x", "b"}).ranges()) == "(,] ");
  // Both spellings of one name, since the bucket may have either.
  BOOST_TEST(shown(filter_of({"Caf\u00e9"}).ranges()) ==
             "Cafe\u0301(,Cafe\u03010] Caf\u00e9(,Caf\u00e90] ");
}

BOOST_AUTO_TEST_CASE(ranges_cover_spellings_that_are_no_normal_form) {
  // ệ has four more: e and both marks in either order, ẹ and one, ê and the other.
  const std::string rest[] = {"\u1EC7", "e\u0323\u0302", "e\u0302\u0323", "\u1EB9\u0302",
                              "\u00EA\u0323"};
  for (const auto& given : rest) {
    auto filter = filter_of({"Nh\u1EA1c/Vi" + given + "t", "plain/Vi" + given + "t"});
    const auto ranges = filter.ranges();
    for (const auto& form : rest) {
      const std::string name = "plain/Vi" + form + "t/a.mp3";
      BOOST_TEST(filter.selects(name));
      BOOST_TEST(std::ranges::any_of(ranges, [&](const listing_range& r) {
        return name.starts_with(r.prefix) && r.keys.contains(name);
      }));
    }
  }
  BOOST_TEST(shown(filter_of({"plain/Vi\u1EC7t"}).ranges()) == "plain/V(,] ");
  // Two letters with one mark each are two spellings still.
  BOOST_TEST(filter_of({"\u00C4\u00D6"}).ranges().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_name_that_looks_like_a_pattern_can_be_taken_literally) {
  auto filter = filter_of({"[Free] House", "plain"});
  const auto ambiguous = filter.ambiguous();
  BOOST_REQUIRE(ambiguous.size() == 1U);
  BOOST_TEST(filter.text_of(ambiguous[0]) == "[Free] House");
  BOOST_TEST(filter.selects("F House/x"));
  filter.take_literally(ambiguous[0]);
  BOOST_TEST(!filter.selects("F House/x"));
  BOOST_TEST(filter.selects("[Free] House/x"));
  BOOST_TEST(shown(filter.ranges()) == "[Free] House(,[Free] House0] plain(,plain0] ");
}

BOOST_AUTO_TEST_SUITE_END()
