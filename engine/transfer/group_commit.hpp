#pragma once

/// Small downloads reach the disk together, as transactions do in the group commit of a database:
/// while one group is on its way, the next one gathers.
///
/// A group is one trip to a file thread. What its files have in common is done once: their folder
/// is opened and flushed once, and the file system commits its journal for all of them instead of
/// twice for each. Every file takes the steps of download_target in their order all the same, and
/// one that fails fails alone.
///
/// Threads: write() on any lane. The folders and the threads must outlive all calls.

#include "engine/run/action.hpp"
#include "engine/transfer/target_folders.hpp"
#include "engine/transfer/transfer_end.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace boost::asio {
class thread_pool;
}

namespace beatsync::engine {

/// A download whose bytes have come and are what they should be.
struct small_file {
  const action* what = nullptr;
  std::span<const std::byte> bytes;
  std::int64_t mtime_ns = 0;
  std::optional<transfer_end> problem;  ///< nothing: the file is there
};

/// Makes them in `folders`, in turn where two want the same name. Blocks; a file thread.
void write_together(target_folders& folders, std::span<small_file* const> files);

class group_commit {
 public:
  group_commit(boost::asio::thread_pool& file_threads, target_folders& folders);

  /// Returns when `file` is there or has failed.
  boost::asio::awaitable<void> write(small_file& file);

 private:
  struct state;

  boost::asio::thread_pool& file_threads_;
  /// Shared with the job under way, which looks once more after it has woken the last caller.
  std::shared_ptr<state> state_;
};

}  // namespace beatsync::engine
