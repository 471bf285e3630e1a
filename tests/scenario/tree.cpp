#include "tests/scenario/tree.hpp"

#include "tests/support/temp_dir.hpp"

#include <sys/stat.h>

namespace beatsync::tests {
namespace fs = std::filesystem;

namespace {

tree_entry read_entry(const fs::directory_entry& entry) {
  tree_entry out;
  out.type = entry.symlink_status().type();
  if (out.type == fs::file_type::symlink) out.content = fs::read_symlink(entry.path()).native();
  if (out.type != fs::file_type::regular) return out;
  out.content = read_file(entry.path());
  struct stat status{};
  ::stat(entry.path().c_str(), &status);
  out.mtime_ns = status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec;
  return out;
}

std::string difference(const tree_entry& expected, const tree_entry& found, bool times) {
  if (expected.type != found.type) return "another kind of file";
  if (expected.content.size() != found.content.size()) {
    return std::to_string(found.content.size()) + " bytes instead of " +
           std::to_string(expected.content.size());
  }
  if (expected.content != found.content) return "other bytes";
  if (times && expected.mtime_ns != found.mtime_ns) {
    return "modified at " + std::to_string(found.mtime_ns) + " instead of " +
           std::to_string(expected.mtime_ns);
  }
  return {};
}

}  // namespace

tree read_tree(const fs::path& root) {
  tree out;
  if (!fs::exists(root)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.symlink_status().type() == fs::file_type::directory) continue;
    out.emplace(entry.path().lexically_relative(root).native(), read_entry(entry));
  }
  return out;
}

std::string differences(const tree& expected, const tree& found, bool times) {
  std::string out;
  for (const auto& [name, entry] : expected) {
    const auto other = found.find(name);
    const std::string what =
        other == found.end() ? "missing" : difference(entry, other->second, times);
    if (!what.empty()) out += name + ": " + what + "\n";
  }
  for (const auto& [name, entry] : found) {
    if (!expected.contains(name)) out += name + ": not expected\n";
  }
  return out;
}

bool has_leftovers(const fs::path& root) {
  for (const auto& [name, entry] : read_tree(root)) {
    if (name.find(".beatsync-") != std::string::npos) return true;
  }
  return false;
}

}  // namespace beatsync::tests
