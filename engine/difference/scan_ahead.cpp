#include "engine/difference/scan_ahead.hpp"

#include "engine/run/offload.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

// Long names must not make the memory grow: 32,000 names of 250 bytes.
constexpr std::size_t most_bytes = std::size_t{8} << 20;

}  // namespace

scan_ahead::scan_ahead(asio::any_io_executor executor, asio::thread_pool& file_threads,
                       local_scan& scan, names_ahead& into, std::size_t most_names,
                       std::function<void()> on_names)
    : executor_(std::move(executor)),
      file_threads_(file_threads),
      scan_(scan),
      into_(into),
      most_names_(most_names),
      on_names_(std::move(on_names)),
      changed_(executor_, asio::steady_timer::time_point::max()) {}

bool scan_ahead::has_room() const {
  return !draining_ && !stopped_ && !failure_ && !into_.complete() && into_.size() < most_names_ &&
         into_.bytes() < most_bytes;
}

void scan_ahead::go_on() {
  if (running_ || !has_room()) return;
  running_ = true;
  asio::co_spawn(executor_, read_on(), [this](const std::exception_ptr& failure) {
    running_ = false;
    failure_ = failure;
    changed_.cancel();
  });
}

asio::awaitable<void> scan_ahead::read_on() {
  while (has_room()) {
    local_batch batch;
    auto job = [&] { return scan_.next(batch); };
    const auto status = co_await offload(file_threads_, job);
    if (!status) {
      stopped_ = status.error();
      break;
    }
    into_.add(std::move(batch));
    changed_.cancel();
    if (!draining_) on_names_();
  }
}

asio::awaitable<void> scan_ahead::changed() {
  boost::system::error_code ignored;
  auto token = asio::redirect_error(asio::use_awaitable, ignored);
  co_await changed_.async_wait(token);
}

asio::awaitable<std::optional<stop_reason>> scan_ahead::wait() {
  go_on();
  while (!ready()) co_await changed();
  if (failure_) std::rethrow_exception(failure_);
  if (into_.empty() && stopped_) co_return stopped_;
  co_return std::nullopt;
}

asio::awaitable<void> scan_ahead::drain() {
  draining_ = true;
  while (running_) co_await changed();
}

}  // namespace beatsync::engine
