#pragma once

/// `plan`, `apply` and `status`: the difference as shard manifests, one of them carried out, and
/// how far all of them have come. What reaches a store comes in as a function.
///
/// Threads: the main one.

#include "cli/commands/stop_guard.hpp"
#include "cli/output/exit_code.hpp"
#include "cli/output/printer.hpp"
#include "cli/settings/settings.hpp"
#include "engine/files/file_system.hpp"
#include "engine/run/report.hpp"
#include "engine/run/runtime.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace beatsync::cli {

/// A bucket within reach, perhaps with the one that copies come from.
class open_store {
 public:
  virtual ~open_store() = default;
  virtual engine::runtime& runtime() = 0;
  virtual std::string name() const = 0;  ///< of the store, as manifests have it
};

struct plan_context {
  /// `from`: the bucket that copies come from, where that is another one.
  std::function<s3::result<std::unique_ptr<open_store>>(const std::string& bucket,
                                                        const std::string& from)>
      open;
  stop_hook on_stop;
  stop_hook before_end;         ///< what a signal calls before it ends the process
  std::function<int()> signal;  ///< the one that came, 0: none
  clock_function now;
  engine::file_system* files = nullptr;
};

exit_code run_plan(const settings& with, const plan_context& context, printer& out);
exit_code run_apply(const settings& with, const plan_context& context, printer& out);
exit_code run_status(const settings& with, const plan_context& context, printer& out);

}  // namespace beatsync::cli
