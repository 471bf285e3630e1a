#include "engine/copy/copy_feed.hpp"

#include "engine/difference/literal_names.hpp"
#include "engine/run/operation_end.hpp"
#include "engine/transfer/queue_feed.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

/// Each holds two pages of two listings, a quarter of a MiB each at most.
constexpr std::size_t most_joins = 16;
/// One more for so many pages, so that what is listed in a fraction of a second anyway costs few
/// requests more, and a million keys are listed by all 16 after a second.
constexpr std::uint64_t pages_for_join = 4;
/// Ranges in which there was nothing cost a request: so many for each page, and some to find out
/// how the names are made.
constexpr std::uint64_t empty_at_first = 8;
constexpr std::uint64_t pages_for_empty = 4;

}  // namespace

copy_feed::copy_feed(transfer_run& run, const copy_task& task)
    : run_(run),
      task_(task),
      filter_(task.names),
      matched_(filter_),
      room_(run.rt.lanes.front()->executor()),
      changed_(run.rt.lanes.front()->executor(), asio::steady_timer::time_point::max()) {}

asio::awaitable<void> copy_feed::work() {
  auto follows = follow();
  co_await close_after(run_, std::move(follows));
}

asio::awaitable<void> copy_feed::follow() {
  const bool begun = co_await begin();
  if (!begun) co_return;
  start({}, false);
  while (!ranges_.empty()) {
    if (!std::exchange(news_, false)) {
      co_await wait_for_change();
      continue;
    }
    forget_ended();
    cut_ranges();
  }
  if (!all_complete_) co_return;
  for (const std::string& text : matched_.warnings()) run_.ledger.warn(text);
  run_.ledger.listing_complete();
}

asio::awaitable<bool> copy_feed::begin() {
  lookup_places places;
  places.store = &run_.rt.lanes.front()->source_store();
  places.prefix = task_.source_prefix;
  const auto settled = co_await settle_literal_names(places, filter_);
  if (!settled) {
    run_.ledger.halt(stop_because(settled.error(), "cannot look into the source bucket"));
  }
  matched_ = filter_;
  co_return settled.has_value();
}

void copy_feed::start(key_range keys, bool target_ended) {
  copy_join_host& host = *this;
  auto join =
      std::make_unique<copy_join>(run_, task_, filter_, std::move(keys), target_ended, host);
  copy_join& it = *join;
  ranges_.push_back({std::move(join)});
  const auto executor = run_.rt.lanes.front()->executor();
  asio::co_spawn(executor, it.work(),
                 [this, &it](const std::exception_ptr& failure, copy_join::stop failed) {
                   ended(it, failure, std::move(failed));
                 });
}

void copy_feed::ended(copy_join& join, const std::exception_ptr& failure, copy_join::stop failed) {
  try {
    if (failure) std::rethrow_exception(failure);
    if (failed) run_.ledger.halt(std::move(*failed));
  } catch (const std::exception& e) {
    halt_on(run_.ledger, e);
  }
  const auto found = std::ranges::find(ranges_, &join, [](const auto& r) { return r.join.get(); });
  found->over = true;
  page_is_awaited();
}

void copy_feed::page_is_awaited() {
  news_ = true;
  changed_.cancel();
}

void copy_feed::forget_ended() {
  for (const range& r : ranges_) {
    if (!r.over) continue;
    all_complete_ = all_complete_ && r.join->complete();
    pages_ += r.join->pages();
    if (r.join->keys() == 0) ++empty_;
    r.join->note_matches(matched_);
  }
  std::erase_if(ranges_, [](const range& r) { return r.over; });
}

asio::awaitable<void> copy_feed::wait_for_change() {
  boost::system::error_code ignored;  // always operation_aborted: the timer never expires
  auto token = asio::redirect_error(asio::use_awaitable, ignored);
  co_await changed_.async_wait(token);
}

std::size_t copy_feed::room_for_joins() const {
  std::uint64_t pages = pages_;
  for (const range& r : ranges_) pages += r.join->pages();
  if (empty_ > empty_at_first + pages / pages_for_empty) return 0;
  const auto most = std::min<std::uint64_t>(most_joins, 1 + pages / pages_for_join);
  return most - std::min<std::size_t>(most, ranges_.size());
}

void copy_feed::cut_ranges() {
  while (!run_.ending()) {
    const auto room = room_for_joins();
    if (room == 0) return;
    copy_join* longest = nullptr;
    key_cuts best;
    for (const range& r : ranges_) {
      if (r.over) continue;
      key_cuts its = r.join->cuts(room);
      if (its.at.empty()) continue;
      if (longest != nullptr && its.places <= best.places) continue;
      longest = r.join.get();
      best = std::move(its);
    }
    if (longest == nullptr) return;
    cut(*longest, best.at);
  }
}

void copy_feed::cut(copy_join& join, const std::vector<std::string>& at) {
  key_range last;
  last.until = join.end_at(at.front());
  last.after = at.back();
  const bool ended = join.target_ends_at(last.after);
  for (std::size_t i = 1; i < at.size(); ++i) {
    start({at[i - 1], at[i]}, join.target_ends_at(at[i - 1]));
  }
  start(std::move(last), ended);
}

asio::awaitable<void> copy_feed::take_action(transfer_job& job) {
  while (handing_over_) co_await wait_for_change();
  handing_over_ = true;
  std::exception_ptr failure;
  try {
    run_.gate.listed();
    co_await hand_over(run_, room_, job, task_.dry_run);
  } catch (...) {
    failure = std::current_exception();
  }
  handing_over_ = false;
  changed_.cancel();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace beatsync::engine
