#pragma once

/// How many requests a run has in flight: found by trying.
///
/// The usual number fills a line as long as each request moves much, or its answer is near. Where
/// small requests wait for far answers, more of them at once move more: the window doubles as long
/// as that makes the rate rise, and goes back where it does not. A store that asks for fewer gets
/// fewer, and the number comes back step by step. (The same in other words: TCP's congestion window
/// with the rate as its only signal.)
///
/// Deciding only: the clock is the caller's. Threads: belongs to whoever locks around it. No
/// errors.

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace beatsync::engine {

class transfer_window {
 public:
  using clock = std::chrono::steady_clock;

  /// `usual`: to begin with, and for what is large (at least 1). `most` >= usual.
  transfer_window(std::size_t usual, std::size_t most);

  /// Requests that may be in flight.
  std::size_t size() const noexcept { return size_; }

  /// One request ended at `now`.
  struct sample {
    std::size_t weight = 0;      ///< bytes of memory it needed
    clock::duration took{};      ///< from taking the work to its end
    std::uint64_t slow_downs{};  ///< how often the store has asked for fewer since it was opened
  };

  /// True: size() is another one now.
  bool ended(const sample& request, clock::time_point now);

 private:
  /// What is known of the requests since `began`.
  struct epoch {
    clock::time_point began{};
    std::size_t count = 0;
    std::size_t weight = 0;
    clock::duration took{};

    double rate(clock::time_point now) const;  ///< requests per second
    double mean_weight() const { return static_cast<double>(weight) / static_cast<double>(count); }
  };

  bool resize(std::size_t size);
  bool judge(clock::time_point now);
  bool paid_off(double rate) const;

  const std::size_t usual_;
  const std::size_t most_;
  std::size_t size_;
  std::size_t to_skip_;  ///< requests that began before the last change
  epoch now_;
  std::uint64_t slow_downs_ = 0;
  clock::time_point next_cut_{};
  clock::time_point calm_until_{};
  std::size_t rest_ = 0;  ///< epochs without a try

  bool trying_ = false;
  std::size_t before_ = 0;
  double rate_before_ = 0;
  double weight_before_ = 0;
};

}  // namespace beatsync::engine
