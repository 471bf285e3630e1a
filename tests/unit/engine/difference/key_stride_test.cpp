#include "engine/difference/key_stride.hpp"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

using beatsync::engine::key_stride;

namespace {

/// After one page from `first` to `last`.
std::string end_behind(const std::string& first, const std::string& last, const std::string& key) {
  key_stride stride;
  stride.full_page(first, last);
  return stride.end_behind(key).value_or("none");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(key_strides)

BOOST_AUTO_TEST_CASE(know_nothing_before_the_first_page) {
  BOOST_TEST(!key_stride().end_behind("a"));
  BOOST_TEST(!key_stride().end_behind(""));
}

BOOST_AUTO_TEST_CASE(go_nine_tenths_of_a_page_ahead) {
  // 10 steps of ten: nine of them.
  BOOST_TEST(end_behind("t0000", "t0100", "t0100") == "t0190");
  BOOST_TEST(end_behind("t0000", "t0100", "t0190") == "t0280");
  BOOST_TEST(end_behind("t0000", "t0100", "t0950") == "t1040");
}

BOOST_AUTO_TEST_CASE(carry_into_the_places_before) {
  BOOST_TEST(end_behind("t0000", "t0100", "t8990") == "t9080");
  // Digits are not followed by letters, but `t` may be by `u`.
  BOOST_TEST(end_behind("t0000", "t0100", "t9990") == "u0080");
  // The folder ends.
  BOOST_TEST(end_behind("House/00", "House/10", "House/95") == "none");
  BOOST_TEST(end_behind("House/00/x", "House/10/x", "House/50") == "House/59");
  BOOST_TEST(end_behind("House/00", "House/10", "x") == "none");
}

BOOST_AUTO_TEST_CASE(count_in_the_letters_that_are_there) {
  // a to f beside digits: sixteen of them.
  BOOST_TEST(end_behind("00f0", "0a00", "0a00") == "1225");
  // Capitals alone: 26.
  BOOST_TEST(end_behind("AA", "AK", "AX") == "BG");
}

BOOST_AUTO_TEST_CASE(give_no_guess_where_letters_cannot_be_counted) {
  BOOST_TEST(end_behind("\xC3\xA4", "\xC3\xB6", "\xC3\xB6") == "none");
  BOOST_TEST(end_behind("a1", "a9", "\xC3\xB6") == "none");
  BOOST_TEST(end_behind("b", "a", "b") == "none");  // no page
  BOOST_TEST(end_behind("", "a", "b") == "none");
}

// One page that reaches over a gap says nothing about the rest.
BOOST_AUTO_TEST_CASE(take_the_median) {
  key_stride stride;
  stride.full_page("House/000", "House/100");
  stride.full_page("House/100", "House/200");
  stride.full_page("House/900", "Techno/100");
  stride.full_page("Techno/100", "Techno/200");
  BOOST_TEST(stride.end_behind("Techno/200").value_or("none") == "Techno/290");
}

// Steps at the beginning of a long name are no number of steps at its end.
BOOST_AUTO_TEST_CASE(give_no_guess_from_names_that_differ_far_apart) {
  key_stride stride;
  const std::string name(250, 'm');
  for (const char* end : {"c", "e", "g"}) stride.full_page("b" + name, end + name);
  stride.full_page("g" + name + "b", "g" + name + "d");
  BOOST_TEST(!stride.end_behind("g" + name + "d"));
}

BOOST_AUTO_TEST_CASE(always_lie_behind_the_key_and_begin_no_letter_twice) {
  std::mt19937 random(7);
  const auto some = [&] {
    const std::string letters[] = {"a", "b", "z", "A", "0", "9", "/", " ", ".", "\xC3\xA4"};
    std::string text;
    for (auto n = random() % 8; n != 0; --n) text += letters[random() % std::size(letters)];
    return text;
  };
  for (int round = 0; round < 20'000; ++round) {
    key_stride stride;
    for (auto n = 1 + random() % 12; n != 0; --n) {
      auto first = some();
      auto last = some();
      if (last < first) std::swap(first, last);
      stride.full_page(first, last);
    }
    const auto key = some();
    const auto end = stride.end_behind(key);
    if (!end) continue;
    BOOST_TEST((*end > key), *end << " behind " << key);
    // UTF-8: each beginning of the pair has its second half.
    for (std::size_t i = 0; i < end->size(); ++i) {
      const bool begins = (*end)[i] == '\xC3';
      const bool goes_on = i + 1 < end->size() && (*end)[i + 1] == '\xA4';
      BOOST_TEST(begins == (begins && goes_on));
      BOOST_TEST(((*end)[i] != '\0'));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
