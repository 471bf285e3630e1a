#include "engine/names/junk.hpp"

#include "engine/files/temporary_name.hpp"

#include <algorithm>
#include <array>

namespace beatsync::engine {

namespace {

constexpr std::array<std::string_view, 8> exact = {
    ".DS_Store",       ".Spotlight-V100", ".Trashes",         ".fseventsd",
    ".TemporaryItems", ".apdisk",         ".VolumeIcon.icns", "lost+found"};

// In lower case: Windows does not care about case, and writes them in several.
constexpr std::array<std::string_view, 4> any_case = {"system volume information", "$recycle.bin",
                                                      "thumbs.db", "desktop.ini"};

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool equal_in_any_case(std::string_view name, std::string_view lower_case) noexcept {
  return std::ranges::equal(name, lower_case, {}, lower);
}

}  // namespace

bool is_junk_name(std::string_view name) noexcept {
  if (name.empty()) return false;
  switch (name.front()) {  // nearly all names end here
    case '.':
      if (name.starts_with("._") || name.starts_with(".Trash-") || is_temporary_name(name)) {
        return true;
      }
      [[fallthrough]];
    case 'l':
      return std::ranges::find(exact, name) != exact.end();
    case '$':
    case 'S':
    case 's':
    case 'T':
    case 't':
    case 'D':
    case 'd':
      return std::ranges::any_of(
          any_case, [name](std::string_view junk) { return equal_in_any_case(name, junk); });
    default:
      return false;
  }
}

bool is_junk_path(std::string_view path) noexcept {
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    const bool folder = slash != std::string_view::npos;
    if (is_junk_name(segment) && !(folder && is_temporary_name(segment))) return true;
    if (!folder) break;
    path.remove_prefix(slash + 1);
  }
  return false;
}

}  // namespace beatsync::engine
