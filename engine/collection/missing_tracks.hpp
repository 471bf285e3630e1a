#pragma once

/// Which tracks of a rewritten collection are not on the stick: one walk of it into a set of
/// hashes, eight bytes a file, instead of one question per track.
///
/// Names are compared in NFC and case folded, as the stick's file system does. A hash collision
/// (one in 10^8 for a million files) hides a missing track and does no other harm.
/// Threads: one at a time; walk() blocks.

#include "engine/files/file_system.hpp"
#include "engine/run/report.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

class missing_tracks {
 public:
  /// Nothing: the stick was walked. `go_on` is asked now and then; where it says no, the walk is
  /// given up, and nothing counts as missing.
  std::optional<stop_reason> walk(file_system& files, const std::string& library_root,
                                  const std::function<bool()>& go_on);

  /// A track lies here, below the root.
  void look_up(std::string_view relative_path);

  /// Nothing: the stick was not walked.
  std::optional<std::uint64_t> count() const noexcept {
    return walked_ ? std::optional(count_) : std::nullopt;
  }
  /// The first few.
  const std::vector<std::string>& examples() const noexcept { return examples_; }

 private:
  bool walked_ = false;
  std::vector<std::uint64_t> present_;  ///< sorted
  std::uint64_t count_ = 0;
  std::vector<std::string> examples_;
};

}  // namespace beatsync::engine
