#pragma once

/// The state of a difference_stream and the steps of its loop. Private to difference*.cpp; includes
/// Asio's machinery.

#include "engine/difference/date_cache.hpp"
#include "engine/difference/decider.hpp"
#include "engine/difference/difference.hpp"
#include "engine/difference/local_scan.hpp"
#include "engine/difference/name_lookup.hpp"
#include "engine/difference/names_ahead.hpp"
#include "engine/difference/ordered_listing.hpp"
#include "engine/difference/scan_ahead.hpp"
#include "engine/names/selection_filter.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::engine {

inline constexpr std::size_t most_decisions = 1000;  // in one batch
inline constexpr std::size_t lookup_chunk = 256;     // names looked up together

inline std::size_t decisions_in(const difference_batch& out) noexcept {
  return out.actions.size() + out.refusals.size() + out.differs.size();
}

struct difference_stream::impl {
  using stop = std::optional<stop_reason>;

  explicit impl(difference_inputs inputs) : in(std::move(inputs)), filter(in.names) {}

  boost::asio::awaitable<stop> begin();
  boost::asio::awaitable<stop> refill();
  boost::asio::awaitable<stop> look_up(difference_batch& out);
  boost::asio::awaitable<stop> settle_dates(difference_batch& out);
  boost::asio::awaitable<stop> settle_spellings(difference_batch& out);
  void remember(const held_name& listed, const held_name& now, std::int64_t mtime_ns);
  void join(difference_batch& out);
  void begin_end(difference_batch& out);
  void hand_out_leftovers(difference_batch& out);

  boost::asio::awaitable<void> look_for_folder();
  bool may_be_folder_here() const;
  bool take_remote(difference_batch& out);

  void drop_compared_names(difference_batch& out);

  bool local_dry() const noexcept { return names.empty() && !names.complete(); }
  bool local_ready() const { return !scanning || scanning->ready(); }
  bool remote_dry() const noexcept {
    return !remote_over && at_remote == remote.page.objects.size();
  }
  std::string_view remote_path() const noexcept {
    return remote.page.objects[at_remote].key.substr(in.prefix.size());
  }

  difference_inputs in;
  selection_filter filter;
  lookup_places places;
  std::optional<decider> decide;
  std::optional<local_scan> scan;
  names_ahead names;
  std::optional<ordered_listing> listing;
  std::optional<scan_ahead> scanning;

  std::size_t at_local = 0;  // in the first batch of `names`
  remote_page remote;
  std::size_t at_remote = 0;
  bool remote_over = false;
  bool folder_asked_for = false;       // whether the remote name at hand is a folder here
  std::optional<bool> is_folder_here;  // the answer

  std::vector<held_name> leftovers;  // sources without partner, when both sides are over
  std::size_t at_leftover = 0;
  bool begun = false;
  bool ending = false;
};

}  // namespace beatsync::engine
