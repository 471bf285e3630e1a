#include "xml/location_spelling.hpp"

#include "tests/support/rekordbox_generator.hpp"
#include "tests/unit/xml/rewriting.hpp"
#include "xml/target_root.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::xml;
using beatsync::tests::root_of;

namespace beatsync::xml {
std::ostream& operator<<(std::ostream& out, spelling how) { return out << static_cast<int>(how); }
}  // namespace beatsync::xml

namespace {

std::string native(std::string_view text) {
  return spell(root_of(text), spelling::native, document_encoding::utf_8);
}

std::string raw(std::string_view text, document_encoding encoding = document_encoding::utf_8) {
  return spell(root_of(text), spelling::raw, encoding);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(location_spelling)

BOOST_AUTO_TEST_CASE(forms_of_the_three_kinds) {
  BOOST_TEST(native("/Volumes/X") == "/Volumes/X");
  BOOST_TEST(native("/") == "");
  BOOST_TEST(native("e:\\") == "/E:");
  BOOST_TEST(native("E:/USB 1") == "/E:/USB%201");
  BOOST_TEST(native("\\\\nas\\dj") == "//nas/dj");
}

BOOST_AUTO_TEST_CASE(native_table_word_for_word) {
  // docs/dev/rekordbox.md §1.3: kept raw …
  BOOST_TEST(native("/AZaz09-._~!#$()*+,:;=?@") == "/AZaz09-._~!#$()*+,:;=?@");
  // … and encoded, in lower-case hex.
  BOOST_TEST(native("/ \"%&'<[]`{|}") == "/%20%22%25%26%27%3c%5b%5d%60%7b%7c%7d");
  BOOST_TEST(native("/>\\^") == "/%3e%5c%5e");
  BOOST_TEST(native("/\xc3\xa9\xf0\x9f\x8e\xa7") == "/%c3%a9%f0%9f%8e%a7");
}

BOOST_AUTO_TEST_CASE(agrees_with_the_generators_own_table) {
  std::string every;
  for (int c = 0x20; c < 0x7f; ++c) {
    if (c != '/') every += static_cast<char>(c);
  }
  every += "\xc3\xa9\xe3\x83\x86";
  BOOST_TEST("file://localhost" + native("/" + every) ==
             beatsync::tests::rekordbox_location("/" + every));
}

BOOST_AUTO_TEST_CASE(upper_hex_is_the_same_table) {
  BOOST_TEST(spell(root_of("/M\xc3\xbcsik [x]"), spelling::upper_hex, document_encoding::utf_8) ==
             "/M%C3%BCsik%20%5Bx%5D");
}

BOOST_AUTO_TEST_CASE(raw_is_escaped_for_xml_only) {
  BOOST_TEST(raw("/M\xc3\xbcsik & <\"'>") == "/M\xc3\xbcsik &amp; &lt;&quot;&apos;&gt;");
  BOOST_TEST(raw("/100%") == "/100%");
  BOOST_TEST(raw("/100%20") == "/100%2520");  // or it would be read as a blank
}

BOOST_AUTO_TEST_CASE(raw_becomes_references_where_the_document_is_not_utf_8) {
  BOOST_TEST(raw("/M\xc3\xbc\xe3\x83\x86\xf0\x9f\x8e\xa7", document_encoding::iso_8859_1) ==
             "/M&#252;&#12486;&#127911;");
  BOOST_TEST(raw("/M\xc3\xbc", document_encoding::us_ascii) == "/M&#252;");
}

BOOST_AUTO_TEST_CASE(recognises_the_spelling_of_a_value) {
  BOOST_TEST(spelling_of("file://localhost/a") == spelling::native);
  BOOST_TEST(spelling_of("file://localhost/a%20b") == spelling::native);
  BOOST_TEST(spelling_of("file://localhost/%c3%a9") == spelling::native);
  BOOST_TEST(spelling_of("file://localhost/%c3%A9") == spelling::native);
  BOOST_TEST(spelling_of("file://localhost/%C3%A9%20") == spelling::upper_hex);
  BOOST_TEST(spelling_of("file://localhost/a b") == spelling::raw);
  BOOST_TEST(spelling_of("file://localhost/\xc3\xa9") == spelling::raw);
  BOOST_TEST(spelling_of("file://localhost/100%") == spelling::raw);
  BOOST_TEST(spelling_of("file://localhost/100%/x") == spelling::raw);
}

BOOST_AUTO_TEST_CASE(target_speaks_like_the_value) {
  const target_root to(root_of("/M\xc3\xbc x"));
  const auto utf8 = document_encoding::utf_8;
  BOOST_TEST(to.spelt_like("file://localhost/a", utf8) == "/M%c3%bc%20x");
  BOOST_TEST(to.spelt_like("file://localhost/%C3", utf8) == "/M%C3%BC%20x");
  BOOST_TEST(to.spelt_like("file://localhost/a b", utf8) == "/M\xc3\xbc x");
  BOOST_TEST(to.spelt_like("file://localhost/a b", document_encoding::us_ascii) == "/M&#252; x");
}

BOOST_AUTO_TEST_CASE(rekordbox_takes_255_characters) {
  const target_root posix(root_of("/Volumes/X"));  // 10 characters
  BOOST_TEST(!posix.makes_too_long("/" + std::string(244, 'x')));
  BOOST_TEST(posix.makes_too_long("/" + std::string(245, 'x')));
  const target_root drive(root_of("E:/"));  // 2: the slash in front belongs to the URL
  BOOST_TEST(!drive.makes_too_long("/" + std::string(252, 'x')));
  BOOST_TEST(drive.makes_too_long("/" + std::string(253, 'x')));
  std::string escaped = "/";
  for (int i = 0; i < 240; ++i) escaped += "%20";
  BOOST_TEST(!posix.makes_too_long(escaped));
}

BOOST_AUTO_TEST_SUITE_END()
