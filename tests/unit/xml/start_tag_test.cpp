#include "xml/start_tag.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace beatsync::xml;

namespace {

std::string value(std::string_view tag, std::size_t index, std::size_t count) {
  const auto span = find_value(tag, index, count);
  return span ? std::string(tag.substr(span->begin, span->end - span->begin)) : "nothing";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(start_tags)

BOOST_AUTO_TEST_CASE(finds_every_attribute_from_either_end) {
  const std::string_view tag = "<T a=\"1\"\r\n   b = '2' c\t=\"\" d='a>\"b' e=\"it's\" f='6' />";
  const char* const expected[] = {"1", "2", "", "a>\"b", "it's", "6"};
  for (std::size_t i = 0; i < 6; ++i) BOOST_TEST(value(tag, i, 6) == expected[i]);
}

BOOST_AUTO_TEST_CASE(what_is_certain_is_not_looked_at) {
  const std::string_view tag = "<T a='1' b='2' c='long &amp; value' d='4'/>";
  for (std::size_t certain = 0; certain <= 16; ++certain) {
    const auto span = find_value(tag, 2, 4, certain);
    BOOST_REQUIRE(span.has_value());
    BOOST_TEST(tag.substr(span->begin, span->end - span->begin) == "long &amp; value");
  }
  BOOST_TEST(!find_value(tag, 2, 4, 1000));
  BOOST_TEST(smallest_raw_size(7, document_encoding::utf_8) == 7U);
  BOOST_TEST(smallest_raw_size(7, document_encoding::iso_8859_1) == 3U);
}

BOOST_AUTO_TEST_CASE(one_attribute) {
  BOOST_TEST(value("<TRACK Key='x'/>", 0, 1) == "x");
  BOOST_TEST(value("<TRACK Key=\"x\">", 0, 1) == "x");
}

BOOST_AUTO_TEST_CASE(what_is_no_tag_gives_nothing) {
  for (std::size_t i = 0; i < 4; ++i) {
    BOOST_TEST(value("", i, 4) == "nothing");
    BOOST_TEST(value("<T a='1>", i, 4) == "nothing");
    BOOST_TEST(value("'", i, 4) == "nothing");
  }
  BOOST_TEST(value("<T a='1'>", 1, 1) == "nothing");
}

BOOST_AUTO_TEST_CASE(offsets_pass_through_plain_text) {
  BOOST_TEST(raw_offset("abc", 3, 2, document_encoding::utf_8).value() == 2U);
  BOOST_TEST(raw_offset("\xc3\xa9x", 3, 2, document_encoding::utf_8).value() == 2U);
}

BOOST_AUTO_TEST_CASE(offsets_behind_references) {
  const std::string_view raw = "a&amp;b&#246;c&#xf6;d&#128512;e";  // a & b ö c ö d 😀 e
  const auto at = [raw](std::size_t offset) {
    return raw_offset(raw, 13, offset, document_encoding::utf_8);
  };
  BOOST_TEST(at(1).value() == raw.find("&amp;"));
  BOOST_TEST(at(2).value() == raw.find("b"));
  BOOST_TEST(at(5).value() == raw.find("c"));
  BOOST_TEST(at(8).value() == raw.find("d"));
  BOOST_TEST(at(13).value() == raw.size() - 1);
  BOOST_TEST(!at(4));   // inside a character
  BOOST_TEST(!at(99));  // behind the end
}

BOOST_AUTO_TEST_CASE(line_ends_count_once) {
  BOOST_TEST(raw_offset("a\r\nb", 3, 2, document_encoding::utf_8).value() == 3U);
  BOOST_TEST(raw_offset("a\nb", 3, 2, document_encoding::utf_8).value() == 2U);
}

BOOST_AUTO_TEST_CASE(latin_1_letters_have_two_bytes_once_decoded) {
  BOOST_TEST(raw_offset("\xe9\xe9x", 5, 4, document_encoding::iso_8859_1).value() == 2U);
  // A reference that shrinks and a letter that grows: equal sizes prove nothing.
  BOOST_TEST(raw_offset("\xe9\xe9\xe9\xe9&amp;x", 10, 9, document_encoding::iso_8859_1).value() ==
             9U);
  BOOST_TEST(raw_offset("\xe9\xe9\xe9\xe9&amp;x", 10, 8, document_encoding::iso_8859_1).value() ==
             4U);
}

BOOST_AUTO_TEST_SUITE_END()
