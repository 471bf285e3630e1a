#pragma once

/// The end of an operation in words. Pure.
///
///     upload_music: 12 files (143.2 MB) uploaded, 3 skipped, 1 failed, 2 differ (left as they
///     are); 4,310 unchanged

#include "cli/output/printer.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace beatsync::cli {

/// The summary's lines: the counts first, then what XML operations add. `planned_bytes`: of a dry
/// run.
std::vector<std::string> summary_lines(const operation_start& start, const operation_end& end,
                                       std::uint64_t planned_bytes);

/// Why the operation stopped, for stderr; empty where it did not.
std::vector<std::string> trouble_lines(const operation_end& end);

}  // namespace beatsync::cli
