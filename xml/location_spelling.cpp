#include "xml/location_spelling.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace beatsync::xml {
namespace {

/// Verified on 28,000 locations of native exports, macOS and Windows, rekordbox 4.2.5 to 7.2.8
/// (docs/dev/rekordbox.md §1.3). `>`, `\`, `^` and control characters did not occur.
constexpr std::string_view kept_by_rekordbox =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!#$()*+,/:;=?@";

constexpr std::array<bool, 256> make_kept() {
  std::array<bool, 256> kept{};
  for (const char c : kept_by_rekordbox) kept[static_cast<unsigned char>(c)] = true;
  return kept;
}

constexpr std::array<bool, 256> kept = make_kept();

/// What a byte says about the spelling of the value it stands in.
enum class kind_of_byte : unsigned char { plain, percent, raw };

constexpr std::array<kind_of_byte, 256> make_kinds() {
  std::array<kind_of_byte, 256> kinds{};
  for (std::size_t byte = 0; byte < kinds.size(); ++byte) {
    if (byte <= 0x20 || byte >= 0x80) kinds[byte] = kind_of_byte::raw;
  }
  kinds['%'] = kind_of_byte::percent;
  return kinds;
}

constexpr std::array<kind_of_byte, 256> kinds = make_kinds();

bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool escape_at(std::string_view text, std::size_t at) noexcept {
  return text[at] == '%' && at + 2 < text.size() && is_hex(text[at + 1]) && is_hex(text[at + 2]);
}

std::string path_of(const root& r) {
  std::string path;
  if (r.kind() == root_kind::unc) path += '/';
  for (const root::segment& s : r.segments()) {
    path += '/';
    path += s.name;
  }
  return path;
}

std::string percent_encoded(std::string_view path, std::string_view digits) {
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (kept[byte]) {
      out += c;
    } else {
      out += '%';
      out += digits[byte / 16];
      out += digits[byte % 16];
    }
  }
  return out;
}

/// Takes one character off the front of valid UTF-8.
std::uint32_t take_code_point(std::string_view& text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  constexpr std::array<unsigned char, 5> payload = {0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t point = lead & payload[size];
  for (std::size_t i = 1; i < size; ++i) {
    point = point << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(size);
  return point;
}

std::string xml_escaped(std::string_view path, document_encoding encoding) {
  std::string out;
  for (std::string_view rest = path; !rest.empty();) {
    // A name that really holds `%20` must not come back as a blank.
    const bool percent = escape_at(rest, 0);
    const std::string_view whole = rest;
    const std::uint32_t point = take_code_point(rest);
    const std::string_view bytes = whole.substr(0, whole.size() - rest.size());
    if (percent) {
      out += "%25";
    } else if (point == '&') {
      out += "&amp;";
    } else if (point == '<') {
      out += "&lt;";
    } else if (point == '>') {
      out += "&gt;";
    } else if (point == '"') {
      out += "&quot;";
    } else if (point == '\'') {
      out += "&apos;";
    } else if (point >= 0x80 && encoding != document_encoding::utf_8) {
      out += "&#" + std::to_string(point) + ";";
    } else {
      out += bytes;
    }
  }
  return out;
}

}  // namespace

spelling spelling_of(std::string_view value) noexcept {
  bool lower = false;
  bool upper = false;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const kind_of_byte kind = kinds[static_cast<unsigned char>(value[at])];
    if (kind == kind_of_byte::plain) continue;
    if (kind == kind_of_byte::raw) return spelling::raw;
    if (!escape_at(value, at)) return spelling::raw;
    for (const char digit : value.substr(at + 1, 2)) {
      lower = lower || digit >= 'a';
      upper = upper || (digit >= 'A' && digit <= 'F');
    }
    at += 2;
  }
  return upper && !lower ? spelling::upper_hex : spelling::native;
}

std::string spell(const root& r, spelling how, document_encoding encoding) {
  const std::string path = path_of(r);
  switch (how) {
    case spelling::native:
      return percent_encoded(path, "0123456789abcdef");
    case spelling::upper_hex:
      return percent_encoded(path, "0123456789ABCDEF");
    case spelling::raw:
      return xml_escaped(path, encoding);
  }
  return {};
}

}  // namespace beatsync::xml
