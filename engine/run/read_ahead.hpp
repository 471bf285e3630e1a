#pragma once

/// One awaitable that runs in the background until its value is taken: the next page of a listing
/// is fetched while the last one is worked on.
///
/// Threads: all calls on one io_context's thread. The work refers to its owner, so drain() has to
/// be awaited before that is destroyed. Includes Asio's machinery; for .cpp files only.

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace beatsync::engine {

template <class T>
class read_ahead {
 public:
  /// Not while something is under way.
  void start(const boost::asio::any_io_executor& executor, boost::asio::awaitable<T> work) {
    state_ = std::make_shared<state>(executor);
    boost::asio::co_spawn(executor, std::move(work),
                          [s = state_](std::exception_ptr failure, T value) {
                            s->failure = failure;
                            s->value.emplace(std::move(value));
                            s->done.cancel();
                          });
  }

  bool under_way() const noexcept { return state_ != nullptr; }
  bool ready() const noexcept { return state_ && state_->value; }

  /// Waits where needed. What the work threw is thrown here.
  boost::asio::awaitable<T> take() {
    co_await wait();
    const auto s = std::exchange(state_, nullptr);
    if (s->failure) std::rethrow_exception(s->failure);
    co_return std::move(*s->value);
  }

  /// Waits for what is under way and forgets it.
  boost::asio::awaitable<void> drain() {
    if (!state_) co_return;
    co_await wait();
    state_ = nullptr;
  }

 private:
  struct state {
    explicit state(const boost::asio::any_io_executor& executor)
        : done(executor, boost::asio::steady_timer::time_point::max()) {}
    boost::asio::steady_timer done;  ///< never expires; cancelled when the value is there
    std::optional<T> value;
    std::exception_ptr failure;
  };

  boost::asio::awaitable<void> wait() {
    const auto s = state_;
    while (!s->value) {
      boost::system::error_code ignored;
      co_await s->done.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
    }
  }

  std::shared_ptr<state> state_;
};

}  // namespace beatsync::engine
