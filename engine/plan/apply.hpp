#pragma once

/// Carries out one shard manifest: what was reviewed happens, or a failure says why not.
///
/// Every action is held to its preconditions: the source must be as described (size and time of a
/// file, ETag of an object), the target what the plan saw there (If-None-Match, If-Match,
/// RENAME_NOREPLACE). A target that is already what the action would make of it counts as
/// unchanged, so that a second run of the same manifest does nothing; any other one fails.
///
/// No lock is taken: shards work side by side, on one machine or many.

#include "engine/plan/manifest.hpp"
#include "engine/run/report.hpp"

#include <cstdint>
#include <string>

namespace beatsync::engine {

class runtime;

struct apply_task {
  std::string manifest;  ///< a file; found good by check_manifest()
  bool fsync = true;
};

/// Runs to the end on the calling thread and the runtime's threads. The runtime's stores are of the
/// target's bucket (of a download: of the source's); for copies its source stores of the source's.
report apply(runtime& rt, const apply_task& task, observer& out);

}  // namespace beatsync::engine
