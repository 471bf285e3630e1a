#pragma once

/// A file system in memory behind engine::file_system, scripted: any operation can be made to fail
/// with any errno, and its names can be merged the way sticks merge them.
///
/// Paths given to the set-up functions are absolute. Thread-safe; scripts and hooks run on the
/// thread of the call, without a lock held.

#include "engine/files/file_system.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::tests {

/// One operation as it arrives.
struct fs_event {
  std::string
      operation;     ///< "open_root", "list", "status_of", "open_folder", "open_file",
                     ///< "open_beneath", "make_folder", "create", "read", "write",
                     ///< "reserve", "set_mtime", "write_back", "sync", "close", "rename",
                     ///< "remove", "sync_folder", "free_space", "append", "lock", "status", "place"
  std::string path;  ///< absolute
  std::uint64_t number = 0;  ///< among all operations, from 1
};

struct memory_node {
  engine::file_kind kind = engine::file_kind::folder;
  std::string bytes;  ///< content of a file, target of a link
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 1;
  bool synced = false;  ///< fsync came after the last write
  bool locked = false;
  std::map<std::string, std::shared_ptr<memory_node>> children;
};

struct memory_file_settings {
  bool merges_case = false;          ///< like FAT and exFAT: `Song.mp3` and `song.mp3` are one name
  bool merges_forms = false;         ///< like HFS+: NFC and NFD are one name
  bool hides_kinds = false;          ///< listings do not tell what a name is (DT_UNKNOWN)
  std::uint64_t space = UINT64_MAX;  ///< bytes of all files together; then ENOSPC
};

class memory_file_system final : public engine::file_system {
 public:
  explicit memory_file_system(memory_file_settings settings = memory_file_settings());
  ~memory_file_system() override;

  void add_folder(const std::string& path);
  void add_file(const std::string& path, std::string bytes, std::int64_t mtime_ns = 0);
  void add_link(const std::string& path, std::string target);
  void add_special(const std::string& path, engine::file_kind kind);
  void erase(const std::string& path);  ///< with all that is beneath

  /// Puts another folder in the place of this one, as when another stick is mounted there.
  void exchange(const std::string& path);

  std::optional<memory_node> find(const std::string& path) const;  ///< links are not followed
  std::vector<std::string> files() const;  ///< absolute paths of all files, sorted

  /// Called before every operation: 0, or the errno it fails with.
  using script = std::function<int(const fs_event&)>;
  void set_script(script s);
  std::vector<fs_event> events() const;
  std::size_t count(std::string_view operation) const;
  void record(bool wanted);  ///< keep events(); on by default

  engine::fs_result<std::unique_ptr<engine::folder>> open_root(const std::string& path) override;
  engine::fs_result<void> make_folders(const std::string& path) override;
  engine::fs_result<std::unique_ptr<engine::input_file>> open_file(
      const std::string& path) override;
  engine::fs_result<std::string> place_of_file(const std::string& path) override;
  engine::fs_result<std::string> read_file(const std::string& path, std::size_t limit) override;
  engine::fs_result<void> append_file(const std::string& path, std::string_view bytes,
                                      engine::readers who) override;
  engine::fs_result<void> replace_file(const std::string& path, std::string_view bytes,
                                       engine::readers who) override;
  engine::fs_result<std::unique_ptr<engine::file_lock>> lock_file(
      const std::string& path, std::string_view content) override;

  struct core;  ///< what the open handles share

 private:
  std::shared_ptr<core> core_;
};

}  // namespace beatsync::tests
