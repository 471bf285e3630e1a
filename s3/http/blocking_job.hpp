#pragma once

/// A blocking call (name resolution, a credential process) made once, on a thread of its own, for
/// any number of coroutines on any io_contexts that wait for it.
///
/// getaddrinfo cannot be interrupted: whoever waits may give up, the thread then ends by itself
/// some time later and touches nothing but what its work has captured. Thread-safe. `work` must not
/// throw; it leaves its result in what it captured, and whoever was told "done" may read it there.

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace beatsync::s3 {

class blocking_job : public std::enable_shared_from_this<blocking_job> {
 public:
  explicit blocking_job(std::function<void()> work);

  /// Starts the thread; call once.
  void start();

  /// Sleeps until the work is done (true) or the time is over (false). `give_up`, where given, is
  /// set by the caller's thread to end the wait early and is looked at every 100 ms.
  boost::asio::awaitable<bool> wait(std::chrono::milliseconds limit, const bool* give_up);

  bool done() const;

 private:
  struct waiter;

  mutable std::mutex mutex_;
  std::function<void()> work_;
  std::vector<std::shared_ptr<waiter>> waiting_;
  bool done_ = false;
};

}  // namespace beatsync::s3
