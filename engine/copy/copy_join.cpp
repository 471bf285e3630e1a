#include "engine/copy/copy_join.hpp"

#include "engine/difference/compare.hpp"
#include "engine/names/junk.hpp"
#include "engine/names/key_mapping.hpp"

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

copy_join::copy_join(transfer_run& run, const copy_task& task, const selection_filter& filter,
                     key_range range, bool target_ended, copy_join_host& host)
    : run_(run),
      task_(task),
      host_(host),
      filter_(filter),
      range_(std::move(range)),
      source_(run.rt.lanes.front()->source_store(), task.source_prefix, filter, range_),
      target_(run.rt.lanes.front()->store(), task.prefix, filter, range_) {
  target_.page.last = target_ended;
  target_.page.bucket_ends = target_ended;
}

asio::awaitable<copy_join::stop> copy_join::work() {
  stop failed;
  std::exception_ptr failure;
  try {
    failed = co_await follow();
  } catch (...) {
    failure = std::current_exception();
  }
  co_await source_.ahead.drain();
  co_await target_.ahead.drain();
  if (failure) std::rethrow_exception(failure);
  co_return std::move(failed);
}

asio::awaitable<copy_join::stop> copy_join::follow() {
  const auto executor = co_await asio::this_coro::executor;
  source_.ahead.start(executor, source_.listing.next());
  if (!target_.page.last) target_.ahead.start(executor, target_.listing.next());
  stop failed;
  while (!failed && !run_.ending()) {
    co_await join();
    run_.ledger.compared(std::exchange(compared_, 0), std::exchange(unchanged_, 0));
    if (source_.ended()) break;  // what only the target has is left alone
    if (!source_.known()) failed = co_await refill(source_);
    if (!failed && !target_.known()) failed = co_await refill(target_);
  }
  co_return std::move(failed);
}

asio::awaitable<copy_join::stop> copy_join::refill(side& of) {
  const bool of_source = &of == &source_;
  if (!of.ahead.ready()) {
    waits_ = true;
    host_.page_is_awaited();
  }
  auto next = co_await of.ahead.take();
  waits_ = false;
  if (!next) {
    co_return stop_because(next.error(), of_source ? "cannot list the source bucket"
                                                   : "cannot list the target bucket");
  }
  of.page = std::move(*next);
  of.at = of.page.first;
  of.page.last = of.page.last || of.reaches(range_.until);
  ++of.pages;
  of.keys += of.page.page.objects.size() - of.at;
  if (of_source && !of.dry()) page_begins_ = of.path();
  const auto executor = co_await asio::this_coro::executor;
  if (!of.page.last) of.ahead.start(executor, of.listing.next());
  co_return std::nullopt;
}

key_cuts copy_join::cuts(std::size_t most) const {
  if (!waits_ || source_.page.last || page_begins_.empty()) return {};
  return cuts_behind(page_begins_, source_.listing.furthest(), range_.until, most);
}

std::string copy_join::end_at(const std::string& until) {
  source_.end_at(until);
  target_.end_at(until);
  return std::exchange(range_.until, until);
}

bool copy_join::side::reaches(const std::string& until) const noexcept {
  const auto& objects = page.page.objects;
  return !until.empty() && !objects.empty() && path_of(objects.back()) >= until;
}

/// Where the listing has come further already, the keys behind `until` are found by nobody: the
/// source has ended before.
void copy_join::side::end_at(const std::string& until) {
  if (listing.furthest() < until) {
    listing.end_at(until);
  } else if (reaches(until)) {
    page.last = true;
  }
}

void copy_join::note_matches(selection_filter& in) const {
  in.note_matches_of(filter_);
  in.note_matches_of(source_.listing.filter());
}

/// As far as both sides are known.
asio::awaitable<void> copy_join::join() {
  while (source_.known() && target_.known() && !source_.ended() && !run_.ending()) {
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
}

bool copy_join::takes_part(const s3::object_summary& object, std::string_view path) {
  const bool marker = path.empty() || (object.size == 0 && path.ends_with('/'));
  return !marker && !is_junk_path(path) && filter_.selects(path);
}

/// Decides on the source object at hand; `over`: the target's object of that name, or null.
asio::awaitable<void> copy_join::copy(const s3::object_summary* over) {
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
  what.archived = from.archived;
  what.last_modified = from.last_modified;
  what.target_exists = over != nullptr;
  if (over != nullptr) what.etag = over->etag;
  co_await host_.take_action(job);
}

void copy_join::refuse(reason why, std::string message) {
  item it;
  it.action = action_kind::copy;
  it.result = outcome::skipped;
  it.why = why;
  it.message = std::move(message);
  it.key = key_of(target_.prefix, source_.path());
  it.bytes = source_.object().size;
  run_.ledger.show(it);
}

void copy_join::tell_difference() {
  difference d;
  d.key = target_.object().key;
  d.path = task_.source_url + std::string(source_.path());
  d.local_size = source_.object().size;
  d.remote_size = target_.object().size;
  run_.ledger.differs(d);
}

}  // namespace beatsync::engine
