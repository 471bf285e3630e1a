#pragma once

/// The transfers of one run: what they share, the consumer coroutine that carries out actions, and
/// the shape of a transfer in parts.
///
///     scheduler ──► worker ──► upload / download (one request)
///                      └─────► large_transfer: begin, parts on any workers, finish by the last one
///
/// Threads: a worker belongs to one I/O lane. transfer_run and large_transfer are shared by all.

#include "engine/run/action.hpp"
#include "engine/run/failure_gate.hpp"
#include "engine/run/run_ledger.hpp"
#include "engine/run/runtime_internals.hpp"
#include "engine/transfer/group_commit.hpp"
#include "engine/transfer/part_plan.hpp"
#include "engine/transfer/scheduler.hpp"
#include "engine/transfer/stream_window.hpp"
#include "engine/transfer/transfer_end.hpp"
#include "engine/transfer/transfer_window.hpp"
#include "s3/object_store.hpp"

#include <boost/align/aligned_delete.hpp>
#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace beatsync::engine {

class action_sink;
class large_transfer;

/// Sizes and times; tests use small ones.
struct transfer_tuning {
  part_limits parts;
  std::uint64_t part_size = 0;  ///< wanted; 0: the usual one
  /// Of copies inside the store. The bytes do not come by here, so only the store's own pace
  /// counts: 128 MiB are a second or two of it, a request is 0.06 ms of ours.
  std::uint64_t copy_part_size = 128 * mebibyte;
  /// Of each worker: 16 of them are 8 MiB. Larger gains nothing (performance.md §0.2).
  std::size_t buffer = 512 * 1024;
  /// Up to this a file is one file job and one request, from memory; at most `buffer`.
  std::size_t small_file = 256 * 1024;
  /// From this on a body passes for so long that it counts how many pass at once, and not how far
  /// the store is.
  std::uint64_t stream = 4 * mebibyte;
  std::size_t queue = 256;  ///< actions waiting for a worker
  /// Of the buffers of small requests beyond the usual number in flight, together.
  std::size_t window_memory = 16 * std::size_t(mebibyte);
  std::chrono::milliseconds changed_pause{500};  ///< lets whoever writes the file finish
  std::chrono::milliseconds handles_pause{200};
  bool fsync = true;
};

/// An action and what was tried so far.
struct transfer_job {
  action what;
  std::array<std::uint8_t, retry_causes> tries{};
  bool refresh = false;  ///< download: size and ETag of the listing are outdated, ask with HEAD
};

using transfer_scheduler = scheduler<transfer_job, std::shared_ptr<large_transfer>>;

/// Whether the page cache will have the next small file: it will where it had the last one. A miss
/// costs opening it twice, so some files are left out after one. Any thread.
class cache_luck {
 public:
  bool likely() noexcept {
    if (left_out_.load(std::memory_order_relaxed) <= 0) return true;
    left_out_.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  void missed() noexcept { left_out_.store(64, std::memory_order_relaxed); }

 private:
  std::atomic<int> left_out_{0};
};

/// What the transfers of one run share. References must outlive it.
struct transfer_run {
  transfer_run(runtime::impl& runtime_parts, folder* root_folder, std::string path,
               const transfer_tuning& sizes, run_ledger& books)
      : rt(runtime_parts),
        root(root_folder),
        root_path(std::move(path)),
        tuning(sizes),
        ledger(books),
        queue(sizes.queue, limits_of(runtime_parts.options, sizes)),
        folders(root_folder, sizes.fsync),
        small_files(*runtime_parts.file_threads, folders),
        window_(runtime_parts.options.transfers, runtime_parts.options.most_transfers),
        streams_(runtime_parts.options.transfers) {}

  runtime::impl& rt;
  folder* const root;  ///< the library; list() is not called on it here. Null: a dry run found none
  const std::string root_path;
  file_status root_status;  ///< as it was opened
  const transfer_tuning tuning;
  run_ledger& ledger;
  transfer_scheduler queue;
  target_folders folders;    ///< that downloads go into
  group_commit small_files;  ///< that are downloaded
  failure_gate gate;
  cache_luck cache;           ///< of the files that are uploaded
  s3::metadata_map metadata;  ///< goes with every upload, beside the time
  /// Uploads: only a file in exactly this state, which was checked before.
  std::optional<file_status> must_be;
  action_sink* plan = nullptr;  ///< where the actions go instead of being carried out
  std::string source_bucket;    ///< copies: empty for the bucket they go to

  /// False once the store answered that it does not know If-None-Match and If-Match on PUT.
  std::atomic<bool> conditional_writes{true};
  /// What the object downloaded last carried, to compute the right CRC while the bytes pass; none:
  /// only an MD5.
  std::atomic<s3::checksum_algorithm> usual_checksum{s3::checksum_algorithm::crc64nvme};

  /// Everything in flight should end: stop() or a reason to halt.
  bool ending() const noexcept {
    return rt.stopping.load(std::memory_order_relaxed) || ledger.halted();
  }

