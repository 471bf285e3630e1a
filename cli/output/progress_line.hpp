#pragma once

/// The line of progress: files, bytes, rate, time left. Pure; time comes in.
///
///     upload_music: 812 of 2,000 files, 1.2 of 3.0 GB, 41.3 MB/s, 0:44 left

#include "engine/run/report.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

namespace beatsync::cli {

/// Bytes per second over the last ten seconds, so that a rate that changes is seen and one slow
/// file does not make it jump.
class rate_meter {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  void add(time_point when, std::uint64_t bytes_so_far);
  /// 0 while there is nothing to tell from.
  double per_second() const noexcept;
  void reset() { samples_.clear(); }

 private:
  std::deque<std::pair<time_point, std::uint64_t>> samples_;
};

/// ASCII only. While the listings run, the totals are `812 of 1,430+`, and no time is promised.
std::string progress_line(std::string_view operation, const engine::progress& p, double rate);

}  // namespace beatsync::cli
