#pragma once

/// Feeds the decisions of the difference into the books and the queue of a run: refusals and
/// differences are told at once, actions wait for workers, a dry run only tells.
///
/// Threads: lives on the first I/O lane. Closes the queue however it ends.

#include "engine/difference/date_cache.hpp"
#include "engine/difference/difference.hpp"
#include "engine/sync/sync.hpp"
#include "engine/transfer/transfer.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace beatsync::engine {

class difference_feed {
 public:
  difference_feed(transfer_run& run, const sync_task& task, date_cache& dates);

  boost::asio::awaitable<void> work();

 private:
  difference_inputs inputs();
  boost::asio::awaitable<void> follow();
  boost::asio::awaitable<void> take(difference_batch& batch);
  void tell(const refusal& r);
  void remove_leftovers(const std::vector<std::string>& paths);
  std::string absolute(const std::string& path) const { return task_.root + "/" + path; }

  transfer_run& run_;
  const sync_task& task_;
  date_cache& dates_;
  waiter room_;
};

}  // namespace beatsync::engine
