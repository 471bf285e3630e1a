#include "engine/transfer/transfer_crew.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

/// Keeps the item, passes progress on.
class item_keeper final : public observer {
 public:
  explicit item_keeper(observer& out) : out_(out) {}

  void on_item(const item& it) override { kept_ = it; }
  void on_difference(const difference&) override {}
  void on_warning(const std::string&) override {}
  void on_progress(const progress& p) override { out_.on_progress(p); }

  item take() { return std::move(kept_); }

 private:
  observer& out_;
  item kept_;
};

asio::awaitable<void> feed_one(transfer_run& run, transfer_job job) {
  waiter never(run.rt.lanes.front()->executor());
  run.ledger.plan(job.what.size);
  run.ledger.listing_complete();
  run.queue.push(job, never);  // the queue is empty, so it is taken
  run.queue.close();
  co_return;
}

}  // namespace

transfer_crew::transfer_crew(transfer_run& run, std::size_t workers) : run_(run) {
  for (std::size_t i = 0; i < workers; ++i) {
    io_lane& lane = *run.rt.lanes[i % run.rt.lanes.size()];
    workers_.push_back(std::make_unique<transfer_worker>(run, lane));
  }
}

void transfer_crew::work(asio::awaitable<void> feed) {
  coroutine_group group;
  group.start(*run_.rt.lanes.front(), std::move(feed));
  for (const auto& worker : workers_) group.start(worker->lane(), worker->work());
  const auto show = [this] { run_.ledger.show_progress(); };
  group.wait(show);
  show();
}

lone_end transfer_one(runtime::impl& rt, lone_transfer job, observer& out) {
  // Enough to fill a line with one file, few enough for a small memory.
  constexpr std::size_t most_workers = 4;
  item_keeper keeper(out);
  run_ledger ledger(keeper);
  transfer_tuning tuning;
  tuning.fsync = job.fsync;
  transfer_run run(rt, job.root, job.root_path, tuning, ledger);
  const auto status = job.root->status();
  if (status.has_value()) run.root_status = *status;
  run.metadata = std::move(job.metadata);
  run.must_be = job.must_be;
  transfer_crew crew(run, std::min(most_workers, rt.options.transfers));
  transfer_job only;
  only.what = std::move(job.what);
  // The caller looked at the source; another version of it is the caller's business.
  only.tries.at(static_cast<std::size_t>(retry_cause::source_changed)) = 255;
  crew.work(feed_one(run, std::move(only)));
  lone_end end;
  end.it = keeper.take();
  end.how = ledger.result();
  return end;
}

}  // namespace beatsync::engine
