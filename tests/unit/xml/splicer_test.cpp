#include "xml/splicer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using beatsync::xml::splicer;

namespace {

std::span<const char> bytes(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

BOOST_AUTO_TEST_SUITE(splicing)

BOOST_AUTO_TEST_CASE(a_range_across_blocks_is_replaced_once_it_is_known) {
  std::string out;
  splicer copy([&out](std::span<const char> piece) { out.append(piece.data(), piece.size()); });
  // "<a>" is settled, "<b" is an open token …
  copy.begin_block(bytes("<a><b"));
  copy.end_block(3);
  // … that grows …
  copy.begin_block(bytes(" x='ol"));
  copy.end_block(3);
  // … and is complete. All of it can still be read.
  copy.begin_block(bytes("d'/><c>"));
  BOOST_TEST(copy.bytes(3, 12) == "<b x='old'/>");
  copy.replace(9, 12, "new one");
  copy.end_block(18);
  copy.finish();
  BOOST_TEST(out == "<a><b x='new one'/><c>");
}

BOOST_AUTO_TEST_CASE(nothing_replaced_nothing_changed) {
  const std::string text(700'000, 'x');
  std::string out;
  std::size_t pieces = 0;
  splicer copy([&](std::span<const char> piece) {
    out.append(piece.data(), piece.size());
    ++pieces;
  });
  std::uint64_t fed = 0;
  for (std::size_t at = 0; at < text.size(); at += 1000) {
    const auto block = std::string_view(text).substr(at, 1000);
    copy.begin_block(bytes(block));
    fed += block.size();
    copy.end_block(fed);
  }
  copy.finish();
  BOOST_TEST((out == text));
  BOOST_TEST(pieces <= 12U);  // gathered to 64 KiB and a little more
}

BOOST_AUTO_TEST_CASE(insertion_and_removal) {
  std::string out;
  splicer copy([&out](std::span<const char> piece) { out.append(piece.data(), piece.size()); });
  copy.begin_block(bytes("0123456789"));
  copy.replace(2, 2, "in");
  copy.replace(5, 8, "");
  copy.end_block(10);
  copy.finish();
  BOOST_TEST(out == "01in23489");
}

BOOST_AUTO_TEST_SUITE_END()
