#pragma once

/// A value that many threads read all the time and somebody replaces once in a while.
///
/// Readers keep their own reference and look at a counter only, so that the common case takes no
/// lock. published is thread-safe; a subscription belongs to one thread. No errors.

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

namespace beatsync::s3 {

template <class T>
class published {
 public:
  std::shared_ptr<const T> get() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  void set(T value) {
    auto fresh = std::make_shared<const T>(std::move(value));
    const std::lock_guard lock(mutex_);
    value_ = std::move(fresh);
    version_.fetch_add(1, std::memory_order_release);
  }
  std::uint64_t version() const noexcept { return version_.load(std::memory_order_acquire); }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const T> value_;
  std::atomic<std::uint64_t> version_{0};
};

template <class T>
class subscription {
 public:
  explicit subscription(const published<T>& source) : source_(source) {}

  /// The value of now; null before the first set().
  const std::shared_ptr<const T>& current() {
    const std::uint64_t version = source_.version();
    if (version != seen_ || !value_) {
      value_ = source_.get();
      seen_ = version;
    }
    return value_;
  }

 private:
  const published<T>& source_;
  std::shared_ptr<const T> value_;
  std::uint64_t seen_ = 0;
};

}  // namespace beatsync::s3
