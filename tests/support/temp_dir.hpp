#pragma once

/// A folder of its own for one test, removed with all it holds when the object dies.
///
/// Made beneath $TMPDIR (or /tmp) with mkdtemp, so parallel test programs never meet. Throws
/// std::system_error when it cannot be made. Removal first gives back the permissions that a test
/// may have taken away, and never throws.

#include <filesystem>
#include <string>
#include <string_view>

namespace beatsync::tests {

class temp_dir {
 public:
  explicit temp_dir(std::string_view name = "beatsync-test");
  ~temp_dir();
  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;

  const std::filesystem::path& path() const noexcept { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

  /// Writes a file (and the folders above it) and returns its path.
  std::filesystem::path write(std::string_view name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

/// The bytes of a file; throws std::runtime_error when it cannot be read.
std::string read_file(const std::filesystem::path& path);

}  // namespace beatsync::tests
