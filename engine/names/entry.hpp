#pragma once

/// What the two scans see, in batches: names in one block of memory, not one string each.
/// Plain data.

#include "engine/run/report.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

enum class local_kind : std::uint8_t {
  file,            ///< a regular file, perhaps behind a link
  odd,             ///< a name that is there but cannot be uploaded; `why` says why
  unknown_folder,  ///< a folder that could not be read: nothing is known about what is beneath it
};

/// One name of the local side.
struct local_entry {
  std::uint32_t offset = 0;  ///< of the path in local_batch::text
  std::uint32_t length = 0;
  local_kind kind = local_kind::file;
  reason why = reason::missing;  ///< of odd and unknown_folder
  int code = 0;                  ///< errno behind `why`, 0 if none
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
};

/// Up to 1,000 entries in rising byte order of their paths. unknown_folder paths end in `/`.
struct local_batch {
  std::string text;
  std::vector<local_entry> entries;
  std::vector<std::string> stale_temporaries;  ///< files that other runs left unfinished
  bool last = false;                           ///< the walk is over, and was complete

  std::string_view path_of(const local_entry& e) const noexcept {
    return std::string_view(text).substr(e.offset, e.length);
  }
  void clear() noexcept {
    text.clear();
    entries.clear();
    stale_temporaries.clear();
    last = false;
  }
};

/// The keys k with after < k <= until, bytewise; an empty bound is open. Without the task's prefix,
/// so that it means the same on both sides.
struct key_range {
  std::string after;
  std::string until;

  bool contains(std::string_view key) const noexcept {
    return key > after && (until.empty() || key <= until);
  }
};

}  // namespace beatsync::engine
