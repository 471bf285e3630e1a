#pragma once

/// One run of copy() with sizes to choose, perhaps into a plan: what copy() and plan() call, and
/// what tests call with small ones. Threads: as copy().

#include "engine/copy/copy.hpp"
#include "engine/transfer/transfer.hpp"

namespace beatsync::engine {

/// `plan`: gets the actions in place of the workers; null: they are carried out.
report copy_with(runtime& rt, const copy_task& task, const transfer_tuning& tuning, observer& out,
                 action_sink* plan = nullptr);

}  // namespace beatsync::engine
