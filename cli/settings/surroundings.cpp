#include "cli/settings/surroundings.hpp"

#include <filesystem>
#include <system_error>

namespace beatsync::cli {

namespace {

namespace fs = std::filesystem;

/// Everything up to the last `..` as the system resolves it, where it exists.
fs::path climbed(const fs::path& whole) {
  auto last = whole.end();
  for (auto at = whole.begin(); at != whole.end(); ++at) {
    if (*at == "..") last = std::next(at);
  }
  if (last == whole.end() && whole.filename() != "..") return whole;
  fs::path before;
  fs::path behind;
  for (auto at = whole.begin(); at != last; ++at) before /= *at;
  for (auto at = last; at != whole.end(); ++at) behind /= *at;
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
