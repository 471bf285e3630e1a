#include "xml/location.hpp"

#include "tests/unit/xml/rewriting.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::xml;
using beatsync::tests::root_of;

namespace {

constexpr std::size_t all = 100;

location read(std::string_view value, std::size_t depth = all) {
  location where;
  where.read(value, depth);
  return where;
}

std::string segments(std::string_view value) {
  const location where = read(value);
  std::string joined;
  for (std::size_t i = 0; i < where.size(); ++i) joined.append(where.segment(i)).append("|");
  return joined;
}

/// The remainder behind the root, "-" without a match, with "~" in front if only case differs.
std::string behind(std::string_view value, std::string_view below) {
  const location where = read(value);
  const auto found = match(where, root_of(below));
  if (!found) return "-";
  return (found->exact ? "" : "~") + std::string(value.substr(found->end));
}

std::string relative(std::string_view remainder) {
  std::string path = "left over";
  decode_relative_path(remainder, path);
  return path;
}

}  // namespace

namespace beatsync::xml {
std::ostream& operator<<(std::ostream& out, location_kind kind) {
  return out << static_cast<int>(kind);
}
}  // namespace beatsync::xml

BOOST_AUTO_TEST_SUITE(locations)

BOOST_AUTO_TEST_CASE(kinds) {
  using enum location_kind;
  BOOST_TEST(read("file://localhost/Volumes/X/a.mp3").kind() == path);
  BOOST_TEST(read("file:///Volumes/X/a.mp3").kind() == path);
  BOOST_TEST(read("FILE://LOCALHOST/a.mp3").kind() == path);
  BOOST_TEST(read("file://localhost/").kind() == path);
  BOOST_TEST(read("file://localhost%2FVolumes%2FX").kind() == path);
  BOOST_TEST(read("file://localhost/E:/a.mp3").kind() == drive);
  BOOST_TEST(read("file://localhost/e:").kind() == drive);
  BOOST_TEST(read("file://localhostE:/music/a.mp3").kind() == drive);
  BOOST_TEST(read("file://localhost//E:/a.mp3").kind() == drive);
  BOOST_TEST(read("file://localhost/E%3a/a.mp3").kind() == drive);
  BOOST_TEST(read("file://localhost//nas/dj/a.mp3").kind() == path);
  BOOST_TEST(read("file://nas/dj/a.mp3").kind() == host);
  BOOST_TEST(read("file://localhostsoundcloud:tracks:842762641").kind() == streaming);
  BOOST_TEST(read("file://localhost/soundcloud:tracks:838330168").kind() == streaming);
  BOOST_TEST(read("file://localhost/tidal:tracks:1").kind() == streaming);
  BOOST_TEST(read("file://localhost").kind() == not_a_file);
  BOOST_TEST(read("").kind() == not_a_file);
  BOOST_TEST(read("/Volumes/X/a.mp3").kind() == not_a_file);
  BOOST_TEST(read("https://example.com/a.mp3").kind() == not_a_file);
  // A colon is macOS's slash in a name: a folder, not a service.
  BOOST_TEST(read("file://localhost/https-::soundcloud.com:x/a.mp3").kind() == path);
}

BOOST_AUTO_TEST_CASE(decodes_exactly_once) {
  BOOST_TEST(segments("file://localhost/a%20b/c%2526d") == "a b|c%26d|");
  BOOST_TEST(segments("file://localhost/%26amp;") == "&amp;|");
  BOOST_TEST(segments("file://localhost/100%25") == "100%|");
}

BOOST_AUTO_TEST_CASE(a_percent_sign_without_two_digits_is_itself) {
  BOOST_TEST(segments("file://localhost/100%/a%2/b%zz/c%") == "100%|a%2|b%zz|c%|");
}

BOOST_AUTO_TEST_CASE(hex_digits_of_either_case) {
  BOOST_TEST(segments("file://localhost/%c3%a9%C3%A9") == "\xc3\xa9\xc3\xa9|");
}

BOOST_AUTO_TEST_CASE(url_syntax_means_nothing) {
  BOOST_TEST(segments("file://localhost/a+b/#1?x=2;y") == "a+b|#1?x=2;y|");
}

BOOST_AUTO_TEST_CASE(repeated_slashes_are_one) {
  BOOST_TEST(segments("file://localhost///a//b%2f/c/") == "a|b|c|");
}

BOOST_AUTO_TEST_CASE(reads_no_further_than_asked) {
  const location where = read("file://localhost/a/b/c/d", 2);
  BOOST_TEST(where.size() == 2U);
  BOOST_TEST(!where.complete());
  BOOST_TEST(where.value().substr(where.segment_end(1)) == "/c/d");
  BOOST_TEST(read("file://localhost/a/b", 2).complete());
}

BOOST_AUTO_TEST_CASE(an_object_can_be_used_again) {
  location where;
  where.read("file://localhost//nas/dj", all);
  where.read("nothing", all);
  BOOST_TEST(where.kind() == location_kind::not_a_file);
  BOOST_TEST(where.size() == 0U);
  BOOST_TEST(!where.double_slash());
}

