#include "s3/printable.hpp"

#include <cstdint>
#include <cstdio>

namespace beatsync::s3 {
namespace {

/// One code point of UTF-8 at the front of `text`; size 0: not UTF-8 (RFC 3629, 4).
struct decoded {
  std::uint32_t point = 0;
  std::size_t size = 0;
};

decoded decode(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto continues = [&byte](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return {first, 1};
  if (first >= 0xC2 && first <= 0xDF && continues(1))
    return {(first & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (first >= 0xE0 && first <= 0xEF && continues(1) && continues(2)) {
    const std::uint32_t point = (first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    if (point >= 0x800 && (point < 0xD800 || point > 0xDFFF)) return {point, 3};
  }
  if (first >= 0xF0 && first <= 0xF4 && continues(1) && continues(2) && continues(3)) {
    const std::uint32_t point =
        (first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    if (point >= 0x10000 && point <= 0x10FFFF) return {point, 4};
  }
  return {};
}

/// Characters that move the cursor, start new lines or turn the direction of text (Unicode UAX 9,
/// 2).
bool is_treacherous(std::uint32_t point) noexcept {
  return point < 0x20 || (point >= 0x7F && point <= 0x9F) || (point >= 0x200B && point <= 0x200F) ||
         (point >= 0x2028 && point <= 0x202E) || (point >= 0x2060 && point <= 0x206F) ||
         point == 0x061C || point == 0xFEFF;
}

}  // namespace

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  out.reserve(text.size() < limit ? text.size() : limit);
  while (!text.empty()) {
    if (out.size() >= limit) {
      out += "…";
      break;
    }
    const decoded c = decode(text);
    char escaped[16];
    if (c.size == 0) {
      std::snprintf(escaped, sizeof escaped, "\\x%02x",
                    static_cast<unsigned>(text.front()) & 0xFFU);
      out += escaped;
    } else if (!is_treacherous(c.point)) {
      out.append(text.substr(0, c.size));
    } else if (c.point == '\n' || c.point == '\t' || c.point == '\r') {
      out += c.point == '\n' ? "\\n" : c.point == '\t' ? "\\t" : "\\r";
    } else {
      std::snprintf(escaped, sizeof escaped, c.point < 0x80 ? "\\x%02x" : "\\u{%04x}",
                    static_cast<unsigned>(c.point));
      out += escaped;
    }
    text.remove_prefix(c.size == 0 ? 1 : c.size);
  }
  return out;
}

std::string xml_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&apos;";
        break;
      case '\t':
        out += "&#9;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\r':
        out += "&#13;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace beatsync::s3
