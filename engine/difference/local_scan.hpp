#pragma once

/// Looks at the local side: walks a folder and yields its files in S3 byte order, in batches.
///
/// Order: siblings by raw bytes, with `/` appended to folders, which makes the whole walk rise in
/// the order of keys (performance.md §4.5). In memory: one sorted folder per level of the path.
///
/// - Links are followed; one that leads into a folder above itself is a loop and not entered.
/// - Junk is dropped silently; our own leftover temporary files are dropped and named, so that a
///   download can remove them.
/// - FIFOs, sockets, devices, dangling links, names that are not UTF-8 or too long for a key are
///   entries of kind `odd`. Nothing but regular files is ever opened.
/// - A subfolder that cannot be read is an `unknown_folder`: nothing is known of what is beneath
///   it, which is not the same as empty.
/// - Folders that the selection excludes or that lie outside the range are not looked into.
///
/// Threads: one thread at a time; blocks. Errors: a root that is gone, was exchanged or cannot be
/// read ends the walk with a stop_reason; it never looks like an empty folder.

#include "engine/files/file_system.hpp"
#include "engine/names/entry.hpp"
#include "engine/names/selection_filter.hpp"
#include "engine/run/report.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

class local_scan {
 public:
  /// `root` was opened at `root_path` and outlives the scan. Keys are `prefix_size` bytes longer
  /// than paths.
  local_scan(file_system& files, folder& root, std::string root_path, selection_filter filter,
             key_range range, std::size_t prefix_size);

  /// Replaces `out` with the next entries, all that are there up to 1,000. Not to be called again
  /// after `out.last` or an error.
  boost::system::result<void, stop_reason> next(local_batch& out);

  /// Knows which patterns matched; to be read between calls of next().
  const selection_filter& filter() const noexcept { return filter_; }

 private:
  enum class child_kind : std::uint8_t { file, folder, linked_folder };  ///< file: or something odd

  struct child {
    std::uint64_t head = 0;    ///< eight bytes of the name as a number: most comparisons end here
    std::uint32_t offset = 0;  ///< into level::text
    std::uint16_t size = 0;    ///< with the `/` of a folder
    child_kind kind = child_kind::file;
  };

  struct level {
    std::unique_ptr<folder> own;  ///< null for the root
    folder* at = nullptr;
    file_status identity;
    std::string text;
    std::vector<child> children;
    std::size_t next = 0;
    std::size_t path_size = 0;  ///< of path_, with the `/`, where this folder's names begin
  };

  using status = std::optional<stop_reason>;

  status begin();
  status enter(const child& c, local_batch& out);
  status read_children(level& into, local_batch& out, std::optional<fs_error>& unreadable);
  status classify(level& in, const folder_listing::name& n, local_batch& out);
  static void sort_children(level& in);
  status emit_file(level& in, const child& c, local_batch& out);
  void emit(local_batch& out, local_kind kind, reason why, int code, const file_status& seen);

  /// Nothing: the fault concerns one name only.
  status fatal(const fs_error& e);
  status check_root(bool read_it);

  file_system& files_;
  folder& root_;
  std::string root_path_;
  file_status root_identity_;
  selection_filter filter_;
  key_range range_;
  std::size_t prefix_size_;

  std::string path_;           ///< of the entry at hand, below the root
  std::vector<level> levels_;  ///< those beyond depth_ are kept for their memory
  std::size_t depth_ = 0;
  folder_listing listing_;
  bool begun_ = false;
};

}  // namespace beatsync::engine
