#include "engine/difference/difference.hpp"

#include "engine/difference/difference_impl.hpp"
#include "engine/difference/literal_names.hpp"
#include "engine/names/ancestor_guard.hpp"
#include "engine/names/key_mapping.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <iterator>
#include <span>
#include <stdexcept>
#include <utility>

namespace beatsync::engine {

using boost::asio::awaitable;
using stop = std::optional<stop_reason>;

namespace {

constexpr std::uint64_t most_silence = 10'000;  // names compared between two batches
constexpr std::size_t usual_page = 1000;        // keys of a list page: S3 gives no more

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
  if (!settled) co_return stop_because(settled.error(), "cannot look into the bucket");

  const auto executor = co_await boost::asio::this_coro::executor;
  nfc_pairing::limits most;
  most.names = in.most_held;
  decide.emplace(in.way, in.conflict, in.prefix, filter, in.dates, most);
  const auto requests = std::max<std::size_t>(in.listings, 1);
  listing.emplace(executor, *in.store, in.prefix, filter, in.range, requests, names);
  if (in.root == nullptr) {
    local_batch nothing;
    nothing.last = true;
    names.add(std::move(nothing));
  } else {
    scan.emplace(*in.files, *in.root, in.root_path, filter, in.range, in.prefix.size());
    // Enough to tell every request where its page ends, and the next one.
    scanning.emplace(executor, *in.file_threads, *scan, names, (requests + 1) * usual_page,
                     [this] { listing->go_on(); });
    scanning->go_on();
  }
  listing->go_on();
  co_return std::nullopt;
}

/// Waits for the dry sides.
awaitable<stop> difference_stream::impl::refill() {
  if (local_dry()) {
    auto stopped = co_await scanning->wait();
    if (stopped) co_return std::move(stopped);
  }
  if (remote_dry()) {
    auto next = co_await listing->next(!local_dry());
    if (!next) co_return stop_because(next.error(), "cannot list the bucket");
    remote = std::move(*next);
    at_remote = remote.first;
    remote_over = remote.last;
  }
  co_return std::nullopt;
}

/// Makes room for the scan to read on.
void difference_stream::impl::drop_compared_names(difference_batch& out) {
  while (!names.empty() && at_local == names.front().entries.size()) {
    std::ranges::move(names.front().stale_temporaries, std::back_inserter(out.stale_temporaries));
    names.pop_front();
    at_local = 0;
  }
  if (scanning) scanning->go_on();
}

/// Names beneath the bucket's name at hand follow, or may follow on the next page. Where no local
/// names are left, a folder here has none in it: not worth asking at the end of every page, which
/// would keep a first download from seeing that it waits for the bucket.
bool difference_stream::impl::may_be_folder_here() const {
  if (in.way == direction::upload || in.root == nullptr) return false;
  const bool no_local_names = names.empty() && names.complete();
  return may_have_names_beneath(std::span(remote.page.objects).subspan(at_remote),
                                remote_over || no_local_names);
}

/// False: it has to be known first whether a folder of that name is here.
bool difference_stream::impl::take_remote(difference_batch& out) {
  if (!is_folder_here && may_be_folder_here()) {
    folder_asked_for = true;
    return false;
  }
  const bool over_folder = std::exchange(is_folder_here, std::nullopt).value_or(false);
  const auto path = remote_path();
  decide->only_remote(path, remote.page.objects[at_remote++], over_folder, out);
  return true;
}

awaitable<void> difference_stream::impl::look_for_folder() {
  folder_asked_for = false;
  const std::string path(remote_path());
  is_folder_here = false;
  if (problem_of_key(path)) co_return;
  is_folder_here = co_await is_local_folder(places, path);
}

/// The merge: as far as both sides are known.
void difference_stream::impl::join(difference_batch& out) {
  drop_compared_names(out);
  while (!local_dry() && !remote_dry() && decisions_in(out) < most_decisions &&
         out.compared < most_silence && decide->undated().size() < lookup_chunk &&
         decide->unsure().size() < lookup_chunk) {
    const bool has_local = !names.empty();
    const bool has_remote = at_remote < remote.page.objects.size();
    if (!has_local && !has_remote) return;
    if (!has_local) {
      if (!take_remote(out)) return;
      continue;
    }
    const local_batch& local = names.front();
    const auto& entry = local.entries[at_local];
    const auto local_path = local.path_of(entry);
    const auto path = has_remote ? remote_path() : std::string_view();
    const int order = has_remote ? local_path.compare(path) : -1;
    if (order < 0 || (order == 0 && entry.kind == local_kind::unknown_folder)) {
      decide->only_local(local_path, entry, out);
      ++at_local;
    } else if (order > 0) {
      if (!take_remote(out)) return;
    } else {
      decide->both(path, entry, remote.page.objects[at_remote++], out);
      ++at_local;
    }
    if (at_local == local.entries.size()) drop_compared_names(out);
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

    if (me.folder_asked_for) {
      co_await me.look_for_folder();
      continue;
    }
    const bool dry = me.local_dry() || me.remote_dry();
    const bool waiting =
        (me.local_dry() && !me.local_ready()) || (me.remote_dry() && !me.listing->ready());
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
  if (impl_->scanning) co_await impl_->scanning->drain();
  if (impl_->listing) co_await impl_->listing->drain();
}

void throw_exception_from_error(const stop_reason& e, const boost::source_location&) {
  throw std::runtime_error(e.message);
}

}  // namespace beatsync::engine
