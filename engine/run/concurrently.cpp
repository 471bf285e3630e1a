#include "engine/run/concurrently.hpp"

#include "engine/run/read_ahead.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <vector>

namespace beatsync::engine {

namespace {

using turn = std::function<boost::asio::awaitable<void>(std::size_t)>;

// References: concurrently() awaits all workers before its frame ends.
boost::asio::awaitable<bool> take_turns(std::size_t& next, std::size_t& count, const turn& work) {
  while (next < count) {
    const auto index = next++;
    try {
      co_await work(index);
    } catch (...) {
      count = 0;
      throw;
    }
  }
  co_return true;
}

}  // namespace

boost::asio::awaitable<void> concurrently(std::size_t count, std::size_t width, const turn& work) {
  const auto executor = co_await boost::asio::this_coro::executor;
  std::size_t next = 0;
  std::vector<read_ahead<bool>> workers(std::min(count, width));
  for (auto& worker : workers) worker.start(executor, take_turns(next, count, work));
  std::exception_ptr failure;
  for (auto& worker : workers) {
    try {
      co_await worker.take();
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace beatsync::engine
