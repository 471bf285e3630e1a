#include "engine/difference.hpp"

#include "engine/date_cache.hpp"
#include "engine/decider.hpp"
#include "engine/literal_names.hpp"
#include "engine/local_scan.hpp"
#include "engine/name_lookup.hpp"
#include "engine/offload.hpp"
#include "engine/read_ahead.hpp"
#include "engine/remote_listing.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <utility>

namespace beatsync::engine {

namespace {

using boost::asio::awaitable;
using stop = std::optional<stop_reason>;

constexpr std::size_t most_decisions = 1000;    // in one batch
constexpr std::uint64_t most_silence = 10'000;  // names compared between two batches
constexpr std::size_t lookup_chunk = 256;       // names looked up together

struct scanned {
  boost::system::result<void, stop_reason> status;
  local_batch batch;
};

std::size_t decisions_in(const difference_batch& out) noexcept {
  return out.actions.size() + out.refusals.size() + out.differs.size();
}

bool has_news(const difference_batch& out) noexcept {
  return decisions_in(out) != 0 || !out.warnings.empty() || !out.stale_temporaries.empty() ||
         out.compared >= most_silence;
}

stop_reason stopped_by(const s3::error& e, const char* doing) {
  return stop_reason{std::string(doing) + ": " + s3::describe(e), e, false};
}

}  // namespace

struct difference_stream::impl {
  explicit impl(difference_inputs inputs) : in(std::move(inputs)), filter(in.names) {}

  awaitable<stop> begin();
  awaitable<stop> refill();
  awaitable<stop> look_up(difference_batch& out);
  awaitable<stop> settle_dates(difference_batch& out);
  awaitable<stop> settle_spellings(difference_batch& out);
  void join(difference_batch& out);
  void begin_end(difference_batch& out);
  void hand_out_leftovers(difference_batch& out);

  bool local_dry() const noexcept { return !local_over && at_local == local.entries.size(); }
  bool remote_dry() const noexcept {
    return !remote_over && at_remote == remote.page.objects.size();
  }
  std::string_view remote_path() const noexcept {
    return remote.page.objects[at_remote].key.substr(in.prefix.size());
  }

  awaitable<scanned> scan_next() {
    scanned next;
    auto job = [&] { next.status = scan->next(next.batch); };
    co_await offload(*in.file_threads, job);
    co_return std::move(next);
  }

  difference_inputs in;
  selection_filter filter;
  lookup_places places;
  std::optional<decider> decide;
  std::optional<local_scan> scan;
  std::optional<remote_listing> listing;
  read_ahead<scanned> local_ahead;
  read_ahead<s3::result<remote_page>> remote_ahead;

  local_batch local;
  std::size_t at_local = 0;
  bool local_over = false;  // nothing comes behind `local`
  remote_page remote;
  std::size_t at_remote = 0;
  bool remote_over = false;

