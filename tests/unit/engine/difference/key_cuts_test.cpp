#include "engine/difference/key_cuts.hpp"

#include <boost/test/unit_test.hpp>
#include <utf8proc.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(cuts_of_key_ranges)

using engine_cuts = beatsync::engine::key_cuts;
using beatsync::engine::cuts_behind;
using names = std::vector<std::string>;

BOOST_AUTO_TEST_CASE(numbers_are_cut_at_their_digits) {
  const auto cuts = cuts_behind("n/0000", "n/0019", "n0", 16);
  BOOST_TEST(
      cuts.at == names({"n/1", "n/2", "n/3", "n/4", "n/5", "n/6", "n/7", "n/8", "n/9", "n/:"}),
      boost::test_tools::per_element());
  BOOST_TEST(cuts.places == 2U);
  // Nothing behind n/1: the next place is tried.
  const auto next = cuts_behind("n/0000", "n/0019", "n/1", 16);
  BOOST_TEST(next.places == 1U);
  BOOST_TEST(next.at.front() == "n/01");
  BOOST_TEST(next.at.back() == "n/0:");
}

BOOST_AUTO_TEST_CASE(what_a_page_begins_with_may_be_what_all_begin_with) {
  const auto first = [](const char* from, const char* to, const char* until) {
    const auto cuts = cuts_behind(from, to, until, 1).at;
    return cuts.empty() ? std::string("(none)") : cuts.front();
  };
  BOOST_TEST(first("DJ Music/a/0001.mp3", "DJ Music/a/0999.mp3", "") == "DJ Music/a0");
  BOOST_TEST(first("DJ Music/a/Nr 0001", "DJ Music/a/Nr 0999", "") == "DJ Music/a/Nr!");
  BOOST_TEST(first("DJ Music/a/Nr 0001", "DJ Music/a/Nr 0999", "DJ Music/a/Nr!") ==
             "DJ Music/a/Nr 1");
  const auto inside = cuts_behind("DJ Music/a/0001.mp3", "DJ Music/a/0999.mp3", "DJ Music/a0", 16);
  BOOST_TEST(inside.at.front() == "DJ Music/a/1");
}

BOOST_AUTO_TEST_CASE(few_are_spread_evenly) {
  const auto cuts = cuts_behind("a", "f", "", 4);
  BOOST_TEST(cuts.at.size() == 4U);
  BOOST_TEST(cuts.at == names({"k", "o", "s", "w"}), boost::test_tools::per_element());
  const auto one = cuts_behind("n/0000", "n/0019", "n0", 1);
  BOOST_TEST(one.at.size() == 1U);
  BOOST_TEST(cuts_behind("n/0000", "n/0019", "n0", 0).at.empty());
}

BOOST_AUTO_TEST_CASE(what_a_page_or_two_will_show_is_not_cut) {
  BOOST_TEST(!cuts_behind("n/0000", "n/0999", "n0", 16).at.empty());
  BOOST_TEST(cuts_behind("n/0000", "n/0999", "n/1", 16).at.empty());
  BOOST_TEST(cuts_behind("n/0400", "n/0799", "n/1", 16).at.empty());
  BOOST_TEST(cuts_behind("same", "same", "", 16).at.empty());
}

BOOST_AUTO_TEST_CASE(letters_beyond_ascii_are_cut_whole) {
  BOOST_TEST(!cuts_behind("Музыка/а", "Музыка/г", "", 8).at.empty());
  // They differ in their second byte; where they stand for 256 neighbours, the last cut says.
  BOOST_TEST(cuts_behind("è9", "é1", "", 64).at.back() == "Ā");
  BOOST_TEST(cuts_behind("\xc3\x28", "\xff", "", 8).at.empty());
}

BOOST_AUTO_TEST_CASE(every_cut_lies_in_the_range_and_is_text) {
  const names pieces = {"a", "b", "z",  "A",  "Z",          "0",      "9", "/", " ",
                        "é", "ü", "日", "本", "\U0001F3B5", "\uD7FF", "~", "."};
  std::mt19937 random(7);
  const auto any = [&](std::size_t most) { return random() % most; };
  const auto name = [&] {
    std::string text;
    for (auto n = 1 + any(8); n != 0; --n) text += pieces[any(pieces.size())];
    return text;
  };
  std::size_t found = 0;
  for (int i = 0; i < 20'000; ++i) {
    names three = {name(), name(), name()};
    if (any(2) == 0) three[1].insert(0, three[0].substr(0, three[0].find_first_of("/ a")));
    std::ranges::sort(three);
    const std::string until = any(3) == 0 ? "" : three[2];
    const auto cuts = cuts_behind(three[0], three[1], until, 1 + any(15));
    found += cuts.at.size();
    BOOST_REQUIRE(std::ranges::is_sorted(cuts.at, std::less_equal()));
    for (const auto& at : cuts.at) {
      BOOST_REQUIRE(at > three[1]);
      BOOST_REQUIRE((until.empty() || at < until));
      const auto* rest = reinterpret_cast<const utf8proc_uint8_t*>(at.data());
      for (auto left = static_cast<utf8proc_ssize_t>(at.size()); left > 0;) {
        utf8proc_int32_t letter = 0;
        const auto n = utf8proc_iterate(rest, left, &letter);
        BOOST_REQUIRE(n > 0);
        rest += n;
        left -= n;
      }
    }
  }
  BOOST_TEST(found > 20'000U);
}

BOOST_AUTO_TEST_SUITE_END()
