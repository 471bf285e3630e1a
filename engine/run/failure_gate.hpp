#pragma once

/// Decides when failures of single transfers mean that going on is pointless: one error that
/// everything else will meet too, or many in a row with no success between them.
///
/// Any thread.

#include "s3/error.hpp"

#include <cstddef>
#include <mutex>

namespace beatsync::engine {

class failure_gate {
 public:
  /// A request that fails for want of an answer has lasted up to 60 s (issue 3 §3); so many of
  /// them in a row, most of them side by side, is minutes of nothing.
  static constexpr std::size_t most_in_a_row = 32;
  /// Refused for want of permission: cheap to ask, and a few names may be special.
  static constexpr std::size_t most_denied = 8;

  void succeeded();

  /// True once: the run has to stop because of this error.
  bool failed(s3::errc code);

 private:
  std::mutex mutex_;
  std::size_t unanswered_ = 0;
  std::size_t denied_ = 0;
  bool anything_worked_ = false;
  bool shut_ = false;
};

}  // namespace beatsync::engine
