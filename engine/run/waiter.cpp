#include "engine/run/waiter.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

struct waiter::impl {
  explicit impl(asio::any_io_executor executor)
      : home(std::move(executor)), timer(home, asio::steady_timer::time_point::max()) {}

  asio::any_io_executor home;
  asio::steady_timer timer;  ///< never expires; cancelled to wake
  bool woken = false;
};

waiter::waiter(asio::any_io_executor home) : impl_(std::make_unique<impl>(std::move(home))) {}

waiter::~waiter() = default;

void waiter::wake() {
  asio::post(impl_->home, [self = impl_.get()] {
    self->woken = true;
    self->timer.cancel();
  });
}

asio::awaitable<void> waiter::wait() {
  while (!impl_->woken) {
    boost::system::error_code ignored;  // always operation_aborted: the timer never expires
    auto token = asio::redirect_error(asio::use_awaitable, ignored);
    co_await impl_->timer.async_wait(token);
  }
  impl_->woken = false;
}

asio::awaitable<void> pause(std::chrono::milliseconds time, const std::atomic<bool>& cut_short) {
  constexpr std::chrono::milliseconds step{100};
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  while (time.count() > 0 && !cut_short.load()) {
    const auto now = std::min(time, step);
    timer.expires_after(now);
    co_await timer.async_wait(asio::use_awaitable);
    time -= now;
  }
}

}  // namespace beatsync::engine
