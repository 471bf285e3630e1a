#pragma once

/// How a coroutine waits for something that happens on another thread, without blocking its own.
///
/// Protocol: whoever got hold of the waiter as a `wakeable` calls wake() exactly once; the owner
/// awaits wait() once for each time it handed itself out. So no wake() can arrive after the waiter
/// is gone.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <memory>

namespace beatsync::engine {

class wakeable {
 public:
  /// Any thread.
  virtual void wake() = 0;

 protected:
  ~wakeable() = default;
};

class waiter final : public wakeable {
 public:
  /// `home` runs on one thread, the owner's.
  explicit waiter(boost::asio::any_io_executor home);
  ~waiter();
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;

  void wake() override;

  /// Returns once wake() was called, before or after.
  boost::asio::awaitable<void> wait();

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// Sleeps on the caller's executor; looks every 100 ms at `cut_short` and returns when it is set.
boost::asio::awaitable<void> pause(std::chrono::milliseconds time,
                                   const std::atomic<bool>& cut_short);

}  // namespace beatsync::engine