BOOST_AUTO_TEST_CASE(whole_segments_match) {
  BOOST_TEST(behind("file://localhost/Volumes/NO%20NAME/a.mp3", "/Volumes/NO NAME") == "/a.mp3");
  BOOST_TEST(behind("file://localhost/Volumes/NO%20NAME%201/a.mp3", "/Volumes/NO NAME") == "-");
  BOOST_TEST(behind("file://localhost/Volumes/NO/a.mp3", "/Volumes/NO NAME") == "-");
  BOOST_TEST(behind("file://localhost/Volumes", "/Volumes/NO NAME") == "-");
  BOOST_TEST(behind("file://localhost/Volumes/NO%20NAME", "/Volumes/NO NAME") == "");
  BOOST_TEST(behind("file://localhost/x/Volumes/NO%20NAME/a", "/Volumes/NO NAME") == "-");
}

BOOST_AUTO_TEST_CASE(an_encoded_root_is_not_decoded_twice) {
  BOOST_TEST(behind("file://localhost/Volumes/NO%20NAME/a.mp3", "/Volumes/NO%20NAME") == "-");
  BOOST_TEST(behind("file://localhost/Volumes/NO%2520NAME/a.mp3", "/Volumes/NO%20NAME") ==
             "/a.mp3");
}

BOOST_AUTO_TEST_CASE(over_encoded_values_match) {
  BOOST_TEST(behind("file://localhost/%56olumes/X%2Fa.mp3", "/Volumes/X") == "%2Fa.mp3");
}

BOOST_AUTO_TEST_CASE(forms_of_unicode_are_one) {
  BOOST_TEST(behind("file://localhost/Volumes/Mu%cc%88sik/a", "/Volumes/M\xc3\xbcsik") == "/a");
  BOOST_TEST(behind("file://localhost/Volumes/M%c3%bcsik/a", "/Volumes/Mu\xcc\x88sik") == "/a");
}

BOOST_AUTO_TEST_CASE(case_is_ignored_where_bytes_differ_and_said) {
  BOOST_TEST(behind("file://localhost/volumes/no%20name/a", "/Volumes/NO NAME") == "~/a");
  BOOST_TEST(behind("file://localhost/Volumes/M%c3%9cSIK/a", "/Volumes/M\xc3\xbcsik") == "~/a");
}

BOOST_AUTO_TEST_CASE(drive_letters_have_no_case) {
  BOOST_TEST(behind("file://localhost/e:/a.mp3", "E:/") == "/a.mp3");
  BOOST_TEST(behind("file://localhoste:/a.mp3", "e:\\") == "/a.mp3");
  BOOST_TEST(behind("file://localhost/E:/USB%201/a.mp3", "E:/usb 1") == "~/a.mp3");
  BOOST_TEST(behind("file://localhost/F:/a.mp3", "E:/") == "-");
}

BOOST_AUTO_TEST_CASE(kinds_do_not_mix) {
  BOOST_TEST(behind("file://localhost/E:/a.mp3", "/") == "-");
  BOOST_TEST(behind("file://localhost/soundcloud:tracks:1", "/") == "-");
  BOOST_TEST(behind("file://localhost/a/b", "/") == "/a/b");
  BOOST_TEST(behind("file://localhost/nas/dj/a", "//nas/dj") == "-");
}

BOOST_AUTO_TEST_CASE(two_slashes_are_a_network_folder_to_a_unc_root_only) {
  BOOST_TEST(behind("file://localhost//nas/dj/a", "//nas/dj") == "/a");
  BOOST_TEST(behind("file://localhost//Volumes/X/a", "/Volumes/X") == "/a");
  BOOST_TEST(behind("file://localhost///nas/dj/a", "//nas/dj") == "-");
  BOOST_TEST(behind("file://nas/dj/a", "//NAS/dj") == "~/a");
  BOOST_TEST(behind("file://nas/dj/a", "/nas/dj") == "-");
}

BOOST_AUTO_TEST_CASE(doubled_slashes_behind_the_root_are_repaired) {
  BOOST_TEST(behind("file://localhost/Volumes/X//Contents//a", "/Volumes/X") == "/Contents//a");
  BOOST_TEST(behind("file://localhost//Volumes//X///a", "/Volumes/X") == "/a");
}

BOOST_AUTO_TEST_CASE(relative_paths_are_decoded_and_composed) {
  BOOST_TEST(relative("/DJ%20Music/a%2526.mp3") == "DJ Music/a%26.mp3");
  BOOST_TEST(relative("//a///b/") == "a/b");
  BOOST_TEST(relative("/Bjo%cc%88rk") == "Bj\xc3\xb6rk");
  BOOST_TEST(relative("") == "");
  BOOST_TEST(relative("/%ff") == "\xff");
}

BOOST_AUTO_TEST_CASE(length_counts_characters_not_bytes) {
  BOOST_TEST(decoded_length("/a%20b") == 4U);
  BOOST_TEST(decoded_length("/%e3%83%86%e3%82%af") == 3U);
  BOOST_TEST(decoded_length("/\xf0\x9f\x8e\xa7") == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
