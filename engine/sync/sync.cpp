#include "engine/sync/sync.hpp"

#include "engine/difference/date_cache.hpp"
#include "engine/files/library_lock.hpp"
#include "engine/run/operation_end.hpp"
#include "engine/sync/difference_feed.hpp"
#include "engine/sync/sync_run.hpp"
#include "engine/transfer/transfer_crew.hpp"

#include <cerrno>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace beatsync::engine {

namespace {

/// The local side as it is held open during the run.
struct open_library {
  std::unique_ptr<folder> root;  ///< null: a dry run found none
  file_status status;
  std::unique_ptr<file_lock> lock;
  date_cache dates;
};

/// False: the ledger knows why the run cannot start. Blocks.
bool open_local_side(file_system& files, const sync_task& task, run_ledger& ledger,
                     open_library& library) {
  auto root = files.open_root(task.root);
  if (root.has_error() && root.error().code == ENOENT && task.create_root) {
    if (task.dry_run) return true;
    const auto made = files.make_folders(task.root);
    if (made.has_error()) {
      ledger.halt(stop_because(describe(made.error())));
      return false;
    }
    root = files.open_root(task.root);
  }
  if (root.has_error()) {
    ledger.halt(stop_because(describe(root.error())));
    return false;
  }
  const auto status = (*root)->status();
  if (status.has_error()) {
    ledger.halt(stop_because(describe(status.error())));
    return false;
  }
  library.root = std::move(*root);
  library.status = *status;
  if (!task.state_folder.empty() && !task.dry_run) {
    auto lock = lock_library(files, task.state_folder, *status, task.root,
                             task.store_name + "/" + task.prefix);
    if (lock.has_value()) {
      library.lock = std::move(*lock);
    } else if (lock.error().busy) {
      ledger.halt(stop_because(lock.error().message, stop_cause::locked));
      return false;
    } else {
      ledger.warn(lock.error().message);
    }
  }
  if (task.conflict == on_conflict::newer_wins && !task.cache_folder.empty()) {
    library.dates = date_cache::open(files, task.cache_folder, task.store_name);
  }
  return true;
}

void transfer_all(runtime::impl& rt, const sync_task& task, const transfer_tuning& tuning,
                  open_library& library, run_ledger& ledger, action_sink* plan) {
  transfer_run run(rt, library.root.get(), task.root, tuning, ledger);
  run.plan = plan;
  run.root_status = library.status;
  difference_feed feed(run, task, library.dates);
  transfer_crew crew(run, task.dry_run ? 0 : rt.options.most_transfers);
  crew.work(feed.work());
  if (!task.dry_run) {
    const auto saved = library.dates.flush();
    if (saved.has_error()) {
      ledger.warn("The times of objects could not be remembered: " + describe(saved.error()));
    }
  }
}

}  // namespace

report sync_with(runtime& rt, const sync_task& task, const transfer_tuning& tuning, observer& out,
                 action_sink* plan) {
  run_ledger ledger(out);
  try {
    open_library library;
    if (open_local_side(rt.internals().files, task, ledger, library)) {
      transfer_all(rt.internals(), task, tuning, library, ledger, plan);
    }
  } catch (const std::exception& e) {
    halt_on(ledger, e);
  }
  return close_books(rt.internals(), ledger);
}

report sync(runtime& rt, const sync_task& task, observer& out) {
  transfer_tuning tuning;
  tuning.part_size = task.part_size;
  tuning.fsync = task.fsync;
  return sync_with(rt, task, tuning, out);
}

}  // namespace beatsync::engine
