#pragma once

/// How a file or object is cut: one request, or parts of equal size but for the last.
///
/// Pure arithmetic; any thread.

#include "s3/types.hpp"

#include <cstdint>
#include <optional>

namespace beatsync::engine {

inline constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20U;

/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html : parts of 5 MiB to 5 GiB, the
/// last one may be smaller, at most 10,000 of them, objects of at most 48.8 TiB.
struct part_limits {
  std::uint64_t smallest_part = 5 * mebibyte;
  std::uint64_t largest_part = 5 * 1024 * mebibyte;
  std::uint64_t most_parts = 10'000;
  std::uint64_t largest_object = most_parts * largest_part;  // 48.8 TiB; 5 TiB until 2025
  /// What aws-cli and the CRT take too; a part is 4 ms of work beside 0.06 ms for its request
  /// (performance.md §0.3, §3.1), and most music files are one to eight of them.
  std::uint64_t usual_part = 8 * mebibyte;
  /// Part sizes are rounded up to this when a file needs more than most_parts of the usual size.
  std::uint64_t rounding = mebibyte;
};

class part_plan {
 public:
  std::uint64_t size() const noexcept { return size_; }
  std::uint64_t part_size() const noexcept { return part_size_; }
  /// At least 1: an empty file is one empty part.
  std::uint32_t count() const noexcept { return count_; }
  /// One PUT or GET does it.
  bool single() const noexcept { return count_ == 1; }
  /// Part `index` (from 0), as bytes of the file.
  s3::byte_range part(std::uint32_t index) const noexcept;

 private:
  friend std::optional<part_plan> plan_parts(std::uint64_t, std::uint64_t, const part_limits&);
  std::uint64_t size_ = 0;
  std::uint64_t part_size_ = 0;
  std::uint32_t count_ = 1;
};

/// `wanted` is the part size asked for, 0: the usual one; it is brought within the limits. Up to
/// two parts' worth goes in one request: the two extra requests of a multipart upload cost more
/// than they gain there. Nothing: larger than any object can be.
std::optional<part_plan> plan_parts(std::uint64_t size, std::uint64_t wanted = 0,
                                    const part_limits& limits = {});

}  // namespace beatsync::engine
