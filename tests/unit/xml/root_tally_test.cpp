#include "xml/root_tally.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::xml;

namespace {

location read(std::string_view value) {
  location where;
  where.read(value, root_tally::depth);
  return where;
}

std::string likely(std::string_view value, bool unc = false) {
  return likely_root(read(value), unc);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(other_roots)

BOOST_AUTO_TEST_CASE(a_volume_is_recognised_where_systems_mount_them) {
  BOOST_TEST(likely("file://localhost/Volumes/NO%20NAME%201/a/b.mp3") == "/Volumes/NO NAME 1");
  BOOST_TEST(likely("file://localhost/media/dj/STICK/a.mp3") == "/media/dj/STICK");
  BOOST_TEST(likely("file://localhost/run/media/dj/STICK/a.mp3") == "/run/media/dj/STICK");
  BOOST_TEST(likely("file://localhost/Users/dj/Music/a.mp3") == "/Users/dj");
  BOOST_TEST(likely("file://localhost/srv/music/a.mp3") == "/srv");
  BOOST_TEST(likely("file://localhoste:/a.mp3") == "E:/");
  BOOST_TEST(likely("file://localhost//nas/dj/a.mp3", true) == "//nas/dj");
  BOOST_TEST(likely("file://localhost//nas/dj/a.mp3", false) == "/nas");
}

BOOST_AUTO_TEST_CASE(the_file_itself_is_no_root) {
  BOOST_TEST(likely("file://localhost/a.mp3") == "/");
  BOOST_TEST(likely("file://localhost/Volumes/a.mp3") == "/Volumes");
  BOOST_TEST(likely("file://localhost/") == "/");
}

BOOST_AUTO_TEST_CASE(the_most_frequent_come_first) {
  root_tally tally;
  for (const char* where : {"/b/x", "/a/x", "/c/x", "/c/y", "/c/z", "/d/x", "/d/y"}) {
    tally.add(read(std::string("file://localhost") + where), false);
  }
  const auto top = tally.top(3);
  BOOST_REQUIRE(top.size() == 3U);
  BOOST_TEST(top[0].first == "/c");
  BOOST_TEST(top[0].second == 3U);
  BOOST_TEST(top[1].first == "/d");
  BOOST_TEST(top[2].first == "/a");
}

BOOST_AUTO_TEST_CASE(it_does_not_grow_without_end) {
  root_tally tally;
  for (int i = 0; i < 5000; ++i)
    tally.add(read("file://localhost/" + std::to_string(i) + "/a"), false);
  tally.add(read("file://localhost/" + std::string(100'000, 'x') + "/a"), false);
  const auto top = tally.top(100'000);
  BOOST_TEST(top.size() == root_tally::most_places + 1);
  BOOST_TEST(top[0].first == root_tally::elsewhere);
  BOOST_TEST(top[0].second == 5001 - root_tally::most_places);
}

BOOST_AUTO_TEST_SUITE_END()
