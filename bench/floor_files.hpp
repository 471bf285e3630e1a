#pragma once

/// Floors of scans and of XML: the bare walk, the bare look at a list page, the bare parser.
/// Errors throw std::system_error or std::runtime_error.

#include "bench/floor_cost.hpp"

#include <cstdint>
#include <string>

namespace beatsync::bench {

/// Names below `folder`: getdents64 with 64 KiB, statx of every file, no order.
floor_cost walk(const std::string& folder);

/// Pages of 1,000 keys as AWS writes them, in memory: the ends of all keys are looked for.
floor_cost scan_list_pages(std::uint64_t keys);

/// The bytes of `file` through expat with a start handler, 256 KiB at a time.
floor_cost parse_by_expat(const std::string& file);

}  // namespace beatsync::bench
