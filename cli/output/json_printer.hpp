#pragma once

/// `--json`: one object per line on stdout and nothing else there (contract.md §6, docs/json.md).
/// Warnings, and why a run stopped, go to stderr as well. Errors: none; what cannot be written is
/// the console's to remember.

#include "cli/output/console.hpp"
#include "cli/output/printer.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace beatsync::cli {

class json_printer final : public printer {
 public:
  /// `now`: for the one progress event a second.
  json_printer(console& to, bool quiet, clock_function now);

  void begin(const operation_start& start) override;
  void end(const operation_end& end) override;
  void run_ended(const run_end& end) override;
  void on_item(const engine::item& it) override;
  void on_difference(const engine::difference& d) override;
  void on_warning(const std::string& text) override;
  void on_progress(const engine::progress& p) override;

 private:
  console& console_;
  const bool quiet_;
  const clock_function now_;
  operation what_ = operation::sync;
  bool in_operation_ = false;              ///< its warnings are in its report
  std::vector<std::string> run_warnings_;  ///< before the first operation and between two
  std::chrono::steady_clock::time_point last_progress_{};
};

}  // namespace beatsync::cli
