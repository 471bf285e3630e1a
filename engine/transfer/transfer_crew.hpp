#pragma once

/// The workers of a run, spread over all I/O lanes, and the shortest run there is: one file.
///
/// Threads: called from outside the lanes; returns when everything has ended.

#include "engine/transfer/transfer.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace beatsync::engine {

class transfer_crew {
 public:
  transfer_crew(transfer_run& run, std::size_t workers);

  /// Runs `feed` on the first lane and all workers until the queue ends; shows progress meanwhile.
  void work(boost::asio::awaitable<void> feed);

 private:
  transfer_run& run_;
  std::vector<std::unique_ptr<transfer_worker>> workers_;
};

/// One file or object on its own, with all that sync() does for it.
struct lone_transfer {
  folder* root = nullptr;
  std::string root_path;
  action what;
  s3::metadata_map metadata;
  std::optional<file_status> must_be;
  bool fsync = true;
};

/// How it ended.
struct lone_end {
  item it;
  report how;  ///< stop, aborts without answer, warnings; its counts are of no interest
};

/// `out` only hears of progress.
lone_end transfer_one(runtime::impl& rt, lone_transfer job, observer& out);

}  // namespace beatsync::engine
