// What the merge could not decide at once: dates to be asked for, names in two spellings.

#include "engine/difference/difference_impl.hpp"
#include "engine/run/offload.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace beatsync::engine {

using boost::asio::awaitable;
using stop = std::optional<stop_reason>;

awaitable<stop> difference_stream::impl::settle_dates(difference_batch& out) {
  auto pairs = decide->take_undated();
  const auto as_listed = pairs;
  const auto answers = co_await ask_dates(places, pairs);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto& answer = answers[i];
    if (answer.failed &&
        (s3::stops_everything(answer.failed->code) || answer.failed->code == s3::errc::cancelled)) {
      co_return stop_because(*answer.failed, "cannot ask for the dates of the objects");
    }
    if (answer.failed) {
      refusal r;
      r.kind = in.way == direction::upload ? action_kind::upload : action_kind::download;
      r.result = outcome::failed;
      r.why = reason::store;
      r.message = "cannot ask for the object's date: " + s3::describe(*answer.failed);
      r.path = pairs[i].local.path;
      r.key = in.prefix + pairs[i].remote.path;
      r.bytes = in.way == direction::upload ? pairs[i].local.size : pairs[i].remote.size;
      r.error = answer.failed;
      out.refusals.push_back(std::move(r));
    } else if (!answer.gone) {
      remember(as_listed[i].remote, pairs[i].remote, answer.mtime_ns);
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

/// By what the next listing will tell of it, unless it was replaced since this one.
void difference_stream::impl::remember(const held_name& listed, const held_name& now,
                                       std::int64_t mtime_ns) {
  if (in.dates == nullptr || now.etag != listed.etag) return;
  const std::string key = in.prefix + listed.path;
  in.dates->remember({key, listed.etag, listed.last_modified}, mtime_ns);
}

awaitable<stop> difference_stream::impl::settle_spellings(difference_batch& out) {
  const auto sources = decide->take_unsure();
  const auto answers = co_await ask_spellings(places, in.way, sources);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto& answer = answers[i];
    if (answer.failed) {
      co_return stop_because(*answer.failed, "cannot look for other spellings of a name");
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

}  // namespace beatsync::engine
