#pragma once

/// One run of sync() with sizes and times to choose: what sync() calls, and what tests call with
/// small ones. Threads: as sync().

#include "engine/sync/sync.hpp"
#include "engine/transfer/transfer.hpp"

namespace beatsync::engine {

/// `plan`: gets the actions in place of the workers; null: they are carried out.
report sync_with(runtime& rt, const sync_task& task, const transfer_tuning& tuning, observer& out,
                 action_sink* plan = nullptr);

}  // namespace beatsync::engine
