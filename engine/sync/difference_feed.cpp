#include "engine/sync/difference_feed.hpp"

#include "engine/files/temporary_file.hpp"
#include "engine/run/offload.hpp"
#include "engine/transfer/queue_feed.hpp"
#include "engine/transfer/target_folders.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

/// A page is answered in 80 ms and more by AWS: 16 requests would list 190,000 keys a second. Twice
/// as many as transfers are, since a listing is short and has its turn mostly before them; each
/// holds a page of 300 KB, so no more than 64.
std::size_t most_listings(std::size_t transfers) {
  return std::min<std::size_t>(2 * transfers, 64);
}

}  // namespace

difference_feed::difference_feed(transfer_run& run, const sync_task& task, date_cache& dates)
    : run_(run), task_(task), dates_(dates), room_(run.rt.lanes.front()->executor()) {}

asio::awaitable<void> difference_feed::work() { return close_after(run_, follow()); }

difference_inputs difference_feed::inputs() {
  difference_inputs in;
  in.way = task_.way;
  in.conflict = task_.conflict;
  in.names = task_.names;
  in.prefix = task_.prefix;
  in.root = run_.root;
  in.root_path = task_.root;
  in.store = &run_.rt.lanes.front()->store();
  in.files = &run_.rt.files;
  in.file_threads = run_.rt.file_threads.get();
  in.dates = &dates_;
  in.listings = most_listings(run_.rt.options.transfers);
  return in;
}

asio::awaitable<void> difference_feed::follow() {
  difference_stream stream(inputs());
  std::exception_ptr failure;
  try {
    while (!run_.ending()) {
      auto batch = co_await stream.next();
      if (batch.has_error()) {
        run_.ledger.halt(batch.error());
        break;
      }
      run_.gate.listed();
      co_await take(*batch);
      if (batch->last) {
        run_.ledger.listing_complete();
        break;
      }
    }
  } catch (...) {
    failure = std::current_exception();
  }
  co_await stream.drain();
  if (failure) std::rethrow_exception(failure);
}

asio::awaitable<void> difference_feed::take(difference_batch& batch) {
  run_.ledger.compared(batch.compared, batch.unchanged);
  for (const std::string& text : batch.warnings) run_.ledger.warn(text);
  for (difference& d : batch.differs) {
    d.path = absolute(d.path);
    run_.ledger.differs(d);
  }
  for (const refusal& r : batch.refusals) tell(r);
  if (!batch.stale_temporaries.empty() && !task_.dry_run) {
    auto remove = [&] { remove_leftovers(batch.stale_temporaries); };
    co_await offload(*run_.rt.file_threads, remove);
  }
  for (action& what : batch.actions) {
    if (run_.ending()) co_return;
    transfer_job job;
    job.what = std::move(what);
    co_await hand_over(run_, room_, job, task_.dry_run);
  }
}

void difference_feed::tell(const refusal& r) {
  item it;
  it.action = r.kind;
  it.result = r.result;
  it.why = r.why;
  it.message = r.message;
  it.key = r.key;
  if (!r.path.empty()) it.path = absolute(r.path);
  it.bytes = r.bytes;
  it.error = r.error;
  run_.ledger.show(it);
}

/// What an earlier run left behind, but not what another one is writing. A failure leaves it to the
/// next one.
void difference_feed::remove_leftovers(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const auto where = run_.root->open_beneath(folder_part(path));
    if (where.has_error()) continue;
    const auto removed = (*where)->remove_leftover(path.substr(path.rfind('/') + 1),
                                                   time_now_ns());  // npos + 1 is 0
    static_cast<void>(removed);
  }
}

}  // namespace beatsync::engine
