#pragma once

/// Text for people. On stdout one line per file that moved or differs, and one summary per
/// operation; on stderr what was skipped or failed, warnings, and on a terminal the progress. Names
/// are escaped for the terminal.
///
/// Quiet: only what failed, on stderr. Where stdout carries the result itself (`rewrite-xml … -`),
/// everything goes to stderr.

#include "cli/output/console.hpp"
#include "cli/output/printer.hpp"
#include "cli/output/progress_line.hpp"

#include <cstdint>
#include <string>

namespace beatsync::cli {

struct text_style {
  bool quiet = false;
  bool stdout_is_taken = false;
};

class text_printer final : public printer {
 public:
  text_printer(console& to, const text_style& style, clock_function now);

  void begin(const operation_start& start) override;
  void end(const operation_end& end) override;
  void run_ended(const run_end& end) override;
  void on_item(const engine::item& it) override;
  void on_difference(const engine::difference& d) override;
  void on_warning(const std::string& text) override;
  void on_progress(const engine::progress& p) override;

 private:
  void tell(const std::string& line);

  console& console_;
  const text_style style_;
  const clock_function now_;
  operation_start start_;
  std::uint64_t planned_bytes_ = 0;
  std::uint64_t cut_short_ = 0;  ///< items that the end of the run left undone
  rate_meter rate_;
};

}  // namespace beatsync::cli
