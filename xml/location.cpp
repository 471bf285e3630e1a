#include "xml/location.hpp"

#include "xml/utf.hpp"

namespace beatsync::xml {
namespace {

char ascii_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_letter(char c) noexcept { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool starts_with_ignoring_case(std::string_view text, std::string_view lower) noexcept {
  if (text.size() < lower.size()) return false;
  for (std::size_t i = 0; i < lower.size(); ++i) {
    if (ascii_lower(text[i]) != lower[i]) return false;
  }
  return true;
}

int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char lower = ascii_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

struct decoded_byte {
  char byte;
  std::size_t size;  ///< in the value: 3 for an escape
};

decoded_byte decode_at(std::string_view value, std::size_t at) noexcept {
  if (value[at] == '%' && at + 2 < value.size()) {
    const int high = hex_value(value[at + 1]);
    const int low = hex_value(value[at + 2]);
    if (high >= 0 && low >= 0) return {static_cast<char>(high * 16 + low), 3};
  }
  return {value[at], 1};
}

/// 0 if there is no slash at this place, else its size (an escaped one has 3).
std::size_t slash_at(std::string_view value, std::size_t at) noexcept {
  if (at >= value.size()) return 0;
  const decoded_byte next = decode_at(value, at);
  return next.byte == '/' ? next.size : 0;
}

bool is_drive(std::string_view segment) noexcept {
  return segment.size() == 2 && is_letter(segment[0]) && segment[1] == ':';
}

/// `soundcloud:…`: a scheme (RFC 3986 §3.1) of at least two characters, for one is a drive.
bool has_scheme(std::string_view segment) noexcept {
  const std::size_t colon = segment.find(':');
  if (colon == segment.npos || colon < 2 || !is_letter(segment[0])) return false;
  for (const char c : segment.substr(0, colon)) {
    if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return false;
  }
  return true;
}

enum class likeness { same, same_but_for_case, different };

likeness compare(std::string_view found, const root::segment& wanted) {
  if (found == wanted.name) return likeness::same;
  if (!may_change_under_normalisation(found)) {
    if (found.size() != wanted.folded.size()) return likeness::different;
    return starts_with_ignoring_case(found, wanted.folded) ? likeness::same_but_for_case
                                                           : likeness::different;
  }
  if (to_nfc(found) == wanted.name) return likeness::same;
  return casefold_nfc(found) == wanted.folded ? likeness::same_but_for_case : likeness::different;
}

bool kind_fits(const location& where, root_kind kind) noexcept {
  switch (kind) {
    case root_kind::posix:
      return where.kind() == location_kind::path;
    case root_kind::drive:
      return where.kind() == location_kind::drive;
    case root_kind::unc:
      return where.kind() == location_kind::host ||
             (where.kind() == location_kind::path && where.double_slash());
  }
  return false;
}

}  // namespace

void location::read(std::string_view value, std::size_t depth) {
  value_ = value;
  kind_ = location_kind::not_a_file;
  path_begin_ = 0;
  double_slash_ = false;
  complete_ = true;
  decoded_.clear();
  segments_.clear();

  constexpr std::string_view scheme = "file://";
  constexpr std::string_view host = "localhost";
  if (!starts_with_ignoring_case(value, scheme)) return;
  path_begin_ = scheme.size();
  if (starts_with_ignoring_case(value.substr(path_begin_), host)) path_begin_ += host.size();

  std::size_t at = path_begin_;
  std::size_t leading_slashes = 0;
  while (const std::size_t size = slash_at(value, at)) {
    at += size;
    ++leading_slashes;
  }
  double_slash_ = leading_slashes == 2;

  while (at < value.size() && segments_.size() < depth) {
    const std::size_t begin = decoded_.size();
    while (at < value.size()) {
      // Plain runs at once; then an escape, a slash or the end.
      const std::size_t plain = at;
      while (at < value.size() && value[at] != '/' && value[at] != '%') ++at;
      decoded_.append(value, plain, at - plain);
      if (at == value.size()) break;
      const decoded_byte next = decode_at(value, at);
      if (next.byte == '/') break;
      decoded_ += next.byte;
      at += next.size;
    }
    segments_.push_back({begin, decoded_.size() - begin, at});
    while (const std::size_t size = slash_at(value, at)) at += size;
  }
  complete_ = at == value.size();

  const bool alone = segments_.size() == 1 && segments_[0].end == value.size();
  if (!segments_.empty() && is_drive(segment(0))) {
    kind_ = location_kind::drive;
  } else if (alone && has_scheme(segment(0))) {
    kind_ = location_kind::streaming;
  } else if (leading_slashes > 0) {
    kind_ = location_kind::path;
  } else if (!segments_.empty()) {
    kind_ = location_kind::host;
  }
}

std::string_view location::segment(std::size_t i) const noexcept {
  return std::string_view(decoded_).substr(segments_[i].begin, segments_[i].size);
}

std::optional<root_match> match(const location& where, const root& below) {
  const auto& wanted = below.segments();
  if (!kind_fits(where, below.kind()) || where.size() < wanted.size()) return std::nullopt;

  bool exact = true;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const likeness alike = compare(where.segment(i), wanted[i]);
    if (alike == likeness::different) return std::nullopt;
    const bool drive_letter = i == 0 && below.kind() == root_kind::drive;
    if (alike == likeness::same_but_for_case && !drive_letter) exact = false;
  }

  // Doubled slashes behind the root are what string-replacing tools left: `/Volumes/X//Contents`.
  std::size_t end = wanted.empty() ? where.path_begin() : where.segment_end(wanted.size() - 1);
  while (const std::size_t size = slash_at(where.value(), end)) {
    if (slash_at(where.value(), end + size) == 0) break;
    end += size;
  }
  return root_match{wanted.size(), end, exact};
}

void decode_relative_path(std::string_view remainder, std::string& path) {
  path.clear();
  bool slash_waits = false;
  for (std::size_t at = 0; at < remainder.size();) {
    const std::size_t plain = at;
    while (at < remainder.size() && remainder[at] != '/' && remainder[at] != '%') ++at;
    std::string_view name = remainder.substr(plain, at - plain);
    decoded_byte next{};
    if (name.empty()) {
      next = decode_at(remainder, at);
      at += next.size;
      if (next.byte == '/') {
        slash_waits = !path.empty();
        continue;
      }
      name = std::string_view(&next.byte, 1);
    }
    if (slash_waits) path += '/';
    slash_waits = false;
    path += name;
  }
  if (may_change_under_normalisation(path)) path = to_nfc(path);
}

std::size_t decoded_length(std::string_view remainder) noexcept {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < remainder.size();) {
    const decoded_byte next = decode_at(remainder, at);
    at += next.size;
    // Continuation bytes of UTF-8 are 10xxxxxx.
    if ((static_cast<unsigned char>(next.byte) & 0xC0U) != 0x80U) ++characters;
  }
  return characters;
}

}  // namespace beatsync::xml
