#include "xml/collection_rewriter.hpp"

#include "tests/unit/xml/rewriting.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

using namespace beatsync::xml;
using namespace beatsync::tests;

namespace {

std::string in_playlists(std::string_view inside) {
  return "<DJ_PLAYLISTS><COLLECTION Entries='0'/><PLAYLISTS><NODE Type='0' Name='ROOT'>" +
         std::string(inside) + "</NODE></PLAYLISTS></DJ_PLAYLISTS>";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rewriting)

BOOST_AUTO_TEST_CASE(every_kind_becomes_every_kind) {
  const std::string mac = "file://localhost/Volumes/NO%20NAME/DJ%20Music/a.mp3";
  const std::string windows = "file://localhost/E:/DJ%20Music/a.mp3";
  const std::string network = "file://localhost//nas/dj/DJ%20Music/a.mp3";
  BOOST_TEST(moved(mac, "/Volumes/NO NAME", "e:\\") == windows);
  BOOST_TEST(moved(mac, "/Volumes/NO NAME/", "\\\\nas\\dj") == network);
  BOOST_TEST(moved(windows, "E:", "/Volumes/NO NAME") == mac);
  BOOST_TEST(moved(windows, "E:", "//nas/dj") == network);
  BOOST_TEST(moved(network, "//nas/dj", "E:/") == windows);
  BOOST_TEST(moved(network, "//nas/dj", "/Volumes/NO NAME") == mac);
}

BOOST_AUTO_TEST_CASE(roots_of_one_slash) {
  BOOST_TEST(moved("file://localhost/a/b.mp3", "/", "/Volumes/X") ==
             "file://localhost/Volumes/X/a/b.mp3");
  BOOST_TEST(moved("file://localhost/Volumes/X/b.mp3", "/Volumes/X", "/") ==
             "file://localhost/b.mp3");
  BOOST_TEST(moved("file://localhost/Volumes/X", "/Volumes/X", "/") == "file://localhost/");
}

BOOST_AUTO_TEST_CASE(scheme_host_and_remainder_keep_their_bytes) {
  BOOST_TEST(moved("FILE://LocalHost/Volumes/X/a+b%2526#&amp;%C3%a9//c", "/Volumes/X", "/Y") ==
             "FILE://LocalHost/Y/a+b%2526#&amp;%C3%a9//c");
  BOOST_TEST(moved("file:///Volumes/X/a", "/Volumes/X", "E:") == "file:///E:/a");
}

BOOST_AUTO_TEST_CASE(stale_drives_become_canonical) {
  BOOST_TEST(moved("file://localhostE:/music/a.mp3", "E:/", "/Volumes/X") ==
             "file://localhost/Volumes/X/music/a.mp3");
  BOOST_TEST(moved("file://localhoste:/music/a.mp3", "E:/", "F:") ==
             "file://localhost/F:/music/a.mp3");
}

BOOST_AUTO_TEST_CASE(a_root_may_stand_there_in_references) {
  BOOST_TEST(moved("file://localhost/Volumes/M&#252;sik/a&amp;b", "/Volumes/M\xc3\xbcsik",
                   "/Volumes/X") == "file://localhost/Volumes/X/a&amp;b");
  BOOST_TEST(moved("&#102;ile://localhost/Volumes/&#x58;&#47;a", "/Volumes/X", "/Y") ==
             "&#102;ile://localhost/Y&#47;a");
}

BOOST_AUTO_TEST_CASE(insertions_speak_like_their_value) {
  BOOST_TEST(moved("file://localhost/E:/a%c3%a9", "E:", "/M\xc3\xbc x") ==
             "file://localhost/M%c3%bc%20x/a%c3%a9");
  BOOST_TEST(moved("file://localhost/E:/a%C3%A9", "E:", "/M\xc3\xbc x") ==
             "file://localhost/M%C3%BC%20x/a%C3%A9");
  BOOST_TEST(moved("file://localhost/E:/a b", "E:", "/M\xc3\xbc & x") ==
             "file://localhost/M\xc3\xbc &amp; x/a b");
}

BOOST_AUTO_TEST_CASE(a_target_is_written_composed) {
  BOOST_TEST(moved("file://localhost/E:/a", "E:", "/Mu\xcc\x88") == "file://localhost/M%c3%bc/a");
}

BOOST_AUTO_TEST_CASE(the_longest_root_wins) {
  const std::vector from = {root_of("/Volumes/X"), root_of("/Volumes/X/DJ"), root_of("D:")};
  const auto done =
      rewrite(collection_of("file://localhost/Volumes/X/DJ/a.mp3"), from, root_of("/Y")).value();
  BOOST_TEST(done.visited.at(0) == "a.mp3");
  const auto other =
      rewrite(collection_of("file://localhost/d:/a.mp3"), from, root_of("/Y")).value();
  BOOST_TEST(other.visited.at(0) == "a.mp3");
}

BOOST_AUTO_TEST_CASE(of_two_spellings_of_a_root_the_exact_one_counts) {
  const std::vector from = {root_of("/Volumes/usb"), root_of("/Volumes/USB")};
  const auto done =
      rewrite(collection_of("file://localhost/Volumes/USB/a.mp3"), from, root_of("/Y")).value();
  BOOST_TEST(done.report.case_differs == 0U);
}

BOOST_AUTO_TEST_CASE(the_same_root_changes_nothing_however_it_is_spelt) {
  for (const char* location :
       {"file://localhost/Volumes/NO%20NAME/a.mp3", "file://localhost/Volumes/NO NAME//a.mp3",
        "FILE://localhost//volumes/%4eO%20NAME/a.mp3"}) {
    BOOST_TEST(moved(location, "/Volumes/NO NAME", "/Volumes/NO NAME/") == location);
    const auto done =
        rewrite(collection_of(location), "/Volumes/NO NAME", "/Volumes/NO NAME").value();
    BOOST_TEST(done.report.rewritten == 1U);
  }
}

BOOST_AUTO_TEST_CASE(a_target_inside_the_source_does_not_pile_up) {
  const std::string once =
      moved("file://localhost/Volumes/X/a.mp3", "/Volumes/X", "/Volumes/X/Friends");
  BOOST_TEST(once == "file://localhost/Volumes/X/Friends/a.mp3");
  BOOST_TEST(moved(once, "/Volumes/X", "/Volumes/X/Friends") == once);
  const auto again = rewrite(collection_of(once), "/Volumes/X", "/Volumes/X/Friends").value();
  BOOST_TEST(again.report.rewritten == 1U);
  BOOST_TEST(again.visited.at(0) == "a.mp3");
}

BOOST_AUTO_TEST_CASE(a_target_inside_the_source_is_found_in_another_case_and_on_the_network) {
  const std::string friends =
      moved("file://localhost/Volumes/usb/a.mp3", "/Volumes/usb", "/Volumes/USB/Friends");
  BOOST_TEST(friends == "file://localhost/Volumes/USB/Friends/a.mp3");
  BOOST_TEST(moved(friends, "/Volumes/usb", "/Volumes/USB/Friends") == friends);
  const std::string network = moved("file://localhost/a.mp3", "/", "//server/share");
  BOOST_TEST(network == "file://localhost//server/share/a.mp3");
  BOOST_TEST(moved(network, "/", "//server/share") == network);
}

BOOST_AUTO_TEST_CASE(everything_is_counted_in_one_class) {
  const std::string document =
      "<DJ_PLAYLISTS><COLLECTION Entries='99'>"
      "<TRACK Location='file://localhost/Volumes/X/1.mp3'/>"
      "<TRACK Location='file://localhost/volumes/x/2.mp3'/>"
      "<TRACK Location='file://localhost/Volumes/X%201/3.mp3'/>"
      "<TRACK Location='file://localhost/Volumes/X%201/4.mp3'/>"
      "<TRACK Location='file://localhost/D:/5.mp3'/>"
      "<TRACK Location='file://localhostsoundcloud:tracks:6'/>"
      "<TRACK Location='file://localhost/tidal:tracks:7'/>"
      "<TRACK Location='https://example.com/8.mp3'/>"
      "<TRACK Location='file://nas/dj/9.mp3'/>"
      "<TRACK Location=''/>"
      "<TRACK TrackID='11'/>"
      "</COLLECTION></DJ_PLAYLISTS>";
  const auto done = rewrite(document, "/Volumes/X", "E:").value();
  const rewrite_report& report = done.report;
  BOOST_TEST(report.is_collection);
  BOOST_TEST(report.tracks == 11U);
  BOOST_TEST(report.rewritten == 2U);
  BOOST_TEST(report.case_differs == 1U);
  BOOST_TEST(report.other_root == 3U);
  BOOST_TEST(report.streaming == 2U);
  BOOST_TEST(report.not_a_file == 2U);
  BOOST_TEST(report.without_location == 2U);
  BOOST_TEST(report.keys_rewritten == 0U);
  BOOST_TEST(!report.nothing_matched());
  BOOST_REQUIRE(report.other_roots.size() == 2U);
  BOOST_TEST(report.other_roots[0].first == "/Volumes/X 1");
  BOOST_TEST(report.other_roots[0].second == 2U);
  BOOST_TEST(report.other_roots[1].first == "D:/");
  BOOST_TEST((done.visited == std::vector<std::string>{"1.mp3", "2.mp3"}));
}

BOOST_AUTO_TEST_CASE(nothing_matched_is_told_apart_from_nothing_there) {
  BOOST_TEST(
      rewrite(collection_of("file://localhost/D:/a"), "/X", "/Y").value().report.nothing_matched());
  BOOST_TEST(!rewrite(collection_of("file://localhost/tidal:tracks:1"), "/X", "/Y")
                  .value()
                  .report.nothing_matched());
  // What ought to be a file, but is not written as one.
  for (const char* location : {"/X/a.mp3", "E:\\a.mp3", "file:/X/a.mp3", "file://server/X/a.mp3"}) {
    BOOST_TEST(rewrite(collection_of(location), "/X", "/Y").value().report.nothing_matched());
  }
  BOOST_TEST(!rewrite(collection_of(""), "/X", "/Y").value().report.nothing_matched());
  BOOST_TEST(!rewrite("<a/>", "/X", "/Y").value().report.nothing_matched());
  BOOST_TEST(!rewrite("<a/>", "/X", "/Y").value().report.is_collection);
}

BOOST_AUTO_TEST_CASE(paths_beyond_what_rekordbox_takes_are_counted) {
  const std::string name(240, 'x');
  const auto done =
      rewrite(collection_of("file://localhost/E:/" + name), "E:", "/Volumes/A STICK WITH A NAME")
          .value();
  BOOST_TEST(done.report.too_long == 1U);
  BOOST_TEST(
      rewrite(collection_of("file://localhost/E:/" + name), "E:", "/V").value().report.too_long ==
      0U);
}

BOOST_AUTO_TEST_CASE(keys_follow_where_the_playlist_says_location) {
  const std::string key = "<TRACK Key=\"file://localhost/Volumes/X/a.mp3\"/>";
  const std::string moved_key = "<TRACK Key=\"file://localhost/E:/a.mp3\"/>";
  for (const char* node : {"<NODE Name='n' Type='1' KeyType='1'>", "<NODE KeyType=\"1\">",
                           "<NODE Name='n' KeyType='0'>", "<NODE Name='n'>"}) {
    const auto done = rewrite(in_playlists(node + key + "</NODE>"), "/Volumes/X", "E:").value();
    BOOST_TEST(done.document == in_playlists(node + moved_key + "</NODE>"));
    BOOST_TEST(done.report.keys_rewritten == 1U);
    BOOST_TEST(done.report.tracks == 0U);
    BOOST_TEST(done.visited.empty());
  }
}

BOOST_AUTO_TEST_CASE(other_keys_stay) {
  const std::string document = in_playlists(
      "<NODE KeyType='0'><TRACK Key='1234'/><TRACK Location='file://localhost/Volumes/X/a'/></NODE>"
      "<NODE KeyType='1'><TRACK Key='/Volumes/X/a'/><TRACK "
      "Key='file://localhost/soundcloud:tracks:1'/>"
      "<TRACK Key='file://localhost/Volumes/X%201/a'/><TRACK/></NODE>");
  const auto done = rewrite(document, "/Volumes/X", "E:").value();
  BOOST_TEST(done.document == document);
  BOOST_TEST(done.report.keys_rewritten == 0U);
}

BOOST_AUTO_TEST_CASE(only_tracks_of_the_collection_and_of_playlists_change) {
  const std::string document =
      "<DJ_PLAYLISTS Location='file://localhost/Volumes/X/1'><TRACK "
      "Location='file://localhost/Volumes/X/2'/>"
      "<COLLECTION Location='file://localhost/Volumes/X/3'><Track "
      "Location='file://localhost/Volumes/X/4'/>"
      "<TRACK location='file://localhost/Volumes/X/5' "
      "Comments='Location=\"file://localhost/Volumes/X/6\"'>"
      "<TEMPO "
      "Location='file://localhost/Volumes/X/7'/>file://localhost/Volumes/X/8</TRACK></COLLECTION>"
      "<TRACK Key='file://localhost/Volumes/X/9'/><NODE KeyType='1'><TRACK "
      "Key='file://localhost/Volumes/X/0'/></NODE>"
      "</DJ_PLAYLISTS>";
  BOOST_TEST(rewrite(document, "/Volumes/X", "E:").value().document == document);
}

BOOST_AUTO_TEST_CASE(the_location_is_found_wherever_it_stands) {
  for (const char* shape :
       {"Location=L", "a='1' Location=L", "Location=L a='1'", "a='1' b='2' c='3' Location=L d='4'",
        "a='1' Location=L b='2' c='3' d='4'", "a='Location=' Location = \r\nL\tb=\"'\""}) {
    const auto document_of = [shape](std::string_view value) {
      std::string tag = shape;
      tag.replace(tag.find("=L") == tag.npos ? tag.find("\nL") + 1 : tag.find("=L") + 1, 1,
                  "'" + std::string(value) + "'");
      return "<COLLECTION><TRACK " + tag + "/></COLLECTION>";
    };
    const auto done =
        rewrite(document_of("file://localhost/Volumes/X/a"), "/Volumes/X", "E:").value();
    BOOST_TEST(done.document == document_of("file://localhost/E:/a"));
  }
}

BOOST_AUTO_TEST_CASE(errors_come_with_their_place_and_stay) {
  rewrite_options options{.from = {root_of("/X")}, .to = root_of("/Y")};
  collection_rewriter rewriter(std::move(options), [](std::span<const char>) {});
  const std::string_view broken =
      "<COLLECTION>\n<TRACK Location='file://localhost/X/a'></COLLECTION>";
  const auto fed = rewriter.feed({broken.data(), broken.size()});
  BOOST_REQUIRE(!fed);
  BOOST_TEST(fed.error().line == 2U);
  BOOST_TEST(rewriter.feed({broken.data(), 1}).error().text() == fed.error().text());
  BOOST_TEST(rewriter.finish().error().text() == fed.error().text());
}

BOOST_AUTO_TEST_CASE(exceptions_of_the_callbacks_come_out) {
  const std::string document = collection_of("file://localhost/X/a");
  rewrite_options options{.from = {root_of("/X")}, .to = root_of("/Y")};
  collection_rewriter rewriter(
      options, [](std::span<const char>) {},
      [](std::string_view) { throw std::runtime_error("visitor"); });
  BOOST_CHECK_THROW((void)rewriter.feed({document.data(), document.size()}), std::runtime_error);
  BOOST_TEST(!rewriter.finish().has_value());

  collection_rewriter writer(options,
                             [](std::span<const char>) { throw std::runtime_error("full"); });
  BOOST_TEST(writer.feed({document.data(), document.size()}).has_value());  // small: still gathered
  BOOST_CHECK_THROW((void)writer.finish(), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(it_takes_at_least_one_source) {
  rewrite_options none{.from = {}, .to = root_of("/Y")};
  BOOST_CHECK_THROW(collection_rewriter(none, [](std::span<const char>) {}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()
