#include "engine/transfer/action_sink.hpp"

#include "engine/run/offload.hpp"
#include "engine/run/operation_end.hpp"
#include "engine/transfer/transfer.hpp"

namespace beatsync::engine {

boost::asio::awaitable<void> keep_in_plan(transfer_run& run, const action& what) {
  run.ledger.plan(what.size);
  if (!run.plan->add(what)) co_return;
  auto flush = [&run] { return run.plan->flush(); };
  const auto flushed = co_await offload(*run.rt.file_threads, flush);
  if (flushed.has_error()) {
    run.ledger.halt(stop_because("The plan cannot be written: " + describe(flushed.error())));
  }
}

}  // namespace beatsync::engine
