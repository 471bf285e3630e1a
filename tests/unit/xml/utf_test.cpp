#include "xml/utf.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::xml;

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

BOOST_AUTO_TEST_CASE(text_that_is_not_utf_8_comes_back_unchanged) {
  BOOST_TEST(to_nfc("a\xff") == "a\xff");
  BOOST_TEST(to_nfd("a\xff") == "a\xff");
  BOOST_TEST(casefold_nfc("A\xff") == "A\xff");
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
