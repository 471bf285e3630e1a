#pragma once

/// What feeds the queue of a run: the difference, the copies, a manifest. All end alike.
///
/// Threads: the run's first lane.

#include "engine/run/waiter.hpp"
#include "engine/transfer/transfer.hpp"

#include <boost/asio/awaitable.hpp>

namespace beatsync::engine {

/// Closes the queue when `follow` has ended, however it did: else the workers would wait for ever.
boost::asio::awaitable<void> close_after(transfer_run& run, boost::asio::awaitable<void> follow);

/// The action goes into the plan where the run makes one, is shown where it is a dry run, and else
/// waits for a place in the queue. `room` is the feed's own.
boost::asio::awaitable<void> hand_over(transfer_run& run, waiter& room, transfer_job& job,
                                       bool dry_run);

}  // namespace beatsync::engine
