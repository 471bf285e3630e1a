#pragma once

/// Runs the local scan on the file threads ahead of whoever reads the names, as far as there is
/// room for them.
///
/// Threads: all calls on one io_context's thread; only the scan itself runs elsewhere. drain() has
/// to be awaited before it is destroyed. Includes Asio's machinery; for .cpp files only.

#include "engine/difference/local_scan.hpp"
#include "engine/difference/names_ahead.hpp"
#include "engine/run/report.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <exception>
#include <functional>
#include <optional>

namespace boost::asio {
class thread_pool;
}

namespace beatsync::engine {

class scan_ahead {
 public:
  /// Puts names into `into` while it has fewer than `most_names`, then calls `on_names`. All
  /// references outlive this.
  scan_ahead(boost::asio::any_io_executor executor, boost::asio::thread_pool& file_threads,
             local_scan& scan, names_ahead& into, std::size_t most_names,
             std::function<void()> on_names);

  /// Reads on, where there is room. To be called at the beginning and when names were taken.
  void go_on();

  /// wait() would return at once.
  bool ready() const { return !into_.empty() || into_.complete() || stopped_ || failure_; }

  /// Until there are names or the scan is over; what stopped it comes after the names before it.
  boost::asio::awaitable<std::optional<stop_reason>> wait();

  /// Waits for the batch under way.
  boost::asio::awaitable<void> drain();

 private:
  bool has_room() const;
  boost::asio::awaitable<void> read_on();
  boost::asio::awaitable<void> changed();

  boost::asio::any_io_executor executor_;
  boost::asio::thread_pool& file_threads_;
  local_scan& scan_;
  names_ahead& into_;
  std::size_t most_names_;
  std::function<void()> on_names_;
  bool running_ = false;
  bool draining_ = false;
  std::optional<stop_reason> stopped_;
  std::exception_ptr failure_;
  boost::asio::steady_timer changed_;  ///< never expires; cancelled when something is new
};

}  // namespace beatsync::engine
