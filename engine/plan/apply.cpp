#include "engine/plan/apply.hpp"

#include "engine/plan/manifest_reader.hpp"
#include "engine/run/offload.hpp"
#include "engine/run/operation_end.hpp"
#include "engine/transfer/queue_feed.hpp"
#include "engine/transfer/transfer_crew.hpp"

#include <cerrno>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

constexpr std::size_t read_at_once = 256;  // as many as the queue holds

/// Reads the manifest as fast as the workers take from the queue.
class manifest_feed {
 public:
  manifest_feed(transfer_run& run, manifest_reader& lines)
      : run_(run), lines_(lines), room_(run.rt.lanes.front()->executor()) {}

  asio::awaitable<void> work() { return close_after(run_, follow()); }

 private:
  asio::awaitable<void> follow() {
    while (!run_.ending() && !ended_) {
      auto read = [this] { return some(); };
      auto batch = co_await offload(*run_.rt.file_threads, read);
      if (batch.has_error()) {
        run_.ledger.halt(stop_because(batch.error().message));
        co_return;
      }
      run_.ledger.compared(batch->size(), 0);
      for (action& what : *batch) co_await push(what);
    }
    if (ended_) run_.ledger.listing_complete();
  }

  manifest_result<std::vector<action>> some() {
    std::vector<action> batch;
    while (batch.size() < read_at_once) {
      auto next = lines_.next();
      if (next.has_error()) return next.error();
      ended_ = !*next;
      if (ended_) break;
      batch.push_back(std::move(**next));
    }
    return batch;
  }

  asio::awaitable<void> push(action& what) {
    if (run_.ending()) co_return;
    transfer_job job;
    job.what = std::move(what);
    // Another version of the source is not what was planned.
    job.tries.at(static_cast<std::size_t>(retry_cause::source_changed)) = 255;
    co_await hand_over(run_, room_, job, false);
  }

  transfer_run& run_;
  manifest_reader& lines_;
  waiter room_;
  bool ended_ = false;
};

/// Null: there is no local side, or the ledger knows why the run cannot start.
std::unique_ptr<folder> open_local_side(file_system& files, const plan_header& header,
                                        run_ledger& ledger) {
  if (header.kind() == action_kind::copy) return nullptr;
  const bool down = header.kind() == action_kind::download;
  const std::string& path = down ? header.target.path : header.source.path;
  auto root = files.open_root(path);
  if (root.has_error() && root.error().code == ENOENT && down) {
    if (header.target_there) {
      // Made here, it would be a folder of this machine, and nobody would miss the files elsewhere.
      ledger.halt(stop_because(path +
                               " is not there, and it was when this was planned. Is its volume "
                               "mounted on this machine? Else make the folder and run again."));
      return nullptr;
    }
    const auto made = files.make_folders(path);
    if (made.has_value()) {
      root = files.open_root(path);
    } else {
      root = made.error();  // why it is not there: read-only, no permission
    }
  }
  if (root.has_value()) return std::move(*root);
  ledger.halt(stop_because(describe(root.error())));
  return nullptr;
}

void apply_all(runtime::impl& rt, const apply_task& task, run_ledger& ledger) {
  const auto lines = manifest_reader::open(rt.files, task.manifest);
  if (lines.has_error()) {
    ledger.halt(stop_because(lines.error().message));
    return;
  }
  const plan_header& header = (*lines)->header();
  const auto root = open_local_side(rt.files, header, ledger);
  if (ledger.halted()) return;
  transfer_tuning tuning;
  tuning.fsync = task.fsync;
  const plan_place& local = header.source.in_store() ? header.target : header.source;
  transfer_run run(rt, root.get(), root ? local.path : std::string(), tuning, ledger);
  if (root) {
    const auto status = root->status();
    if (status.has_value()) run.root_status = *status;
  } else if (header.source.bucket != header.target.bucket) {
    run.source_bucket = header.source.bucket;
  }
  manifest_feed feed(run, **lines);
  transfer_crew crew(run, rt.options.most_transfers);
  crew.work(feed.work());
}

}  // namespace

report apply(runtime& rt, const apply_task& task, observer& out) {
  run_ledger ledger(out);
  try {
    apply_all(rt.internals(), task, ledger);
  } catch (const std::exception& e) {
    halt_on(ledger, e);
  }
  return close_books(rt.internals(), ledger);
}

}  // namespace beatsync::engine
