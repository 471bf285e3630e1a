#include "engine/names/nfc_pairing.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace beatsync::engine;

namespace {

const std::string composed = "caf\u00e9.mp3";
const std::string decomposed = "cafe\u0301.mp3";

held_name name(const std::string& path) {
  held_name n;
  n.path = path;
  return n;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(names_in_two_spellings)

BOOST_AUTO_TEST_CASE(only_names_that_have_another_spelling_are_concerned) {
  BOOST_TEST(has_other_spelling(composed));
  BOOST_TEST(has_other_spelling(decomposed));
  BOOST_TEST(has_other_spelling("\ud55c\uad6d"));  // Hangul decomposes into Jamo
  BOOST_TEST(!has_other_spelling("plain.mp3"));
  BOOST_TEST(!has_other_spelling("\u30c6\u30af\u30ce.mp3"));
  BOOST_TEST(!has_other_spelling("\U0001F3A7.mp3"));
  BOOST_TEST(!has_other_spelling("\xff\xfe"));
}

BOOST_AUTO_TEST_CASE(pair_by_their_composed_form) {
  nfc_pairing pairing;
  pairing.hold_source(name(decomposed));
  pairing.hold_source(name("\u00fcber.mp3"));
  pairing.hold_target(name(composed));
  pairing.hold_target(name("\u00e4.mp3"));
  const auto pairs = pairing.take();
  BOOST_REQUIRE(pairs.matched.size() == 1U);
  BOOST_TEST(pairs.matched[0].first.path == decomposed);
  BOOST_TEST(pairs.matched[0].second.path == composed);
  BOOST_REQUIRE(pairs.alone.size() == 1U);
  BOOST_TEST(pairs.alone[0].path == "\u00fcber.mp3");
  BOOST_TEST(pairing.complete());
}

BOOST_AUTO_TEST_CASE(pair_one_to_one) {
  // U+212B, U+00C5 and A with ring are one name in NFC; three sources, one target.
  nfc_pairing pairing;
  for (const auto* path : {"A\u030a", "\u00c5", "\u212b"}) pairing.hold_source(name(path));
  pairing.hold_target(name("\u00c5"));
  const auto pairs = pairing.take();
  BOOST_TEST(pairs.matched.size() == 1U);
  BOOST_TEST(pairs.alone.size() == 2U);
}

BOOST_AUTO_TEST_CASE(hold_no_more_than_allowed) {
  nfc_pairing few(nfc_pairing::limits{2, 1U << 20U});
  BOOST_TEST(few.hold_source(name("\u00e9")));
  BOOST_TEST(few.hold_target(name("\u00e8")));
  BOOST_TEST(!few.hold_source(name("\u00ea")));
  BOOST_TEST(!few.complete());

  nfc_pairing small(nfc_pairing::limits{100, 400});
  BOOST_TEST(small.hold_source(name("\u00e9")));
  BOOST_TEST(!small.hold_source(name(std::string(400, 'x') + "\u00e9")));
}

BOOST_AUTO_TEST_CASE(two_marks_on_one_letter_have_spellings_between_the_forms) {
  for (const auto* name : {"Vi\u1EC7t", "Vie\u0323\u0302t", "Vi\u00EA\u0323t", "a/\u1EB9\u0302"}) {
    BOOST_TEST(has_mixed_spellings(name), name);
  }
  for (const auto* name :
       {"", "plain", "Caf\u00e9", "Cafe\u0301", "\u00C4\u00D6", "\uAC01", "\u65E5", "\xff\u1EC7"}) {
    BOOST_TEST(!has_mixed_spellings(name), name);
  }
}

BOOST_AUTO_TEST_SUITE_END()
