#pragma once

/// Whether a folder that is there has the name that is asked for: a stick that merges names (exFAT,
/// FAT, NTFS) opens `House` for `house`, and what is put into it would appear under another name in
/// every run that follows.
///
/// File systems that tell them apart, which is most, cost one look per run. On the others each
/// folder is looked up once in the listing of the one above it.
///
/// Threads: any; calls block and belong on a file thread.

#include "engine/files/file_system.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_set>

namespace beatsync::engine {

class folder_spelling {
 public:
  /// ENOTUNIQ where a folder on the way of `path` below `root` is there under a name that differs
  /// in more than its normal form; fs_error::path is the name it has. What cannot be found out
  /// passes.
  std::optional<fs_error> check(folder& root, std::string_view path);

  /// The last `levels` folders of `path` were made by us.
  void made(std::string_view path, std::size_t levels);

 private:
  enum class sight : std::uint8_t { fine, missing, misspelt };

  sight look(folder& root, std::string_view path, fs_error& misspelt);
  bool known(std::string_view path);
  void remember(std::string_view path);

  std::atomic<bool> tells_apart_{false};  ///< this file system: nothing to check
  std::mutex mutex_;
  std::unordered_set<std::uint64_t> fine_;  ///< hashes of paths
};

}  // namespace beatsync::engine
