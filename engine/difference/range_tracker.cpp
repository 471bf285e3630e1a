#include "engine/difference/range_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace beatsync::engine {

namespace {

// RFC 6298 §2: the gains of the average and of the deviation.
constexpr double ratio_gain = 1.0 / 8;
constexpr double deviation_gain = 1.0 / 4;

// A margin of three deviations keeps nearly all ranges within their page; more than a quarter of
// the page for it would cost more requests than the second pages that it spares.
constexpr double deviations = 3;
constexpr double most_margin = 1.25;

// A folder that only the bucket has says little about the rest: one page counts for so much at
// most.
constexpr double most_ratio = 8;

// Of one range: one to work on and one read ahead. More would wait for ranges before it.
constexpr std::size_t most_waiting = 2;

}  // namespace

void page_pace::full_page(std::size_t keys) { capacity_ = std::max(capacity_, keys); }

void page_pace::observe(std::uint64_t keys, std::uint64_t names) {
  if (keys == 0) return;
  const double seen =
      std::min(most_ratio,
               static_cast<double>(keys) / static_cast<double>(std::max<std::uint64_t>(names, 1)));
  if (ratio_ == 0) {
    ratio_ = seen;
    return;
  }
  deviation_ += deviation_gain * (std::abs(seen - ratio_) - deviation_);
  ratio_ += ratio_gain * (seen - ratio_);
}

std::optional<std::uint64_t> page_pace::names_per_page() const {
  if (capacity_ == 0 || ratio_ == 0) return std::nullopt;
  const double safe = std::min(ratio_ + deviations * deviation_, ratio_ * most_margin);
  // Half a key more than there is room for: 1,000 / 0.999… has to stay 1,000 names.
  const double names = (static_cast<double>(capacity_) + 0.5) / safe;
  return std::max<std::uint64_t>(static_cast<std::uint64_t>(names), 1);
}

range_tracker::range_tracker(key_range whole, std::size_t most_requests)
    : most_(std::max<std::size_t>(most_requests, 1)) {
  tracked first;
  first.cursor = whole.after;
  first.keys = std::move(whole);
  ranges_.push_back(std::move(first));
}

std::size_t range_tracker::used() const {
  std::size_t pages = 0;
  for (const auto& range : ranges_) pages += range.waiting + (range.fetching ? 1 : 0);
  return pages;
}

/// The scan may have come to the cursor only now.
void range_tracker::catch_up(tracked& range, const names_ahead& names) {
  if (!range.names) range.names = range.over ? range.end : names.index_behind(range.cursor);
  if (!range.names || range.keys_since == 0) return;
  pace_.observe(range.keys_since, *range.names - std::min(*range.names, range.names_before));
  range.keys_since = 0;
  range.names_before = *range.names;
}

range_tracker::cut range_tracker::cut_of(const tracked& range, const names_ahead& names) const {
  cut found;
  const auto page = pace_.names_per_page();
  if (!page || !range.names) return found;
  // What is under way or asked for next covers this many names.
  auto index = *range.names + *page - 1;
  if (range.end && index + 1 >= *range.end) {
    found.how = reach::short_enough;
    return found;
  }
  // Only what may be a key can be asked for.
  while (index < names.end() && names.entry_at(index).kind != local_kind::file) ++index;
  if (index + 1 >= names.end()) {
    if (names.complete()) found.how = reach::short_enough;
    return found;
  }
  const auto key = names.name_at(index);
  const bool inside = range.keys.until.empty() || key < range.keys.until;
  found.how = inside ? reach::beyond : reach::short_enough;
  found.index = index;
  return found;
}

listing_step range_tracker::split(std::size_t place, std::uint64_t index,
                                  const names_ahead& names) {
  listing_step step;
  step.what = listing_step::kind::split;
  step.range = place;
  step.at = names.name_at(index);
  tracked rest;
  tracked& left = ranges_[place];
  rest.keys.after = step.at;
  rest.keys.until = std::exchange(left.keys.until, step.at);
  rest.cursor = step.at;
  rest.names = index + 1;
  rest.names_before = index + 1;
  rest.end = std::exchange(left.end, index + 1);
  ranges_.insert(ranges_.begin() + static_cast<std::ptrdiff_t>(place) + 1, std::move(rest));
  return step;
}

std::optional<listing_step> range_tracker::next_step(const names_ahead& names) {
  if (stopped_) return std::nullopt;
  for (auto& range : ranges_) catch_up(range, names);
  const auto busy = used();
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    tracked& range = ranges_[i];
    if (range.over) continue;
    const bool room = busy < window_;
    if (range.fetching) {
      // Somebody else may ask for what lies behind the page under way.
      if (!room) continue;
      const auto behind = cut_of(range, names);
      if (behind.how == reach::beyond) return split(i, behind.index, names);
      continue;
    }
    // What the consumer waits for is always asked for.
    const bool urgent = i == 0 && range.waiting == 0;
    if (!urgent && !room) return std::nullopt;
    if (!urgent && range.waiting >= most_waiting) continue;
    if (!urgent && !range.begun) {
      const auto behind = cut_of(range, names);
      if (behind.how == reach::unknown) return std::nullopt;
      if (behind.how == reach::beyond) return split(i, behind.index, names);
    }
    range.begun = true;
    range.fetching = true;
    listing_step step;
    step.range = i;
    return step;
  }
  return std::nullopt;
}

void range_tracker::page_came(std::size_t place, const page_facts& facts) {
  tracked& range = ranges_[place];
  range.fetching = false;
  ++range.waiting;
  range.over = facts.over;
  range.keys_since += facts.keys;
  if (facts.more) pace_.full_page(facts.all_keys);
  if (!facts.last_key.empty()) range.cursor = facts.last_key;
  range.names.reset();
  if (!facts.nothing_follows) return;
  while (ranges_.size() > place + 1 && !ranges_.back().begun) ranges_.pop_back();
}

void range_tracker::page_taken(bool waited) {
  --ranges_.front().waiting;
  if (waited && window_ < most_) ++window_;
}

bool range_tracker::front_is_done() const {
  const auto& front = ranges_.front();
  return front.over && front.waiting == 0;
}

}  // namespace beatsync::engine
