#include "cli/settings/surroundings.hpp"

#include <filesystem>

namespace beatsync::cli {

std::string surroundings::absolute(const std::string& path) const {
  if (path.empty()) return path;
  std::string whole = path;
  if (path == "~" || path.starts_with("~/")) whole = home + path.substr(1);
  if (!whole.starts_with('/')) whole = working_folder + "/" + whole;
  std::string normal = std::filesystem::path(whole).lexically_normal().string();
  while (normal.size() > 1 && normal.ends_with('/')) normal.pop_back();
  return normal;
}

}  // namespace beatsync::cli
