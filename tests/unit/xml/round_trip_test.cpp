#include "tests/support/rekordbox_generator.hpp"
#include "tests/unit/xml/rewriting.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace beatsync::xml;
using namespace beatsync::tests;

namespace {

std::size_t occurrences(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

struct journey {
  rekordbox_platform platform;
  const char* from;
  const char* to;
};

rekordbox_export four_roots(const journey& way) {
  rekordbox_export what;
  what.platform = way.platform;
  what.roots = {way.from, std::string(way.from) + " 1", "/Volumes/M\xc3\xbcsik & Co",
                "C:/Users/dj"};
  return what;
}

constexpr auto macos = rekordbox_platform::macos;
constexpr auto windows = rekordbox_platform::windows;

}  // namespace

BOOST_AUTO_TEST_SUITE(round_trip)

BOOST_AUTO_TEST_CASE(twenty_thousand_tracks_there_and_back) {
  rekordbox_export what = four_roots({macos, "/Volumes/NO NAME", ""});
  what.tracks = 20'000;
  const std::string original = make_rekordbox_export(what);

  const auto there = rewrite(original, "/Volumes/NO NAME", "E:/", 65'536).value();
  BOOST_TEST((there.document != original));
  BOOST_TEST(there.report.is_collection);
  BOOST_TEST(there.report.tracks == 20'000U);
  BOOST_TEST(there.report.streaming == 500U);
  BOOST_TEST(there.report.rewritten == 10'000U);
  BOOST_TEST(there.report.other_root == 9'500U);
  BOOST_TEST(there.report.other_roots.size() == 3U);
  BOOST_TEST(there.report.case_differs == 0U);
  BOOST_TEST(there.report.keys_rewritten == 2'500U);
  BOOST_TEST(there.visited.size() == 10'000U);
  // No location of the stick is left, and every one of its neighbour's is.
  BOOST_TEST(occurrences(there.document, "/Volumes/NO%20NAME/") == 0U);
  BOOST_TEST(occurrences(there.document, "/Volumes/NO%20NAME%201/") ==
             occurrences(original, "/Volumes/NO%20NAME%201/"));

  const auto back = rewrite(there.document, "E:/", "/Volumes/NO NAME", 65'536).value();
  BOOST_TEST((back.document == original));
}

BOOST_AUTO_TEST_CASE(between_all_kinds_of_roots) {
  for (const journey& way :
       {journey{macos, "/Volumes/NO NAME", "/Volumes/\xc3\x89t\xc3\xa9 [1] 100%"},
        journey{macos, "/Volumes/2GREEDY", "F:/USB 1"},
        journey{macos, "/Volumes/\xe3\x83\x86\xe3\x82\xaf", "//nas/dj"},
        journey{windows, "D:", "/Volumes/X"}, journey{windows, "D:", "E:/DJ's"},
        journey{windows, "D:/USB #1?", "/"}, journey{windows, "D:", "//nas/dj"}}) {
    const std::string original = make_rekordbox_export(four_roots(way));
    const auto there = rewrite(original, way.from, way.to).value();
    BOOST_TEST(there.report.rewritten == 50U);
    BOOST_TEST((there.document != original));
    if (std::string_view(way.to) == "/") continue;  // everything is below that one
    const auto again = rewrite(there.document, way.from, way.to).value();
    BOOST_TEST((again.document == there.document));
    const auto back = rewrite(there.document, way.to, way.from).value();
    BOOST_TEST((back.document == original));
  }
}

BOOST_AUTO_TEST_CASE(visits_every_track_with_its_path) {
  rekordbox_export what;
  what.files = {"DJ Music/Bj\xc3\xb6rk/J\xc3\xb3ga.mp3", "DJ Music/100% #1?+.wav",
                "a & b's \"c\" [d]%20.mp3"};
  const auto done = rewrite(make_rekordbox_export(what), "/Volumes/NO NAME", "E:").value();
  BOOST_TEST((done.visited == what.files));
}

BOOST_AUTO_TEST_CASE(block_boundaries_fall_anywhere) {
  rekordbox_export what = four_roots({macos, "/Volumes/NO NAME", ""});
  what.tracks = 700;  // two blocks of 256 KiB and some
  const std::string original = make_rekordbox_export(what);
  const std::string expected = rewrite(original, "/Volumes/NO NAME", "E:/").value().document;
  for (const std::size_t chunk : {1UL, 2UL, 3UL, 1021UL, 4096UL, 262'143UL, 262'145UL, 400'000UL}) {
    BOOST_TEST((rewrite(original, "/Volumes/NO NAME", "E:/", chunk).value().document == expected));
  }
  // A comment in front shifts every track across the boundary, byte by byte.
  const std::size_t head = original.find("<DJ_PLAYLISTS");
  for (std::size_t shift = 0; shift < 1100; shift += 13) {
    const std::string comment = "<!--" + std::string(shift, 'x') + "-->";
    std::string shifted = original;
    shifted.insert(head, comment);
    std::string wanted = expected;
    wanted.insert(head, comment);
    BOOST_REQUIRE((rewrite(shifted, "/Volumes/NO NAME", "E:/").value().document == wanted));
  }
}

BOOST_AUTO_TEST_SUITE_END()
