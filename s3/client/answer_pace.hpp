#pragma once

/// After how long a request is worth asking anew, because its answer takes far longer than answers
/// of this store do.
///
/// A few of many requests meet a slow disk or a sick machine behind the store's name; asked again,
/// most are answered at once. A run would wait for the slowest of them.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-guidelines.html
/// (Timeouts and Retries) tells to do this. What is usual is learned like a round-trip time
/// (RFC 6298): an average and its deviation.
///
/// Deciding only; belongs to one thread. No errors.

#include <chrono>
#include <cstddef>
#include <optional>

namespace beatsync::s3 {

class answer_pace {
 public:
  using milliseconds = std::chrono::duration<double, std::milli>;

  /// An answer began so long after its request was sent, or it was given up after so long.
  void waited(milliseconds time) noexcept;

  /// Nothing: too little is known, or slow answers are usual here.
  std::optional<std::chrono::milliseconds> patience() const noexcept;

 private:
  std::size_t answers_ = 0;
  milliseconds average_{};
  milliseconds deviation_{};
};

}  // namespace beatsync::s3