  std::vector<held_name> leftovers;  // sources without partner, when both sides are over
  std::size_t at_leftover = 0;
  bool begun = false;
  bool ending = false;
};

awaitable<stop> difference_stream::impl::begin() {
  begun = true;
  places.store = in.store;
  places.prefix = in.prefix;
  places.root = in.root;
  places.file_threads = in.file_threads;
  const auto settled = co_await settle_literal_names(places, filter);
  if (!settled) co_return stopped_by(settled.error(), "cannot look into the bucket");

  const auto executor = co_await boost::asio::this_coro::executor;
  const nfc_pairing::limits most;
  decide.emplace(in.way, in.conflict, in.prefix, filter, in.dates, most);
  listing.emplace(*in.store, in.prefix, filter, in.range);
  remote_ahead.start(executor, listing->next());
  if (in.root == nullptr) {
    local_over = true;
  } else {
    scan.emplace(*in.files, *in.root, in.root_path, filter, in.range, in.prefix.size());
    local_ahead.start(executor, scan_next());
  }
  co_return std::nullopt;
}

/// Takes what was read ahead on the dry sides, and begins to read on.
awaitable<stop> difference_stream::impl::refill() {
  const auto executor = co_await boost::asio::this_coro::executor;
  if (local_dry()) {
    auto next = co_await local_ahead.take();
    if (!next.status) co_return next.status.error();
    local = std::move(next.batch);
    at_local = 0;
    local_over = local.last;
    if (!local_over) local_ahead.start(executor, scan_next());
  }
  if (remote_dry()) {
    auto next = co_await remote_ahead.take();
    if (!next) co_return stopped_by(next.error(), "cannot list the bucket");
    remote = std::move(*next);
    at_remote = remote.first;
    remote_over = remote.last;
    if (!remote_over) remote_ahead.start(executor, listing->next());
  }
  co_return std::nullopt;
}

/// The merge: as far as both sides are known.
void difference_stream::impl::join(difference_batch& out) {
  if (!local.stale_temporaries.empty()) {
    std::ranges::move(local.stale_temporaries, std::back_inserter(out.stale_temporaries));
    local.stale_temporaries.clear();
  }
  while (!local_dry() && !remote_dry() && decisions_in(out) < most_decisions &&
         out.compared < most_silence && decide->undated().size() < lookup_chunk &&
         decide->unsure().size() < lookup_chunk) {
    const bool has_local = at_local < local.entries.size();
    const bool has_remote = at_remote < remote.page.objects.size();
    if (!has_local && !has_remote) return;
    if (!has_remote) {
      const auto& entry = local.entries[at_local++];
      decide->only_local(local.path_of(entry), entry, out);
      continue;
    }
    const auto path = remote_path();
    const auto& object = remote.page.objects[at_remote];
    if (!has_local) {
      ++at_remote;
      decide->only_remote(path, object, out);
      continue;
    }
    const auto& entry = local.entries[at_local];
    const auto local_path = local.path_of(entry);
    const int order = local_path.compare(path);
    if (order < 0 || (order == 0 && entry.kind == local_kind::unknown_folder)) {
      ++at_local;
      decide->only_local(local_path, entry, out);
    } else if (order > 0) {
      ++at_remote;
      decide->only_remote(path, object, out);
    } else {
      ++at_local;
      ++at_remote;
      decide->both(path, entry, object, out);
    }
  }
}

awaitable<stop> difference_stream::impl::settle_dates(difference_batch& out) {
  auto pairs = decide->take_undated();
  const auto answers = co_await ask_dates(places, pairs);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& answer = answers[i];
    if (answer.failed &&
        (s3::stops_everything(answer.failed->code) || answer.failed->code == s3::errc::cancelled)) {
      co_return stopped_by(*answer.failed, "cannot ask for the dates of the objects");
    }
    if (answer.failed) {
      refusal r;
      r.kind = in.way == direction::upload ? action_kind::upload : action_kind::download;
      r.result = outcome::failed;
      r.why = reason::store;
      r.message = "cannot ask for the object's date: " + answer.failed->message;
      r.path = pairs[i].local.path;
      r.key = in.prefix + pairs[i].remote.path;
      r.bytes = in.way == direction::upload ? pairs[i].local.size : pairs[i].remote.size;
      r.error = answer.failed;
      out.refusals.push_back(std::move(r));
    } else if (!answer.gone) {
      if (in.dates != nullptr) {
        in.dates->remember(in.prefix + pairs[i].remote.path, pairs[i].remote.etag, answer.mtime_ns);
      }
      decide->settle(pairs[i], answer.mtime_ns, out);
    } else if (in.way == direction::upload) {
      decide->settle_alone(pairs[i].local, out);
    }
  }
  if (in.dates != nullptr) {
    auto job = [&] { return in.dates->flush(); };
    const auto flushed = co_await offload(*in.file_threads, job);
    if (!flushed) {
      out.warnings.push_back(describe(flushed.error()) +
                             "; the next run has to ask for the dates again");
    }
  }
  co_return std::nullopt;
}

