#include "engine/copy/copy.hpp"

#include "engine/copy/copy_feed.hpp"
#include "engine/copy/copy_run.hpp"
#include "engine/run/operation_end.hpp"
#include "engine/transfer/transfer_crew.hpp"

#include <exception>

namespace beatsync::engine {

report copy_with(runtime& rt, const copy_task& task, const transfer_tuning& tuning, observer& out,
                 action_sink* plan) {
  run_ledger ledger(out);
  try {
    runtime::impl& parts = rt.internals();
    transfer_run run(parts, nullptr, {}, tuning, ledger);
    run.plan = plan;
    run.source_bucket = task.source_bucket;
    copy_feed feed(run, task);
    const bool only_looks = task.dry_run || plan != nullptr;
    transfer_crew crew(run, only_looks ? 0 : parts.options.most_transfers);
    crew.work(feed.work());
  } catch (const std::exception& e) {
    halt_on(ledger, e);
  }
  return close_books(rt.internals(), ledger);
}

report copy(runtime& rt, const copy_task& task, observer& out) {
  transfer_tuning tuning;
  if (task.part_size != 0) tuning.copy_part_size = task.part_size;
  return copy_with(rt, task, tuning, out);
}

}  // namespace beatsync::engine
