#include "xml/root.hpp"

#include "tests/unit/xml/rewriting.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::xml;
using beatsync::tests::root_of;

namespace {

std::string why_not(std::string_view text) {
  const auto parsed = root::parse(text);
  return parsed ? "accepted as " + parsed->text() : parsed.error().message;
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(roots)

BOOST_AUTO_TEST_CASE(posix) {
  BOOST_TEST((root_of("/Volumes/NO NAME").kind() == root_kind::posix));
  for (const char* same : {"/Volumes/NO NAME", "/Volumes/NO NAME/", "/Volumes//NO NAME///",
                           "/./Volumes/./NO NAME/.", "///Volumes/NO NAME"}) {
    BOOST_TEST(root_of(same).text() == "/Volumes/NO NAME");
  }
  BOOST_TEST(root_of("/").text() == "/");
  BOOST_TEST(root_of("//").text() == "/");
  BOOST_TEST(root_of("/").segments().empty());
  BOOST_TEST(root_of("/a\\b").text() == "/a\\b");  // a legal name on POSIX
}

BOOST_AUTO_TEST_CASE(drive) {
  for (const char* same : {"E:", "e:", "E:/", "e:\\", "E:\\\\", "/e:/", "/E:"}) {
    BOOST_TEST((root_of(same).kind() == root_kind::drive));
    BOOST_TEST(root_of(same).text() == "E:/");
  }
  BOOST_TEST(root_of("e:\\USB 1\\Music\\").text() == "E:/USB 1/Music");
  BOOST_TEST(root_of("E:/USB 1//Music").text() == "E:/USB 1/Music");
  BOOST_TEST(root_of("/E:/USB 1\\Music").text() == "E:/USB 1/Music");
  BOOST_TEST(!root::parse("/E:/USB\\..\\x"));
}

BOOST_AUTO_TEST_CASE(unc) {
  for (const char* same : {"\\\\nas\\dj", "//nas/dj/", "\\\\nas/dj\\"}) {
    BOOST_TEST((root_of(same).kind() == root_kind::unc));
    BOOST_TEST(root_of(same).text() == "//nas/dj");
  }
  BOOST_TEST(root_of("\\\\nas\\dj\\sets").text() == "//nas/dj/sets");
  BOOST_TEST((root_of("//folder").kind() == root_kind::posix));
}

BOOST_AUTO_TEST_CASE(display_form_parses_to_the_same_root) {
  for (const char* text :
       {"/", "/Volumes/NO NAME", "E:", "e:/Music", "\\\\nas\\dj", "/a b/%20/\xc3\xa9"}) {
    const root first = root_of(text);
    BOOST_TEST((root_of(first.text()) == first));
  }
}

BOOST_AUTO_TEST_CASE(names_are_composed) {
  BOOST_TEST(root_of("/Volumes/Mu\xcc\x88sik").text() == "/Volumes/M\xc3\xbcsik");
  BOOST_TEST((root_of("/Volumes/Mu\xcc\x88sik") == root_of("/Volumes/M\xc3\xbcsik")));
}

BOOST_AUTO_TEST_CASE(refusals_say_what_to_write) {
  BOOST_TEST(mentions(why_not(""), "empty"));
  BOOST_TEST(mentions(why_not("DJ Music"), "relative"));
  BOOST_TEST(mentions(why_not("./usb"), "relative"));
  BOOST_TEST(mentions(why_not("~/usb"), "relative"));
  BOOST_TEST(mentions(why_not("\\Music"), "relative"));
  BOOST_TEST(mentions(why_not("E:Music"), "write E:/"));
  BOOST_TEST(mentions(why_not("\\\\nas"), "\\\\server\\share"));
  BOOST_TEST(mentions(why_not("file://localhost/Volumes/X"), "location"));
  BOOST_TEST(mentions(why_not("/Volumes/../etc"), "\"..\""));
  BOOST_TEST(mentions(why_not("/Volumes/\xff"), "UTF-8"));
  BOOST_TEST(mentions(why_not("/Volumes/a\nb"), "control"));
  BOOST_TEST(mentions(why_not(std::string_view("/a\0b", 4)), "control"));
  BOOST_TEST(mentions(why_not("/" + std::string(5000, 'x')), "4,096"));
}

BOOST_AUTO_TEST_CASE(equality_minds_case_and_kind) {
  BOOST_TEST((root_of("/Volumes/X") != root_of("/Volumes/x")));
  BOOST_TEST((root_of("e:/") == root_of("E:\\")));
  BOOST_TEST((root_of("//nas/dj") != root_of("/nas/dj")));
}

BOOST_AUTO_TEST_CASE(below_means_strictly_inside) {
  BOOST_TEST(root_of("/a/b").is_below(root_of("/a")));
  BOOST_TEST(root_of("/a").is_below(root_of("/")));
  BOOST_TEST(!root_of("/a").is_below(root_of("/a")));
  BOOST_TEST(!root_of("/ab").is_below(root_of("/a")));
  BOOST_TEST(!root_of("/a").is_below(root_of("/a/b")));
  BOOST_TEST(root_of("/Volumes/USB/b").is_below(root_of("/volumes/usb")));
  BOOST_TEST(root_of("//server/share").is_below(root_of("/")));
  BOOST_TEST(!root_of("/server/share/b").is_below(root_of("//server/share")));
  BOOST_TEST(!root_of("E:/").is_below(root_of("/")));
}

BOOST_AUTO_TEST_CASE(errors_carry_their_position_only_where_they_have_one) {
  const error plain{.message = "no"};
  BOOST_TEST(plain.text() == "no");
  const error placed{.message = "no", .line = 3, .column = 7, .offset = 214};
  BOOST_TEST(placed.text() == "no (line 3, column 7, byte 214)");
  BOOST_CHECK_THROW(root::parse("").value(), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
