#pragma once

/// How many large bodies pass at once: as few as bring as much.
///
/// Few streams keep their buffers in the caches: over loopback four of them need 0.84 to 0.92 of
/// the CPU that sixteen do (docs/dev/performance.md, 7c). So a run begins with four. Where they
/// bring less than would be worth saving on, from the beginning or for two looks in a row, the line
/// or the store is what is waited for, and the usual number fills them better; where they bring
/// much, twice as many are tried from time to time, and kept if they bring more.
///
/// Deciding only: the clock is the caller's. Threads: belongs to whoever locks around it. No
/// errors.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace beatsync::engine {

class stream_window {
 public:
  using clock = std::chrono::steady_clock;

  /// `usual`: the most there can be (at least 1).
  explicit stream_window(std::size_t usual);

  /// Streams that may pass at once.
  std::size_t size() const noexcept { return size_; }

  /// `bytes` of a stream that began at `began` have passed at `now`. True: size() is another one.
  bool moved(std::size_t bytes, clock::time_point began, clock::time_point now);

 private:
  enum class phase : std::uint8_t { watching, settling, trying };

  bool judge(double rate, clock::time_point now);
  bool resize(std::size_t size);

  const std::size_t usual_;
  std::size_t size_;
  phase phase_ = phase::watching;
  std::optional<clock::time_point> since_;  ///< of what is being counted
  std::uint64_t bytes_ = 0;
  bool slow_ = true;  ///< so was the look before; the first one counts at once
  std::size_t before_ = 0;
  double rate_before_ = 0;  ///< bytes per second, at that size
  clock::time_point next_try_{};
};

}  // namespace beatsync::engine
