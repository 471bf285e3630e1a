#include "cli/commands/made_folders.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

namespace beatsync::cli {

made_folders::made_folders(std::string folder) : folder_(std::move(folder)) {
  namespace fs = std::filesystem;
  std::error_code failed;
  for (fs::path at = folder_; at.has_relative_path(); at = at.parent_path()) {
    if (fs::status(at, failed).type() != fs::file_type::not_found) break;
    first_missing_ = at.string();
  }
}

void made_folders::take_back() const {
  namespace fs = std::filesystem;
  if (first_missing_.empty()) return;
  const fs::path last = fs::path(first_missing_).parent_path();
  std::error_code failed;
  for (fs::path at = folder_; at != last && at.has_relative_path(); at = at.parent_path()) {
    if (!fs::remove(at, failed)) break;  // fails where something is in it
  }
}

}  // namespace beatsync::cli
