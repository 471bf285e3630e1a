#pragma once

/// One timer for all deadlines of a client: at every tick whoever is registered looks at its own.
///
/// A timer per operation would cost more than the operation; nothing here needs better than a
/// quarter of a second. While nobody is registered no timer runs, so that it never keeps an
/// io_context alive. Belongs to one thread. No errors.

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace beatsync::s3 {

using steady_time = std::chrono::steady_clock::time_point;

class watched {
 public:
  virtual ~watched() = default;
  /// Called at every tick; may remove this or others from the watchdog.
  virtual void look(steady_time now) = 0;

 private:
  friend class watchdog;
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  std::size_t place_ = nowhere;
};

class watchdog {
 public:
  watchdog(const boost::asio::any_io_executor& executor, std::chrono::milliseconds tick);
  ~watchdog();
  watchdog(const watchdog&) = delete;
  watchdog& operator=(const watchdog&) = delete;

  void add(watched& who);
  void remove(watched& who) noexcept;

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace beatsync::s3