  claim claim_of(const action& what) const noexcept {
    claim needs;
    needs.memory = static_cast<std::size_t>(std::min<std::uint64_t>(what.size, tuning.buffer));
    needs.stream = what.kind != action_kind::copy && what.size >= tuning.stream;
    return needs;
  }

  /// Any worker: one request ended. The window may become another.
  void ended(const transfer_window::sample& request, transfer_window::clock::time_point now);
  /// Any worker: `bytes` of a stream that began then have passed.
  void streamed(std::size_t bytes, stream_window::clock::time_point began);
  /// More than usual may be in flight: what is idle should hold no memory.
  bool wide() const noexcept { return wide_.load(std::memory_order_relaxed); }

 private:
  static scheduler_limits limits_of(const runtime_options& options, const transfer_tuning& sizes) {
    return {options.transfers, options.transfers, sizes.window_memory,
            stream_window(options.transfers).size()};
  }

  std::mutex window_mutex_;
  transfer_window window_;
  stream_window streams_;
  std::atomic<bool> wide_{false};
};

/// One request in flight at a time: a consumer of the queue with a buffer of its own.
class transfer_worker {
 public:
  transfer_worker(transfer_run& shared, io_lane& home);
  transfer_worker(const transfer_worker&) = delete;
  transfer_worker& operator=(const transfer_worker&) = delete;

  /// Works until the queue ends. Every action it takes is ended in the ledger or goes back.
  boost::asio::awaitable<void> work();

  transfer_run& run() noexcept { return run_; }
  const io_lane& lane() const noexcept { return lane_; }
  s3::object_store& store() noexcept { return lane_.store(); }
  /// The bucket that copies come from.
  s3::object_store& source_store() noexcept { return lane_.source_store(); }
  boost::asio::thread_pool& file_threads() noexcept { return *run_.rt.file_threads; }
  /// run().tuning.buffer bytes, made when first asked for.
  std::span<std::byte> buffer();
  /// `bytes` of what it is working on have passed, for the books and the windows.
  void moved(std::size_t bytes);

 private:
  boost::asio::awaitable<void> do_action(transfer_job job);
  boost::asio::awaitable<void> do_part(std::shared_ptr<large_transfer> transfer,
                                       std::uint32_t index);
  boost::asio::awaitable<void> conclude(transfer_job job, transfer_end end);
  boost::asio::awaitable<void> look_for_root();
  void halt_for(const transfer_job& job, const transfer_end& end);

  transfer_run& run_;
  io_lane& lane_;
  claim held_;  ///< by what it is working on, since began_
  transfer_window::clock::time_point began_{};
  /// Aligned, so that it can be written around the page cache; not initialised, so that what is
  /// small takes little of it.
  std::unique_ptr<std::byte, boost::alignment::aligned_delete> buffer_;
};

/// A file or object moved in parts that any worker may take.
class large_transfer {
 public:
  large_transfer(transfer_job job, const part_plan& plan);
  virtual ~large_transfer();
  large_transfer(const large_transfer&) = delete;
  large_transfer& operator=(const large_transfer&) = delete;

  /// Moves part `index`; nothing: it went well.
  virtual boost::asio::awaitable<std::optional<transfer_end>> move_part(transfer_worker& by,
                                                                        std::uint32_t index) = 0;

  /// All parts are moved: makes the whole visible. Must itself clean up when that fails.
  virtual boost::asio::awaitable<transfer_end> finish(transfer_worker& by) = 0;

  /// Something failed: removes what was moved.
  virtual boost::asio::awaitable<void> discard(transfer_worker& by) = 0;

  const transfer_job& job() const noexcept { return job_; }
  const part_plan& plan() const noexcept { return plan_; }

  /// The first failure is kept.
  void fail(transfer_end why);
  std::optional<transfer_end> failure() const;

  /// `parts` are moved or will never be; true for the caller who settles the last one.
  bool settle(std::uint32_t parts) noexcept { return left_.fetch_sub(parts) == parts; }

  void count(run_ledger& ledger, std::int64_t bytes) noexcept {
    moved_.fetch_add(bytes);
    ledger.moved(bytes);
  }
  std::int64_t moved() const noexcept { return moved_.load(); }

 private:
  transfer_job job_;
  const part_plan plan_;
  std::atomic<std::uint32_t> left_;
  std::atomic<std::int64_t> moved_{0};
  mutable std::mutex mutex_;
  std::optional<transfer_end> failure_;
};

/// What beginning an action led to: it is over, or goes on in parts.
struct begun_transfer {
  begun_transfer() = default;  // no aggregate, see transfer_end

  std::optional<transfer_end> end;
  std::shared_ptr<large_transfer> parts;
};

boost::asio::awaitable<begun_transfer> begin_upload(transfer_worker& by, const transfer_job& job);
/// Brings what `job` knows of the object up to date, where it asks for it.
boost::asio::awaitable<begun_transfer> begin_download(transfer_worker& by, transfer_job& job);
boost::asio::awaitable<begun_transfer> begin_copy(transfer_worker& by, const transfer_job& job);

/// The item of an action that ended like this.
item item_of(const transfer_run& run, const action& what, const transfer_end& end);

}  // namespace beatsync::engine
