#include "cli/settings/nearest.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <string>
#include <string_view>

using namespace beatsync::cli;

BOOST_AUTO_TEST_SUITE(nearest_names)

BOOST_AUTO_TEST_CASE(distances_count_edits_and_swaps) {
  BOOST_TEST(edit_distance("", "abc") == 3U);
  BOOST_TEST(edit_distance("abc", "abc") == 0U);
  BOOST_TEST(edit_distance("ABC", "abc") == 0U);
  BOOST_TEST(edit_distance("usb-path", "USB_PATH") == 0U);
  BOOST_TEST(edit_distance("paht", "path") == 1U);
  BOOST_TEST(edit_distance("kitten", "sitting") == 3U);
}

BOOST_AUTO_TEST_CASE(suggestions_are_near_or_none) {
  constexpr std::array<std::string_view, 3> known = {"upload_music", "download_music", "sync"};
  BOOST_TEST(nearest("upload_musci", known) == "upload_music");
  BOOST_TEST(nearest("snyc", known) == "sync");
  BOOST_TEST(nearest("xy", known).empty());
  BOOST_TEST(nearest("delete", known).empty());
  BOOST_TEST(nearest(std::string(5000, 'x'), known).empty());
}

BOOST_AUTO_TEST_SUITE_END()
