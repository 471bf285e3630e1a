/// prepare() and commit(), by which bytes come without a copy. feed() is made of them, so its tests
/// hold for them, too; here is what only they can get wrong.

#include "tests/unit/xml/rewriting.hpp"
#include "xml/sax_parser.hpp"

#include <boost/test/unit_test.hpp>

using namespace beatsync::xml;
using namespace beatsync::tests;

namespace {

class counter final : public sax_handler {
 public:
  void on_start(std::string_view, const attribute_list&) override { ++elements; }
  void on_end(std::string_view, std::string_view) override {}

  std::size_t elements = 0;
};

/// As a reader that gets at most `chunk` bytes where it asked for `asked`.
template <class Sink>
result<void> read_into(Sink& sink, std::string_view document, std::size_t asked,
                       std::size_t chunk) {
  while (!document.empty()) {
    const auto room = sink.prepare(asked);
    if (!room) return room.error();
    BOOST_TEST_REQUIRE(room->size() == asked);
    const std::string_view piece = document.substr(0, std::min(chunk, asked));
    std::ranges::copy(piece, room->begin());
    std::fill(room->begin() + static_cast<std::ptrdiff_t>(piece.size()), room->end(), '<');
    if (auto taken = sink.commit(piece.size()); !taken) return taken;
    BOOST_TEST((std::string_view(room->data(), piece.size()) == piece), "the bytes stay");
    document.remove_prefix(piece.size());
  }
  return {};
}

const std::string document =
    "<?xml version='1.0'?>\r\n<DJ_PLAYLISTS><COLLECTION>"
    "<TRACK Location='file://localhost/E:/a&amp;b.mp3'/>"
    "<TRACK Location=\"file://localhost/F:/c.mp3\"/></COLLECTION></DJ_PLAYLISTS>\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(prepared_room)

BOOST_AUTO_TEST_CASE(fewer_bytes_may_come_than_there_was_room_for) {
  for (std::size_t chunk = 1; chunk <= document.size(); ++chunk) {
    counter ear;
    sax_parser parser(ear);
    BOOST_TEST(read_into(parser, document, document.size(), chunk).has_value());
    BOOST_TEST(parser.finish().has_value());
    BOOST_TEST(ear.elements == 4U);
  }
}

BOOST_AUTO_TEST_CASE(a_rewriter_gives_what_it_gives_for_bytes_that_it_copies) {
  const auto expected = rewrite(document, "E:", "/Volumes/X").value();
  BOOST_TEST(expected.report.rewritten == 1U);
  for (std::size_t chunk = 1; chunk <= document.size(); ++chunk) {
    for (const std::size_t asked : {chunk, document.size()}) {
      std::string out;
      collection_rewriter rewriter(
          {.from = {root_of("E:")}, .to = root_of("/Volumes/X")},
          [&out](std::span<const char> bytes) { out.append(bytes.data(), bytes.size()); });
      BOOST_TEST(read_into(rewriter, document, asked, chunk).has_value());
      BOOST_TEST(rewriter.finish().has_value());
      BOOST_TEST(out == expected.document);
    }
  }
}

BOOST_AUTO_TEST_CASE(room_that_nothing_came_into_changes_nothing) {
  counter ear;
  sax_parser parser(ear);
  BOOST_TEST(parser.prepare(7).has_value());
  BOOST_TEST(parser.commit(0).has_value());
  BOOST_TEST(parser.prepare(9).has_value());  // given up: nothing was committed
  BOOST_TEST(read_into(parser, "<a><b/></a>", 16, 4).has_value());
  BOOST_TEST(parser.prepare(100).has_value());
  BOOST_TEST(parser.finish().has_value());
  BOOST_TEST(ear.elements == 2U);
}

BOOST_AUTO_TEST_CASE(both_ways_can_take_turns) {
  std::string out;
  collection_rewriter rewriter(
      {.from = {root_of("E:")}, .to = root_of("/Volumes/X")},
      [&out](std::span<const char> bytes) { out.append(bytes.data(), bytes.size()); });
  const std::string_view whole = document;
  for (std::size_t at = 0; at < whole.size(); at += 14) {
    const std::string_view copied = whole.substr(at, 7);
    BOOST_TEST(rewriter.feed({copied.data(), copied.size()}).has_value());
    if (at + 7 < whole.size()) {
      BOOST_TEST(read_into(rewriter, whole.substr(at + 7, 7), 32, 5).has_value());
    }
  }
  BOOST_TEST(rewriter.finish().has_value());
  BOOST_TEST(out == rewrite(document, "E:", "/Volumes/X").value().document);
}

BOOST_AUTO_TEST_CASE(after_an_error_there_is_no_room) {
  counter ear;
  sax_parser parser(ear);
  const auto taken = read_into(parser, "<a></b>", 64, 64);
  BOOST_REQUIRE(!taken);
  BOOST_TEST(parser.prepare(1).error().text() == taken.error().text());
  BOOST_TEST(parser.commit(1).error().text() == taken.error().text());
  BOOST_TEST(parser.finish().error().text() == taken.error().text());
}

BOOST_AUTO_TEST_CASE(a_token_beyond_the_limit_is_refused_whatever_the_room) {
  const std::string tag = "<a b='" + std::string(2000, 'x') + "'/>";
  for (const std::size_t chunk : {7U, 500U, 4096U}) {
    counter ear;
    sax_parser parser(ear, sax_text::ignore, {.token = 1024});
    BOOST_TEST(!read_into(parser, tag, 4096, chunk).has_value());
    BOOST_TEST(ear.elements == 0U);
  }
}

BOOST_AUTO_TEST_SUITE_END()
