#include "engine/names/key_mapping.hpp"

#include "xml/utf.hpp"

namespace beatsync::engine {

namespace {

// PATH_MAX of Linux is 4,096 with the NUL; keys end at 1,024, so only a name can be too long.
constexpr name_problem no_path{reason::hostile_name, "this key is no path below a folder"};
constexpr name_problem marker{reason::hostile_name,
                              "this key ends in '/' but has content; no file can have that name"};
constexpr name_problem not_utf8{reason::invalid_name, "the name is not UTF-8"};
constexpr name_problem long_name{reason::invalid_name,
                                 "a name in this key is longer than 255 bytes"};
constexpr name_problem long_key{reason::invalid_name,
                                "the name would be longer than 1,024 bytes as a key"};

}  // namespace

std::optional<name_problem> problem_of_key(std::string_view relative) noexcept {
  if (relative.empty()) return no_path;
  if (relative.find('\0') != std::string_view::npos) return no_path;
  if (relative.size() > 1 && relative.back() == '/' && relative[relative.size() - 2] != '/') {
    relative.remove_suffix(1);
    const auto worse = problem_of_key(relative);
    return worse ? worse : marker;
  }
  bool too_long = false;
  for (std::string_view rest = relative;;) {
    const auto slash = rest.find('/');
    const auto name = rest.substr(0, slash);
    if (name.empty() || name == "." || name == "..") return no_path;
    too_long = too_long || name.size() > max_name_size;
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  if (too_long) return long_name;
  if (!xml::is_valid_utf8(relative)) return not_utf8;
  return std::nullopt;
}

std::optional<name_problem> problem_of_path(std::string_view path,
                                            std::size_t prefix_size) noexcept {
  if (!xml::is_valid_utf8(path)) return not_utf8;
  if (path.size() + prefix_size > max_key_size) return long_key;
  return std::nullopt;
}

std::string key_of(std::string_view prefix, std::string_view path) {
  std::string key;
  key.reserve(prefix.size() + path.size());
  return key.append(prefix).append(path);
}

}  // namespace beatsync::engine
