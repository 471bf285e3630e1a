#pragma once

/// A download on its way to its name: a temporary file beside the target that becomes the target
/// only when whole, verified and, if wished, durable.
///
/// Everything blocks and belongs on a file thread; write_at of file() may come from several at
/// once. Small files take its steps in groups (group_commit.hpp), others by publish(). Dropping a
/// target that was not published removes the temporary file.

#include "engine/files/file_system.hpp"
#include "engine/run/action.hpp"
#include "engine/transfer/target_folders.hpp"
#include "engine/transfer/transfer_end.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace beatsync::engine {

struct made_target;

class download_target {
 public:
  /// Makes the folders on the way and the temporary file, for bytes that are still to come: sets
  /// `size` of them aside on the disk, and refuses before they do what has no room here and a name
  /// that is taken.
  static made_target create(target_folders& folders, const action& what, std::uint64_t size);
  /// Makes the temporary file in its folder, for bytes that are here.
  static fs_result<std::unique_ptr<download_target>> create(std::shared_ptr<folder> where,
                                                            const action& what);
  ~download_target();
  download_target(const download_target&) = delete;
  download_target& operator=(const download_target&) = delete;

  output_file& file() noexcept { return *file_; }

  /// Does what was written agree with what the store says of the object? A pass over the file.
  fs_result<bool> agrees_with(const s3::object_head& head, std::span<std::byte> buffer);

  /// Time, fsync, close, rename, fsync of the folders, in this order (contract.md §5), the fsyncs
  /// where `folders` is durable. `what`: as for create(). Nothing: the file is there.
  std::optional<transfer_end> publish(target_folders& folders, const action& what,
                                      std::int64_t mtime_ns);

  /// The steps of it, in their order; appear() closes and renames.
  std::optional<transfer_end> set_time(std::int64_t mtime_ns);
  std::optional<transfer_end> end_write_back();
  std::optional<transfer_end> sync_file();
  std::optional<transfer_end> appear();

  /// Removes the temporary file.
  void discard() noexcept;

 private:
  download_target(std::shared_ptr<folder> where, const action& what);
  std::optional<transfer_end> refuse_early(std::uint64_t size);
  fs_result<void> make_file();
  std::optional<transfer_end> rename_into_place();

  const std::shared_ptr<folder> folder_;
  std::unique_ptr<output_file> file_;
  std::string temporary_;
  std::string name_;
  bool replaces_ = false;
  std::uint64_t replaced_size_ = 0;
  std::int64_t replaced_mtime_ns_ = 0;
  bool there_ = false;  ///< the temporary file
};

/// A target, or why there is none.
struct made_target {
  made_target() = default;  // no aggregate, as transfer_end

  std::unique_ptr<download_target> target;
  std::optional<transfer_end> problem;
};

}  // namespace beatsync::engine
