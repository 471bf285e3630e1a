#pragma once

/// The difference of two prefixes as a stream of actions for the workers or a plan.
///
/// It begins as one join over all keys. While that waits for the store its range is cut
/// (key_cuts.hpp), the sooner the more pages have come, and up to 16 joins list their ranges side
/// by side: a million keys at 80 ms a page would else take 80 s. So actions come in the order of
/// keys within a range only. Where the workers are what is waited for, nothing is cut.
///
/// Threads: lives on the first I/O lane. Closes the queue however it ends.

#include "engine/copy/copy_join.hpp"
#include "engine/names/selection_filter.hpp"
#include "engine/run/waiter.hpp"
#include "engine/transfer/transfer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <vector>

namespace beatsync::engine {

class copy_feed final : private copy_join_host {
 public:
  copy_feed(transfer_run& run, const copy_task& task);

  boost::asio::awaitable<void> work();

 private:
  struct range {
    std::unique_ptr<copy_join> join;
    bool over = false;
  };

  boost::asio::awaitable<void> follow();
  boost::asio::awaitable<bool> begin();
  void start(key_range keys, bool target_ended);
  void ended(copy_join& join, const std::exception_ptr& failure, copy_join::stop failed);
  void forget_ended();
  boost::asio::awaitable<void> wait_for_change();

  void page_is_awaited() override;
  std::size_t room_for_joins() const;
  void cut_ranges();
  void cut(copy_join& join, const std::vector<std::string>& at);
  boost::asio::awaitable<void> take_action(transfer_job& job) override;

  transfer_run& run_;
  const copy_task& task_;
  selection_filter filter_;  ///< as given, for every range
  selection_filter matched_;
  waiter room_;
  bool handing_over_ = false;  ///< the queue knows one producer at a time
  std::vector<range> ranges_;
  std::uint64_t pages_ = 0;  ///< of ranges that ended
  std::uint64_t empty_ = 0;  ///< ranges in which there was nothing
  bool all_complete_ = true;
  bool news_ = false;                  ///< a range ended or waits for the store
  boost::asio::steady_timer changed_;  ///< never expires; cancelled when one may go on
};

}  // namespace beatsync::engine
