#include "engine/difference.hpp"

#include "engine/difference_impl.hpp"
#include "engine/literal_names.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace beatsync::engine {

using boost::asio::awaitable;
using stop = std::optional<stop_reason>;

namespace {

constexpr std::uint64_t most_silence = 10'000;  // names compared between two batches

bool has_news(const difference_batch& out) noexcept {
  return decisions_in(out) != 0 || !out.warnings.empty() || !out.stale_temporaries.empty() ||
         out.compared >= most_silence;
}

}  // namespace

awaitable<stop> difference_stream::impl::begin() {
  begun = true;
  places.store = in.store;
  places.prefix = in.prefix;
  places.root = in.root;
  places.file_threads = in.file_threads;
  const auto settled = co_await settle_literal_names(places, filter);
  if (!settled) co_return stopped_by(settled.error(), "cannot look into the bucket");

  const auto executor = co_await boost::asio::this_coro::executor;
  nfc_pairing::limits most;
  most.names = in.most_held;
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
