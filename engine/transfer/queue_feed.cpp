#include "engine/transfer/queue_feed.hpp"

#include "engine/transfer/action_sink.hpp"

#include <exception>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

asio::awaitable<void> close_after(transfer_run& run, asio::awaitable<void> follow) {
  std::exception_ptr failure;
  try {
    co_await std::move(follow);
  } catch (...) {
    failure = std::current_exception();
  }
  run.queue.close();
  if (failure) std::rethrow_exception(failure);
}

asio::awaitable<void> hand_over(transfer_run& run, waiter& room, transfer_job& job, bool dry_run) {
  if (job.what.archived && (run.plan != nullptr || dry_run)) {
    const transfer_end unknown = skipped(
        reason::archived,
        "the object is archived; where it was restored, a run moves it (a dry run and a plan "
        "do not ask)");
    run.ledger.show(item_of(run, job.what, unknown));
    co_return;
  }
  job.refresh = job.what.archived;
  if (run.plan != nullptr) {
    co_await keep_in_plan(run, job.what);
    co_return;
  }
  if (dry_run) {
    transfer_end planned;
    planned.result = outcome::planned;
    planned.why = job.what.why;
    run.ledger.show(item_of(run, job.what, planned));
    co_return;
  }
  run.ledger.plan(job.what.size);
  const claim needs = run.claim_of(job.what);
  while (!run.queue.push(job, room, needs)) co_await room.wait();
}

}  // namespace beatsync::engine
