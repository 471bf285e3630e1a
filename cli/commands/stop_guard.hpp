#pragma once

/// What the first signal is to do, for as long as there is something to stop.

#include <functional>
#include <utility>

namespace beatsync::cli {

/// Takes what the first signal is to call; nothing: there is nothing to stop (signal_watch).
using stop_hook = std::function<void(std::function<void()>)>;

/// While it lives, the first signal calls `stop`. The hook must outlive it.
class stop_guard {
 public:
  stop_guard(const stop_hook& on_stop, std::function<void()> stop) : on_stop_(on_stop) {
    on_stop_(std::move(stop));
  }
  ~stop_guard() { on_stop_({}); }
  stop_guard(const stop_guard&) = delete;
  stop_guard& operator=(const stop_guard&) = delete;

 private:
  const stop_hook& on_stop_;
};

}  // namespace beatsync::cli
