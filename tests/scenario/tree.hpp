#pragma once

/// A folder as a value: every name below it with its kind, bytes and modification time. Two trees
/// are compared with a list of differences in words, so that a failed test says what is wrong.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace beatsync::tests {

struct tree_entry {
  std::filesystem::file_type type = std::filesystem::file_type::none;
  std::string content;        ///< of regular files; the target of links
  std::int64_t mtime_ns = 0;  ///< of regular files

  friend bool operator==(const tree_entry&, const tree_entry&) = default;
};

/// Key: path below the root, raw bytes. Folders are left out: they carry nothing that is synced.
using tree = std::map<std::string, tree_entry>;

/// Links are not followed. A root that is not there is an empty tree.
tree read_tree(const std::filesystem::path& root);

/// Empty where both are the same. `times` off: modification times may differ.
std::string differences(const tree& expected, const tree& found, bool times = true);

/// True where a name below `root` looks like one of our temporary files.
bool has_leftovers(const std::filesystem::path& root);

}  // namespace beatsync::tests
