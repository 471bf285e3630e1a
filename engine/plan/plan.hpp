#pragma once

/// The difference as shard manifests, for many machines to carry out (manifest.hpp): the pipeline
/// of sync() or copy() stopped after the difference, as a dry run is. Memory does not depend on how
/// many names there are.

#include "engine/copy/copy.hpp"
#include "engine/plan/manifest.hpp"
#include "engine/plan/shard_result.hpp"
#include "engine/run/report.hpp"
#include "engine/sync/sync.hpp"

#include <optional>
#include <string>
#include <variant>

namespace beatsync::engine {

struct plan_task {
  std::variant<sync_task, copy_task> what;
  plan_header header;  ///< its `plan` and `shard` are filled in
  std::string folder;  ///< there already; the manifests are written into it
};

/// `base.count`: `planned` are the items of the manifests and what was skipped or failed.
struct plan_report {
  report base;
  plan_document document;  ///< of a plan that is whole
};

/// Where it stops, the manifests are removed again; not those of another plan, which is why it may
/// stop.
plan_report plan(runtime& rt, const plan_task& task, observer& out);

}  // namespace beatsync::engine
