#include "engine/run/runtime.hpp"

#include "engine/run/runtime_internals.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

struct io_lane::context {
  asio::io_context io{1};  // one thread: no locking inside
  asio::executor_work_guard<asio::io_context::executor_type> work{io.get_executor()};
};

io_lane::io_lane(const store_factory& make_store, const store_factory& make_source)
    : context_(std::make_unique<context>()), store_(make_store(context_->io.get_executor())) {
  if (make_source) source_ = make_source(context_->io.get_executor());
  thread_ = std::thread([io = &context_->io] { io->run(); });
}

io_lane::~io_lane() {
  context_->work.reset();
  thread_.join();
  store_.reset();
  source_.reset();
}

asio::any_io_executor io_lane::executor() const { return context_->io.get_executor(); }

runtime::impl::impl(const runtime_options& o, const store_factory& make_store, file_system& port,
                    const store_factory& make_source)
    : options(o), files(port) {
  // More than 8 gain nothing: one moves 2 GB/s (performance.md §3.1).
  const std::size_t cores = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 8);
  if (options.io_threads == 0) options.io_threads = cores;
  if (options.file_threads == 0) options.file_threads = 4;
  if (options.transfers == 0) options.transfers = 1;
  options.most_transfers = std::max(options.most_transfers, options.transfers);
  // A lane without a transfer would only idle.
  options.io_threads = std::min(options.io_threads, options.transfers);
  file_threads = std::make_unique<asio::thread_pool>(0);
  try {
    start(make_store, make_source);
  } catch (...) {  // the system gives no more threads or handles
    lanes.clear();
    file_threads->stop();
    join_file_threads();
    throw;
  }
}

/// The pool gets our threads: its own constructor waits for ever for those that it has (Boost 1.74
/// to 1.81) where the system gives it no further one.
void runtime::impl::start(const store_factory& make_store, const store_factory& make_source) {
  pool_threads_.reserve(options.file_threads);
  for (std::size_t i = 0; i < options.file_threads; ++i) {
    pool_threads_.emplace_back([pool = file_threads.get()] { pool->attach(); });
  }
  for (std::size_t i = 0; i < options.io_threads; ++i) {
    lanes.push_back(std::make_unique<io_lane>(make_store, make_source));
  }
}

void runtime::impl::join_file_threads() {
  for (std::thread& thread : pool_threads_) thread.join();
}

runtime::impl::~impl() {
  lanes.clear();
  file_threads->wait();  // no more work comes
  join_file_threads();
}

runtime::runtime(const runtime_options& options, store_factory make_store, file_system& files,
                 store_factory make_source)
    : impl_(std::make_unique<impl>(options, make_store, files, make_source)) {}

runtime::~runtime() = default;

void runtime::stop() noexcept {
  impl_->stopping.store(true);
  for (const auto& lane : impl_->lanes) {
    lane->store().stop();
    lane->source_store().stop();
  }
}

struct coroutine_group::state {
  std::mutex mutex;
  std::condition_variable ended;
  std::size_t running = 0;
  std::exception_ptr failure;
};

coroutine_group::coroutine_group() : state_(std::make_shared<state>()) {}

coroutine_group::~coroutine_group() {
  std::unique_lock lock(state_->mutex);
  state_->ended.wait(lock, [this] { return state_->running == 0; });
}

void coroutine_group::start(const io_lane& lane, asio::awaitable<void> coroutine) {
  {
    const std::lock_guard lock(state_->mutex);
    ++state_->running;
  }
  asio::co_spawn(lane.executor(), std::move(coroutine),
                 [shared = state_](const std::exception_ptr& failure) {
                   const std::lock_guard lock(shared->mutex);
                   if (failure && !shared->failure) shared->failure = failure;
                   --shared->running;
                   shared->ended.notify_all();
                 });
}

void coroutine_group::wait(const std::function<void()>& meanwhile) {
  std::unique_lock lock(state_->mutex);
  const auto none_left = [this] { return state_->running == 0; };
  while (!state_->ended.wait_for(lock, std::chrono::milliseconds(250), none_left)) {
    if (!meanwhile) continue;
    lock.unlock();
    meanwhile();
    lock.lock();
  }
  if (state_->failure) std::rethrow_exception(state_->failure);
}

}  // namespace beatsync::engine