awaitable<stop> difference_stream::impl::settle_spellings(difference_batch& out) {
  const auto sources = decide->take_unsure();
  const auto answers = co_await ask_spellings(places, in.way, sources);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto& answer = answers[i];
    if (answer.failed) {
      co_return stopped_by(*answer.failed, "cannot look for other spellings of a name");
    }
    if (answer.pair) {
      decide->settle(*answer.pair, answer.mtime_ns, out);
    } else {
      decide->settle_alone(sources[i], out);
    }
  }
  co_return std::nullopt;
}

awaitable<stop> difference_stream::impl::look_up(difference_batch& out) {
  if (!decide->undated().empty()) {
    auto failed = co_await settle_dates(out);
    if (failed) co_return std::move(failed);
  }
  if (!decide->unsure().empty()) {
    auto failed = co_await settle_spellings(out);
    if (failed) co_return std::move(failed);
  }
  co_return std::nullopt;
}

/// Both listings are over and complete: what was held back is decided.
void difference_stream::impl::begin_end(difference_batch& out) {
  ending = true;
  auto held = decide->take_held();
  for (auto& [source, target] : held.matched) {
    name_pair pair;
    const bool uploading = in.way == direction::upload;
    pair.local = std::move(uploading ? source : target);
    pair.remote = std::move(uploading ? target : source);
    decide->settle(pair, std::nullopt, out);
  }
  leftovers = std::move(held.alone);
  if (scan) filter.note_matches_of(scan->filter());
  filter.note_matches_of(listing->filter());
  std::ranges::move(filter.warnings(), std::back_inserter(out.warnings));
}

void difference_stream::impl::hand_out_leftovers(difference_batch& out) {
  while (at_leftover < leftovers.size() && decisions_in(out) < most_decisions &&
         decide->unsure().size() < lookup_chunk) {
    auto& source = leftovers[at_leftover++];
    if (decide->held_all()) {
      decide->settle_alone(source, out);
    } else {
      decide->add_unsure(std::move(source));
    }
  }
}

difference_stream::difference_stream(difference_inputs inputs)
    : impl_(std::make_unique<impl>(std::move(inputs))) {}

difference_stream::~difference_stream() = default;

awaitable<boost::system::result<difference_batch, stop_reason>> difference_stream::next() {
  impl& me = *impl_;
  difference_batch out;
  if (!me.begun) {
    const auto failed = co_await me.begin();
    if (failed) co_return *failed;
  }
  for (;;) {
    me.join(out);
    if (me.ending) me.hand_out_leftovers(out);
    if (decisions_in(out) >= most_decisions || out.compared >= most_silence) break;

    const bool dry = me.local_dry() || me.remote_dry();
    const bool waiting = (me.local_dry() && !me.local_ahead.ready()) ||
                         (me.remote_dry() && !me.remote_ahead.ready());
    if (dry && waiting && has_news(out)) break;
    const auto pending = me.decide->undated().size() + me.decide->unsure().size();
    if (pending > 0 && (!dry || waiting || pending >= lookup_chunk)) {
      const auto failed = co_await me.look_up(out);
      if (failed) co_return *failed;
    } else if (dry) {
      const auto failed = co_await me.refill();
      if (failed) co_return *failed;
    } else if (!me.ending) {
      me.begin_end(out);
    } else if (me.at_leftover == me.leftovers.size()) {
      out.last = true;
      break;
    }
  }
  co_return std::move(out);
}

awaitable<void> difference_stream::drain() {
  co_await impl_->local_ahead.drain();
  co_await impl_->remote_ahead.drain();
}

void throw_exception_from_error(const stop_reason& e, const boost::source_location&) {
  throw std::runtime_error(e.message);
}

}  // namespace beatsync::engine
