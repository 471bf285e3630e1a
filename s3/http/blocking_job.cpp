#include "s3/http/blocking_job.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <thread>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

/// Lives in the frame of who waits; the thread knows it only while it is in `waiting_`.
struct blocking_job::waiter {
  explicit waiter(const asio::any_io_executor& home) : timer(home) {}
  asio::steady_timer timer;
};

blocking_job::blocking_job(std::function<void()> work) : work_(std::move(work)) {}

bool blocking_job::done() const {
  const std::lock_guard lock(mutex_);
  return done_;
}

void blocking_job::start() {
  std::thread([self = shared_from_this()] {
    self->work_();
    const std::lock_guard lock(self->mutex_);
    self->done_ = true;
    // Under the lock: whoever stops waiting takes itself off the list first, so its io_context is
    // alive here.
    for (const auto& w : self->waiting_) {
      asio::post(w->timer.get_executor(), [weak = std::weak_ptr<waiter>(w)] {
        if (const auto still_there = weak.lock()) still_there->timer.cancel();
      });
    }
    self->waiting_.clear();
    self->work_ = nullptr;
  }).detach();
}

asio::awaitable<bool> blocking_job::wait(std::chrono::milliseconds limit, const bool* give_up) {
  const auto self = shared_from_this();
  const asio::any_io_executor home = co_await asio::this_coro::executor;
  const auto me = std::make_shared<waiter>(home);
  {
    const std::lock_guard lock(mutex_);
    if (done_) co_return true;
    waiting_.push_back(me);
  }
  // Also where the frame is destroyed while it sleeps (its io_context ends).
  struct sign_off {
    blocking_job& job;
    const std::shared_ptr<waiter>& me;
    ~sign_off() {
      const std::lock_guard lock(job.mutex_);
      std::erase(job.waiting_, me);
    }
  };
  const sign_off at_the_end{*this, me};

  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    constexpr std::chrono::milliseconds step{100};
    const auto now = std::chrono::steady_clock::now();
    if (done()) co_return true;
    if (now >= deadline || (give_up != nullptr && *give_up)) co_return false;
    me->timer.expires_at(std::min(deadline, now + step));
    boost::system::error_code ignored;
    co_await me->timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

}  // namespace beatsync::s3
