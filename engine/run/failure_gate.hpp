#pragma once

/// Decides when failures of single transfers mean that going on is pointless: one error that
/// everything else will meet too, or many in a row with no success between them.
///
/// Any thread. Time comes in as an argument.

#include "s3/error.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>

namespace beatsync::engine {

class failure_gate {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// A request that fails for want of an answer has been tried for seconds, up to 60 (issue 3 §3);
  /// so many of them in a row is a store that does not work.
  static constexpr std::size_t most_in_a_row = 32;
  /// But where the store worked so short a time ago, they may all have met the same moment.
  static constexpr std::chrono::seconds least_silence{5};
  /// Two rounds of all requests that may be in flight (256) are no moment any more, however quick.
  static constexpr std::size_t most_at_once = 512;
  /// Refused for want of permission: cheap to ask, and a few names may be special.
  static constexpr std::size_t most_denied = 8;

  void succeeded(time_point now);

  /// The bucket was listed: the keys are good, and the address is.
  void listed();

  /// True once: the run has to stop because of this error.
  bool failed(s3::errc code, time_point now);

 private:
  bool too_many_unanswered(time_point now) const;

  std::mutex mutex_;
  std::size_t unanswered_ = 0;
  std::size_t denied_ = 0;
  std::size_t refused_ = 0;
  bool signature_accepted_ = false;
  std::optional<time_point> last_success_;
  bool shut_ = false;
};

}  // namespace beatsync::engine
