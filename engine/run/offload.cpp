#include "engine/run/offload.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace beatsync::engine::detail {

boost::asio::awaitable<void> run_on_pool(boost::asio::thread_pool& pool, pool_job& job) {
  // Not a coroutine itself: the initiation below is copied into Asio's own frame, and references
  // to pool and job stay good because the caller awaits.
  auto initiate = [&pool, &job](auto handler) {
    auto home = boost::asio::prefer(boost::asio::get_associated_executor(handler),
                                    boost::asio::execution::outstanding_work.tracked);
    boost::asio::post(pool, [&job, home, handler = std::move(handler)]() mutable {
      job.run();
      boost::asio::post(home, std::move(handler));
    });
  };
  return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>&, void()>(
      initiate, boost::asio::use_awaitable);
}

}  // namespace beatsync::engine::detail
