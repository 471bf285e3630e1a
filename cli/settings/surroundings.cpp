#include "cli/settings/surroundings.hpp"

#include <filesystem>
#include <system_error>

namespace beatsync::cli {

namespace {

namespace fs = std::filesystem;

/// Everything up to the last `..` as the system resolves it, where it exists.
fs::path climbed(const fs::path& whole) {
  fs::path before;  // the last `..` and what stands before it
  fs::path behind;
  for (const fs::path& segment : whole) {
    behind /= segment;
    if (segment != "..") continue;
    before /= behind;
    behind.clear();
  }
  if (before.empty()) return whole;
  std::error_code failed;
  const fs::path real = fs::canonical(before, failed);
  return failed ? whole : real / behind;
}

}  // namespace

std::string surroundings::absolute(const std::string& path) const {
  if (path.empty()) return path;
  std::string whole = path;
  if (path == "~" || path.starts_with("~/")) whole = home + path.substr(1);
  if (!whole.starts_with('/')) whole = working_folder + "/" + whole;
  std::string normal = climbed(whole).lexically_normal().string();
  while (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

}  // namespace beatsync::cli
