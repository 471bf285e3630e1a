#pragma once

/// How a run is told: the engine's observer, with a frame around each operation. Two tellers: text
/// for people, JSON for programs. Tests of commands use a third that remembers.
///
/// Threads: on_item and its kin come serialised from the engine's threads while an operation runs,
/// the rest from the main thread between operations.

#include "cli/output/exit_code.hpp"
#include "cli/settings/operation.hpp"
#include "engine/collection/collection.hpp"
#include "engine/plan/plan_status.hpp"
#include "engine/run/report.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace beatsync::cli {

/// Time comes in, so that tests advance it.
using clock_function = std::function<std::chrono::steady_clock::time_point()>;

struct operation_start {
  operation what = operation::sync;
  std::string source;  ///< path or s3:// URL
  std::string target;
  bool dry_run = false;
};

struct operation_end {
  engine::report how;
  std::optional<engine::xml_report> xml;      ///< its `base` is empty; `how` counts
  std::optional<engine::plan_document> plan;  ///< of `plan`, where it came to its end
  std::optional<engine::plan_status> status;  ///< of `status`
  double seconds = 0;
  exit_code code = exit_code::ok;
};

/// Over all operations of the run, also of one that could not begin.
struct run_end {
  engine::totals count;
  double seconds = 0;
  exit_code code = exit_code::ok;
  std::string problem;  ///< why it could not begin, or empty
};

class printer : public engine::observer {
 public:
  virtual void begin(const operation_start& start) = 0;
  virtual void end(const operation_end& end) = 0;
  virtual void run_ended(const run_end& end) = 0;
};

}  // namespace beatsync::cli
