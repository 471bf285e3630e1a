#pragma once

/// The folders below the root that downloads go into: made on the way, and flushed to the disk
/// together with those above them that got a new entry by it. Where a file system keeps no journal,
/// as FAT, a new folder is lost in a power cut until the folder above it is flushed, and every file
/// in it.
///
/// Threads: any; calls block and belong on a file thread. The root must outlive it.

#include "engine/files/file_system.hpp"
#include "engine/transfer/folder_spelling.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace beatsync::engine {

/// `Artist/Album` of `Artist/Album/Track.mp3`; empty: the root itself.
std::string_view folder_part(std::string_view path) noexcept;

class target_folders {
 public:
  /// `root` may be null while nothing is written. Not `durable`: flush() is not going to be called.
  target_folders(folder* root, bool durable) : root_(root), durable_(durable) {}

  bool durable() const noexcept { return durable_; }

  /// Opens `path` below the root; what is missing of it is made. ENOTUNIQ: the file system would
  /// take a folder of another name for it (folder_spelling).
  fs_result<std::shared_ptr<folder>> make(std::string_view path);

  /// Flushes `path`, opened as `handle`, and every folder above it in which make() made one that
  /// was not flushed since.
  fs_result<void> flush(std::string_view path, folder& handle);

 private:
  void remember(std::string_view path, std::size_t levels);
  /// 0: nothing to flush there.
  std::uint64_t made_in(std::string_view path);
  fs_result<void> flush_entries(std::string_view path, std::uint64_t until);

  folder* const root_;
  const bool durable_;
  folder_spelling spelling_;
  std::mutex mutex_;
  std::uint64_t made_ = 0;
  /// Folders with new ones in them, and which of all was the last.
  std::map<std::string, std::uint64_t, std::less<>> unflushed_;
};

}  // namespace beatsync::engine
