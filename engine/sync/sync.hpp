#pragma once

/// The façade of the engine: bring one folder and one prefix in step, in one direction.
///
///     local scan ──┐
///                  ├─► set difference ─► actions with reasons ─► bounded-concurrency transfers
///     listing   ───┘
///
/// The first transfer starts while both listings are still running; memory does not depend on the
/// size of the library. A dry run stops after the difference.

#include "engine/difference/compare.hpp"
#include "engine/names/selection.hpp"
#include "engine/run/report.hpp"

#include <cstdint>
#include <string>

namespace beatsync::engine {

class runtime;

struct sync_task {
  direction way = direction::upload;
  std::string root;    ///< local folder, absolute
  std::string prefix;  ///< "" or ending in "/"
  on_conflict conflict = on_conflict::leave;
  selection names;
  bool dry_run = false;
  bool create_root = false;  ///< downloads: make `root` where it is missing
  bool fsync = true;
  std::uint64_t part_size = 0;  ///< bytes; 0: chosen by part_plan
  std::string
      store_name;  ///< endpoint and bucket, e.g. `https://s3.example.org/bucket`; names the caches
  std::string cache_folder;  ///< $XDG_CACHE_HOME/beatsync; empty: remembers nothing
  std::string state_folder;  ///< $XDG_STATE_HOME/beatsync; empty: no lock is taken
};

/// Runs to the end on the calling thread and the runtime's I/O threads. Never throws for what the
/// store or the file system do: that is in the report.
report sync(runtime& rt, const sync_task& task, observer& out);

}  // namespace beatsync::engine
