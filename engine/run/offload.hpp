#pragma once

/// Takes blocking file work off an I/O thread: the job runs on the pool as a whole (open, stat,
/// read, close), the coroutine goes on where it was.
///
///     auto read_it = [&] { return files.read_whole(path); };
///     auto bytes = co_await offload(pool, read_it);
///
/// Threads: callable from any executor; resumes on the caller's own. The job may refer to locals of
/// the awaiting coroutine, which is suspended meanwhile. Errors: what the job throws is thrown from
/// the co_await. The pool must outlive the call (runtime joins it after its I/O threads).

#include <boost/asio/awaitable.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace boost::asio {
class thread_pool;
}

namespace beatsync::engine {

namespace detail {

/// A job behind one virtual call, so that Asio's machinery is compiled once, in offload.cpp.
class pool_job {
 public:
  virtual void run() noexcept = 0;

 protected:
  ~pool_job() = default;
};

boost::asio::awaitable<void> run_on_pool(boost::asio::thread_pool& pool, pool_job& job);

template <class F>
class pool_job_of final : public pool_job {
 public:
  using value_type = std::invoke_result_t<F&>;

  explicit pool_job_of(F work) : work_(std::move(work)) {}

  void run() noexcept override {
    try {
      if constexpr (std::is_void_v<value_type>) {
        work_();
      } else {
        value_.emplace(work_());
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
  }

  value_type take() {
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
    if constexpr (!std::is_void_v<value_type>) return std::move(*value_);
  }

 private:
  struct nothing {};
  F work_;
  std::optional<std::conditional_t<std::is_void_v<value_type>, nothing, value_type>> value_;
  std::exception_ptr failure_;
};

}  // namespace detail

/// Runs `work()` on a thread of the pool and returns what it returned.
template <class F>
boost::asio::awaitable<std::invoke_result_t<F&>> offload(boost::asio::thread_pool& pool, F work) {
  detail::pool_job_of<F> job(std::move(work));
  co_await detail::run_on_pool(pool, job);
  co_return job.take();
}

}  // namespace beatsync::engine
