#include "engine/copy_feed.hpp"

#include "engine/compare.hpp"
#include "engine/junk.hpp"
#include "engine/key_mapping.hpp"
#include "engine/literal_names.hpp"
#include "engine/queue_feed.hpp"

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

copy_feed::copy_feed(transfer_run& run, const copy_task& task)
    : run_(run), task_(task), filter_(task.names), room_(run.rt.lanes.front()->executor()) {
  source_.prefix = task.source_prefix;
  target_.prefix = task.prefix;
}

asio::awaitable<void> copy_feed::work() {
  std::exception_ptr failure;
  try {
    co_await follow();
  } catch (...) {
    failure = std::current_exception();
  }
  co_await source_.ahead.drain();
  co_await target_.ahead.drain();
  run_.queue.close();  // else the workers would wait for ever
  if (failure) std::rethrow_exception(failure);
}

asio::awaitable<void> copy_feed::follow() {
  stop failed = co_await begin();
  while (!failed && !run_.ending()) {
    failed = co_await join();
    run_.ledger.compared(std::exchange(compared_, 0), std::exchange(unchanged_, 0));
    if (failed || (source_.ended() && target_.ended())) break;
    if (source_.dry() && !source_.over) failed = co_await refill(source_);
    if (!failed && target_.dry() && !target_.over) failed = co_await refill(target_);
  }
  if (failed) {
    run_.ledger.halt(std::move(*failed));
  } else if (source_.ended() && target_.ended()) {
    filter_.note_matches_of(source_.listing->filter());
    for (const std::string& text : filter_.warnings()) run_.ledger.warn(text);
    run_.ledger.listing_complete();
  }
}

asio::awaitable<copy_feed::stop> copy_feed::begin() {
  io_lane& lane = *run_.rt.lanes.front();
  lookup_places places;
  places.store = &lane.source_store();
  places.prefix = source_.prefix;
  const auto settled = co_await settle_literal_names(places, filter_);
  if (!settled) co_return stop_because(settled.error(), "cannot look into the source bucket");
  const auto executor = co_await asio::this_coro::executor;
  key_range everything;
  source_.listing.emplace(lane.source_store(), source_.prefix, filter_, everything);
  target_.listing.emplace(lane.store(), target_.prefix, filter_, everything);
  source_.ahead.start(executor, source_.listing->next());
  target_.ahead.start(executor, target_.listing->next());
  co_return std::nullopt;
}

asio::awaitable<copy_feed::stop> copy_feed::refill(side& of) {
  const auto executor = co_await asio::this_coro::executor;
  auto next = co_await of.ahead.take();
  if (!next) {
    co_return stop_because(next.error(), &of == &source_ ? "cannot list the source bucket"
                                                         : "cannot list the target bucket");
  }
  of.page = std::move(*next);
  of.at = of.page.first;
  of.over = of.page.last;
  if (!of.over) of.ahead.start(executor, of.listing->next());
  co_return std::nullopt;
}

/// As far as both sides are known.
asio::awaitable<copy_feed::stop> copy_feed::join() {
  const auto known = [](const side& s) { return s.over || !s.dry(); };
  while (known(source_) && known(target_) && !run_.ending()) {
    if (source_.ended()) {
      target_.at = target_.page.page.objects.size();  // what only the target has is left alone
      break;
    }
    int order = -1;
    if (!target_.ended()) order = source_.path().compare(target_.path());
    if (order > 0) {
      ++target_.at;
      continue;
    }
    if (takes_part(source_.object(), source_.path())) {
      ++compared_;
      const s3::object_summary* over = order == 0 ? &target_.object() : nullptr;
      co_await copy(over);
    }
    ++source_.at;
    if (order == 0) ++target_.at;
  }
  co_return std::nullopt;
}

bool copy_feed::takes_part(const s3::object_summary& object, std::string_view path) {
  const bool marker = path.empty() || (object.size == 0 && path.ends_with('/'));
  return !marker && !is_junk_path(path) && filter_.selects(path);
}

/// Decides on the source object at hand; `over`: the target's object of that name, or null.
asio::awaitable<void> copy_feed::copy(const s3::object_summary* over) {
  const s3::object_summary& from = source_.object();
  reason why = reason::missing;
  if (over != nullptr) {
    pair_facts facts;
    facts.local_size = over->size;
    facts.remote_size = from.size;
    switch (compare(direction::download, task_.conflict, facts)) {
      case verdict::unchanged:
        ++unchanged_;
        co_return;
      case verdict::differs:
        tell_difference();
        co_return;
      default:
        why = reason::differs;
    }
  }
  if (from.archived) {
    refuse(reason::archived, "the object is archived; restore it in the store, then run again");
    co_return;
  }
  transfer_job job;
  action& what = job.what;
  what.kind = action_kind::copy;
  what.why = why;
  what.path = source_.path();
  what.key = key_of(target_.prefix, source_.path());
  if (what.key.size() > max_key_size) {
    refuse(reason::invalid_name, "the name is longer than 1,024 bytes as a key of the target");
    co_return;
  }
  what.source_key = from.key;
  what.source_etag = from.etag;
  what.size = from.size;
  what.last_modified = from.last_modified;
  what.target_exists = over != nullptr;
  if (over != nullptr) what.etag = over->etag;
  co_await hand_over(run_, room_, job, task_.dry_run);
}

void copy_feed::refuse(reason why, std::string message) {
  item it;
  it.action = action_kind::copy;
  it.result = outcome::skipped;
  it.why = why;
  it.message = std::move(message);
  it.key = key_of(target_.prefix, source_.path());
  it.bytes = source_.object().size;
  run_.ledger.show(it);
}

void copy_feed::tell_difference() {
  difference d;
  d.key = target_.object().key;
  d.path = task_.source_url + std::string(source_.path());
  d.local_size = source_.object().size;
  d.remote_size = target_.object().size;
  run_.ledger.differs(d);
}

}  // namespace beatsync::engine
