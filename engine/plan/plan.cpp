#include "engine/plan/plan.hpp"

#include "engine/copy/copy_run.hpp"
#include "engine/plan/shard_writer.hpp"
#include "engine/run/operation_end.hpp"
#include "engine/sync/sync_run.hpp"

#include <cerrno>
#include <random>
#include <utility>

namespace beatsync::engine {

namespace {

std::string random_id() {
  constexpr char digits[] = "0123456789abcdef";
  std::random_device random;
  std::string id;
  while (id.size() < 32) id += digits[random() & 15U];
  return id;
}

report find_difference(runtime& rt, const plan_task& task, observer& out, shard_writer& writer) {
  const transfer_tuning tuning;
  if (const auto* copying = std::get_if<copy_task>(&task.what)) {
    return copy_with(rt, *copying, tuning, out, &writer);
  }
  sync_task looking = std::get<sync_task>(task.what);
  looking.dry_run = true;  // nothing is locked, made or tidied up
  return sync_with(rt, looking, tuning, out, &writer);
}

}  // namespace

plan_report plan(runtime& rt, const plan_task& task, observer& out) {
  plan_report end;
  plan_header header = task.header;
  header.plan = random_id();
  file_system& files = rt.internals().files;
  header.target_there =
      header.kind() == action_kind::download && files.open_root(header.target.path).has_value();
  shard_writer writer(files, task.folder, header);
  const auto claimed = writer.claim();
  if (claimed.has_error()) {
    end.base.stopped =
        stop_because(claimed.error().code == EEXIST
                         ? "Another plan is being written into " + task.folder +
                               ": choose another place for this one."
                         : "The plan cannot be written: " + describe(claimed.error()));
    return end;
  }
  end.base = find_difference(rt, task, out, writer);
  if (!end.base.stopped) {
    const auto written = writer.finish();
    if (written.has_error()) {
      end.base.stopped = stop_because("The plan cannot be written: " + describe(written.error()));
    }
  }
  if (end.base.stopped) {
    remove_manifests(files, task.folder, header.shards);
    return end;
  }
  end.document.header = std::move(header);
  end.document.shards = writer.sums();
  return end;
}

}  // namespace beatsync::engine
