#include "cli/settings/user_name.hpp"

#include "s3/printable.hpp"

#include <algorithm>
#include <string>

namespace beatsync::cli {

result<void> check_user_name(std::string_view name, std::string_view what) {
  const std::string begin = std::string(what) + " is `" + s3::printable(name) + "`: ";
  // `\ / : * ? " < > |` cannot stand in a file name on every stick; the XML is written under it.
  constexpr std::string_view forbidden = "/\\:*?\"<>|";
  const auto is_bad = [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f || forbidden.find(c) != std::string_view::npos;
  };
  const auto bad = std::ranges::find_if(name, is_bad);
  if (bad != name.end()) {
    return usage_error{begin + "a user's name is one segment of a path and cannot have `" +
                       s3::printable(std::string_view(&*bad, 1)) +
                       "` in it. Allowed is everything but / \\ : * ? \" < > | and control "
                       "characters."};
  }
  if (name == "." || name == ".." || name.empty()) {
    return usage_error{begin + "that is no name."};
  }
  // A key has at most 1,024 bytes and a file name 255; `_rekordbox.xml` follows this one.
  constexpr std::size_t longest = 200;
  if (name.size() > longest) return usage_error{begin + "that is too long for a name."};
  return {};
}

}  // namespace beatsync::cli
