#pragma once

/// The file_system port on Linux. Beneath-only access uses openat2 (RESOLVE_BENEATH |
/// RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS) and, on kernels or sandboxes without it, opens
/// segment by segment with O_NOFOLLOW.

#include "engine/files/file_system.hpp"

namespace beatsync::engine {

class posix_file_system final : public file_system {
 public:
  fs_result<std::unique_ptr<folder>> open_root(const std::string& path) override;
  fs_result<void> make_folders(const std::string& path) override;
  fs_result<std::unique_ptr<input_file>> open_file(const std::string& path) override;
  fs_result<std::string> place_of_file(const std::string& path) override;
  fs_result<std::string> read_file(const std::string& path, std::size_t limit) override;
  fs_result<void> append_file(const std::string& path, std::string_view bytes,
                              readers who) override;
  fs_result<void> replace_file(const std::string& path, std::string_view bytes,
                               readers who) override;
  fs_result<std::unique_ptr<file_lock>> lock_file(const std::string& path,
                                                  std::string_view content) override;
};

}  // namespace beatsync::engine
