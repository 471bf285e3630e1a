#include "s3/replies/plain_xml.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace beatsync::s3 {
namespace {

/// Control characters but TAB and LF; eight bytes at a time, as every byte of a page passes here.
bool has_control_characters(std::string_view page) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101, high_bits = 0x8080808080808080;
  const auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
  };
  for (; page.size() >= 8; page.remove_prefix(8)) {
    std::uint64_t word;
    std::memcpy(&word, page.data(), 8);
    const bool some_below_blank = ((word - ones * 0x20) & ~word & high_bits) != 0;
    if (some_below_blank && std::any_of(page.begin(), page.begin() + 8, is_control)) return true;
  }
  return std::any_of(page.begin(), page.end(), is_control);
}

}  // namespace

bool is_plain_xml(std::string_view page) noexcept {
  return !has_control_characters(page) && page.find("]]>") == std::string_view::npos &&
         page.find("\xEF\xBF\xBE") == std::string_view::npos &&
         page.find("\xEF\xBF\xBF") == std::string_view::npos &&
         simdjson::validate_utf8(page.data(), page.size());
}

xml_reference read_xml_reference(std::string_view text) noexcept {
  struct named {
    std::string_view text;
    char character;
  };
  static constexpr std::array<named, 5> known = {
      {{"&quot;", '"'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}}};
  for (const named& one : known)
    if (text.starts_with(one.text)) return {one.character, one.text.size()};
  if (!text.starts_with("&#")) return {};
  const bool hex = text.size() > 2 && text[2] == 'x';
  unsigned value = 0;
  std::size_t at = hex ? 3 : 2;
  const std::size_t first = at;
  for (; at < text.size() && text[at] != ';' && value < 0x80; ++at) {
    const char c = text[at];
    unsigned digit = 16;
    if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
    if (hex && c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a' + 10);
    if (hex && c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A' + 10);
    if (digit == 16) return {};
    value = value * (hex ? 16 : 10) + digit;
  }
  const bool character =
      (value >= 0x20 && value < 0x80) || value == 9 || value == 10 || value == 13;
  if (at == first || at >= text.size() || text[at] != ';' || !character) return {};
  return {static_cast<char>(value), at + 1};
}

}  // namespace beatsync::s3
