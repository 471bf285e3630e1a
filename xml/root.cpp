#include "xml/root.hpp"

#include "xml/utf.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace beatsync::xml {
namespace {

/// Longer than any path an operating system takes (Linux: PATH_MAX is 4,096).
constexpr std::size_t longest_root = 4096;

bool is_letter(char c) noexcept { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_drive(std::string_view name) noexcept {
  return name.size() == 2 && is_letter(name[0]) && name[1] == ':';
}

bool is_separator(char c) noexcept { return c == '/' || c == '\\'; }

error refused(std::string_view text, std::string_view why) {
  return error{.message = "\"" + std::string(text) + "\" is not a root: " + std::string(why)};
}

/// Characters that no XML document can hold, however they are written (XML 1.0 §2.2).
bool holds_unprintable(std::string_view text) noexcept {
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    return true;
  }
  return text.find("\xEF\xBF\xBE") != text.npos || text.find("\xEF\xBF\xBF") != text.npos;
}

/// Splits, drops empty segments and `.`; nothing if one is `..`.
std::optional<std::vector<root::segment>> split(std::string_view path, bool backslashes) {
  std::vector<root::segment> segments;
  for (std::size_t begin = 0; begin <= path.size();) {
    std::size_t end = begin;
    while (end < path.size() && path[end] != '/' && !(backslashes && path[end] == '\\')) ++end;
    const std::string_view name = path.substr(begin, end - begin);
    if (name == "..") return std::nullopt;
    if (!name.empty() && name != ".") segments.push_back({to_nfc(name), casefold_nfc(name)});
    begin = end + 1;
  }
  return segments;
}

}  // namespace

result<root> root::parse(std::string_view text) {
  if (text.empty()) {
    return error{.message = "a root is empty; write the folder, such as /Volumes/NO NAME or E:/"};
  }
  if (text.size() > longest_root) return error{.message = "a root is longer than 4,096 bytes"};
  if (!is_valid_utf8(text)) return error{.message = "a root is not UTF-8"};
  if (holds_unprintable(text)) {
    return error{.message = "a root holds a control character, which XML cannot"};
  }

  const auto drive = is_drive(text.substr(0, 2));
  const auto two_separators = text.size() >= 2 && is_separator(text[0]) && text[1] == text[0];
  const auto third_separator = text.size() >= 3 && is_separator(text[2]);

  auto kind = root_kind::posix;
  if (drive) {
    if (text.size() > 2 && !is_separator(text[2])) {
      return refused(text, "it depends on the drive's current folder; write " +
                               std::string(text.substr(0, 2)) + "/…");
    }
    kind = root_kind::drive;
  } else if (two_separators && !third_separator) {
    kind = root_kind::unc;
  } else if (text[0] != '/') {
    const auto location = casefold_nfc(text.substr(0, 5)) == "file:";
    return refused(text, location ? "it is a location; write its path, such as /Volumes/NO NAME"
                                  : "it is relative; write the whole path, such as "
                                    "/Volumes/NO NAME, E:/ or \\\\server\\share");
  }

  auto segments = split(text, kind != root_kind::posix);
  if (!segments) return refused(text, "it holds \"..\"; write the path without it");
  if (kind == root_kind::unc && segments->size() < 2) {
    if (text[0] == '\\') return refused(text, "a network folder is \\\\server\\share");
    kind = root_kind::posix;  // `//` and `//folder`: doubled by mistake
  }
  if (!segments->empty() && is_drive(segments->front().name)) {
    kind = root_kind::drive;  // `/E:/` too: so it stands in a location, and so it is read there
    segments = split(text, true);
    if (!segments) return refused(text, "it holds \"..\"; write the path without it");
    char& letter = segments->front().name[0];
    if (letter >= 'a') letter = static_cast<char>(letter - 32);
  }
  return root(kind, std::move(*segments));
}

std::string root::text() const {
  std::string path;
  for (const segment& s : segments_) {
    if (kind_ != root_kind::drive || !path.empty()) path += '/';
    path += s.name;
  }
  if (kind_ == root_kind::unc) path.insert(0, 1, '/');
  if (segments_.empty() || (kind_ == root_kind::drive && segments_.size() == 1)) path += '/';
  return path;
}

bool root::is_below(const root& other) const noexcept {
  const bool fits =
      kind_ == other.kind_ || (kind_ == root_kind::unc && other.kind_ == root_kind::posix);
  if (!fits || segments_.size() <= other.segments_.size()) return false;
  return std::equal(other.segments_.begin(), other.segments_.end(), segments_.begin(),
                    [](const segment& a, const segment& b) { return a.folded == b.folded; });
}

bool operator==(const root& a, const root& b) noexcept {
  return a.kind_ == b.kind_ &&
         std::equal(
             a.segments_.begin(), a.segments_.end(), b.segments_.begin(), b.segments_.end(),
             [](const root::segment& x, const root::segment& y) { return x.name == y.name; });
}

}  // namespace beatsync::xml
