#pragma once

/// Where the actions of a run go that are to be carried out later: a plan.

#include "engine/files/file_system.hpp"
#include "engine/run/action.hpp"

#include <boost/asio/awaitable.hpp>

namespace beatsync::engine {

struct transfer_run;

class action_sink {
 public:
  virtual ~action_sink() = default;

  /// Any thread; does not block. True: flush() is due.
  virtual bool add(const action& what) = 0;

  /// Any thread; blocks.
  virtual fs_result<void> flush() = 0;
};

/// Counts the action as planned and hands it to run.plan; a plan that cannot be written halts the
/// run.
boost::asio::awaitable<void> keep_in_plan(transfer_run& run, const action& what);

}  // namespace beatsync::engine
