#include "xml/utf.hpp"

#include <simdjson.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace beatsync::xml {
namespace {

char ascii_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Takes one character off the front of text that is UTF-8.
std::uint32_t take_code_point(std::string_view& text) noexcept {
  const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t size = byte(0) < 0x80 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  constexpr std::array<std::uint32_t, 5> payload = {0, 0x7F, 0x1F, 0x0F, 0x07};
  std::uint32_t point = byte(0) & payload[size];
  for (std::size_t i = 1; i < size; ++i) point = point << 6U | (byte(i) & 0x3FU);
  text.remove_prefix(size);
  return point;
}

/// Blocks of Unicode that hold only characters with NFC_Quick_Check=Yes (UAX #15 §9): most of what
/// names are written in. Text made of these is NFC, which saves the full normalisation; whatever
/// else there is goes the long way.
bool is_settled_in_nfc(std::uint32_t point) noexcept {
  return point < 0x300 ||                         // Latin
         (point >= 0x400 && point <= 0x482) ||    // Cyrillic
         (point >= 0x3041 && point <= 0x3096) ||  // Hiragana
         (point >= 0x30A1 && point <= 0x30FE) ||  // Katakana
         (point >= 0x4E00 && point <= 0x9FFF) ||  // Han
         (point >= 0xAC00 && point <= 0xD7A3) ||  // Hangul, composed
         (point >= 0xFF01 && point <= 0xFF5E) ||  // full width
         (point >= 0x1F300 && point <= 0x1FAFF);  // pictographs
}

bool is_certainly_nfc(std::string_view text) noexcept {
  if (!is_valid_utf8(text)) return false;
  while (!text.empty()) {
    if (!is_settled_in_nfc(take_code_point(text))) return false;
  }
  return true;
}

/// UAX #15 §13 (Stream-Safe Text Format). U+0F73, U+0F75 and U+0F81 are marks once they are taken
/// apart.
bool is_mark(std::uint32_t point) noexcept {
  if (point < 0x300) return false;
  if (point == 0x0F73 || point == 0x0F75 || point == 0x0F81) return true;
  return utf8proc_get_property(static_cast<utf8proc_int32_t>(point))->combining_class != 0;
}

std::string mapped(std::string_view text, int options) {
  constexpr std::size_t most_in_a_row = 30;
  if (longest_run_of_marks(text) > most_in_a_row) return std::string(text);
  utf8proc_uint8_t* out = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                             static_cast<utf8proc_ssize_t>(text.size()), &out,
                                             static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(out, &std::free);
  if (size < 0) return std::string(text);  // not UTF-8
  return std::string(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
  return simdjson::validate_utf8(text.data(), text.size());
}

bool may_change_under_normalisation(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::size_t longest_run_of_marks(std::string_view text) noexcept {
  if (!is_valid_utf8(text)) return 0;
  std::size_t longest = 0;
  for (std::size_t marks = 0; !text.empty();) {
    marks = is_mark(take_code_point(text)) ? marks + 1 : 0;
    longest = std::max(longest, marks);
  }
  return longest;
}

std::string to_nfc(std::string_view text) {
  if (is_certainly_nfc(text)) return std::string(text);
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string to_nfd(std::string_view text) {
  if (!may_change_under_normalisation(text)) return std::string(text);
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
}

std::string casefold_nfc(std::string_view text) {
  if (!may_change_under_normalisation(text)) {
    std::string folded(text);
    std::transform(folded.begin(), folded.end(), folded.begin(), ascii_lower);
    return folded;
  }
  // Folding can undo the composition (and the reverse), so one more pass makes the result stable.
  return to_nfc(mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
}

}  // namespace beatsync::xml
