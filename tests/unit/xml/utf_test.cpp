#include "xml/utf.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>

using namespace beatsync::xml;

namespace {

std::string utf8(std::uint32_t point) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  if (point < 0x80) return {byte(point)};
  if (point < 0x800) return {byte(0xC0 | point >> 6U), byte(0x80 | (point & 0x3FU))};
  if (point < 0x10000) {
    return {byte(0xE0 | point >> 12U), byte(0x80 | (point >> 6U & 0x3FU)),
            byte(0x80 | (point & 0x3FU))};
  }
  return {byte(0xF0 | point >> 18U), byte(0x80 | (point >> 12U & 0x3FU)),
          byte(0x80 | (point >> 6U & 0x3FU)), byte(0x80 | (point & 0x3FU))};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(utf)

BOOST_AUTO_TEST_CASE(validity_is_that_of_utf_8) {
  BOOST_TEST(is_valid_utf8(""));
  BOOST_TEST(is_valid_utf8("caf\xc3\xa9 \xf0\x9f\x8e\xa7"));
  BOOST_TEST(!is_valid_utf8("\xc3"));
  BOOST_TEST(!is_valid_utf8("\xc0\xaf"));          // overlong slash
  BOOST_TEST(!is_valid_utf8("\xed\xa0\x80"));      // surrogate
  BOOST_TEST(!is_valid_utf8("\xf4\x90\x80\x80"));  // beyond U+10FFFF
}

BOOST_AUTO_TEST_CASE(only_ascii_is_safe_from_normalisation) {
  BOOST_TEST(!may_change_under_normalisation("NO NAME 1"));
  BOOST_TEST(may_change_under_normalisation("M\xc3\xbcsik"));
}

BOOST_AUTO_TEST_CASE(composes_and_decomposes) {
  const std::string nfc = "Bj\xc3\xb6rk";
  const std::string nfd = "Bjo\xcc\x88rk";
  BOOST_TEST(to_nfc(nfd) == nfc);
  BOOST_TEST(to_nfd(nfc) == nfd);
  BOOST_TEST(to_nfc(nfc) == nfc);
  BOOST_TEST(to_nfc("plain") == "plain");
  BOOST_TEST(to_nfc("") == "");
}

BOOST_AUTO_TEST_CASE(hangul_composes) {
  BOOST_TEST(to_nfc("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab") == "\xed\x95\x9c");
}

BOOST_AUTO_TEST_CASE(the_short_way_to_nfc_agrees_with_the_long_one) {
  // A combining acute accent at the end always takes the long way. Behind a space it composes with
  // nothing.
  const std::string accent = " \xcc\x81";
  for (std::uint32_t point = 1; point <= 0x10FFFF; ++point) {
    if (point >= 0xD800 && point <= 0xDFFF) continue;
    const std::string character = utf8(point);
    // Alone, and behind letters that might compose with it: Latin, kana, Hangul. What composes
    // stands below U+3200, but for a few marks of rare scripts that compose with those only.
    for (const char* before : {"", "A", "\xe3\x81\x8b", "\xea\xb0\x80"}) {
      if (*before != '\0' && point > 0x3200 && point % 31 != 0) continue;
      const std::string text = before + character;
      if (to_nfc(text) + accent != to_nfc(text + accent)) {
        BOOST_ERROR("U+" << std::hex << point << " behind \"" << before << '"');
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf_8_comes_back_unchanged) {
  BOOST_TEST(to_nfc("a\xff") == "a\xff");
  BOOST_TEST(to_nfd("a\xff") == "a\xff");
  BOOST_TEST(casefold_nfc("A\xff") == "A\xff");
}

// A hundred thousand of them, put in order, would take minutes.
BOOST_AUTO_TEST_CASE(text_with_more_marks_in_a_row_than_any_language_needs_comes_back_unchanged) {
  for (const std::string marks : {"\xcc\x81\xcc\xa3", "\xe0\xbd\xb5\xe0\xbd\xb3"}) {
    std::string text = "A";
    for (int i = 0; i < 50'000; ++i) text += marks;
    BOOST_TEST((to_nfc(text) == text));
    BOOST_TEST((to_nfd(text) == text));
    BOOST_TEST((casefold_nfc(text) == text));
  }
}

BOOST_AUTO_TEST_CASE(a_nul_is_an_ordinary_character) {
  const std::string text("a\0\xc3\xa9", 4);
  BOOST_TEST(to_nfc(text) == text);
}

BOOST_AUTO_TEST_CASE(folding_ignores_case_and_form) {
  BOOST_TEST(casefold_nfc("NO NAME") == "no name");
  BOOST_TEST(casefold_nfc("M\xc3\x9cSIK") == casefold_nfc("mu\xcc\x88sik"));
  BOOST_TEST(casefold_nfc("Stra\xc3\x9f"
                          "e") == "strasse");
}

BOOST_AUTO_TEST_CASE(folding_twice_changes_nothing) {
  // Capital I with dot, Greek with iota subscript, the Kelvin sign, a decomposed capital.
  for (const char* text :
       {"\xc4\xb0stanbul", "\xe1\xbe\xbc", "\xe2\x84\xaa", "E\xcc\x81", "\xcd\x85"}) {
    const std::string once = casefold_nfc(text);
    BOOST_TEST(casefold_nfc(once) == once);
    BOOST_TEST(to_nfc(once) == once);
  }
}

BOOST_AUTO_TEST_SUITE_END()
