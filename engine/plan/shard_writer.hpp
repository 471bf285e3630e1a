#pragma once

/// Deals the actions of a plan out to its shards and writes their manifests, in memory that depends
/// on the number of shards only.
///
/// Each action goes to the shard that has least so far, where an object counts its bytes and 1 MiB
/// more: before its first byte a request takes about as long as 1 MiB takes on one connection (20
/// ms at 50 MB/s). The shards differ at the end by no more than the largest object.
///
/// Threads: add() and flush() as action_sink says; finish() after them.
/// Errors: a manifest without its last line is refused by whoever reads it, so a plan that was cut
/// off is never applied.

#include "engine/plan/manifest.hpp"
#include "engine/transfer/action_sink.hpp"

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <queue>
#include <string>
#include <vector>

namespace beatsync::engine {

/// `shard-00017.jsonl`, `shard-00017.result.json`.
std::string manifest_name(std::uint32_t shard);
std::string result_name(std::uint32_t shard);

/// Removes those of `shards` shards, the first one last: who plans into the same folder begins with
/// making that. What cannot be removed has no last line, and is refused by whoever reads it.
void remove_manifests(file_system& files, const std::string& folder, std::uint32_t shards);

class shard_writer final : public action_sink {
 public:
  /// `header.shards` manifests into a folder that is there.
  shard_writer(file_system& files, std::string folder, plan_header header);

  /// Makes the first manifest, which no other plan may have made: before all else. Of several plans
  /// for one folder one goes on, the others get EEXIST.
  fs_result<void> claim();

  bool add(const action& what) override;
  fs_result<void> flush() override;

  /// Writes what is left and the last lines.
  fs_result<void> finish();

  const std::vector<manifest_end>& sums() const noexcept { return sums_; }

 private:
  struct load {
    std::uint64_t cost = 0;
    std::uint32_t shard = 0;
    bool operator<(const load& other) const noexcept {  // the least first, then the first
      return cost != other.cost ? cost > other.cost : shard > other.shard;
    }
  };

  fs_result<void> write(std::uint32_t shard, const std::string& text);

  file_system& files_;
  const std::string folder_;
  plan_header header_;
  const std::size_t most_buffered_;  ///< of one shard
  std::mutex mutex_;
  std::mutex writing_;
  std::priority_queue<load> loads_;
  std::vector<std::string> buffers_;
  std::vector<std::uint32_t> full_;
  std::vector<manifest_end> sums_;
};

}  // namespace beatsync::engine
