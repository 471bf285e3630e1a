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

// One that is asked for and one behind it.
constexpr std::size_t fewest_guesses = 2;

// Four good guesses of five; names that no order shows in have fewer, and then one is tried now and
// then.
constexpr double trust_gain = 1.0 / 4;
constexpr double least_trust = 0.75;
constexpr std::size_t pages_between_trials = 16;

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
  const auto names_since = *range.names - std::min(*range.names, range.names_before);
  if (!range.longer) pace_.observe(range.keys_since, names_since);
  range.keys_since = 0;
  range.names_before = *range.names;
}

range_tracker::cut range_tracker::cut_by_names(const tracked& range,
                                               const names_ahead& names) const {
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
  found.at = key;
  found.index = index;
  return found;
}

range_tracker::cut range_tracker::cut_by_keys(const tracked& range) const {
  cut found;
  const auto guesses =
      std::ranges::count_if(ranges_, [](const tracked& r) { return r.guessed && !r.over; });
  if (static_cast<std::size_t>(guesses) >= most_guesses_) {
    // Those that are under way show how good the guesses are.
    if (range.fetching || range.keys.until.empty()) return found;
    found.how = reach::short_enough;
    return found;
  }
  if (pause_ != 0) {
    found.how = reach::short_enough;
    return found;
  }
  auto end = stride_.end_behind(range.cursor);
  const bool inside = end && (range.keys.until.empty() || *end < range.keys.until);
  found.how = inside ? reach::beyond : reach::short_enough;
  if (inside) found.at = std::move(*end);
  return found;
}

range_tracker::cut range_tracker::cut_of(const tracked& range, const names_ahead& names) const {
  const cut by_names = cut_by_names(range, names);
  if (by_names.how != reach::short_enough || !range.longer) return by_names;
  return cut_by_keys(range);
}

listing_step range_tracker::split(std::size_t place, const cut& where, const names_ahead& names) {
  listing_step step;
  step.what = listing_step::kind::split;
  step.range = place;
  step.at = where.at;
  tracked rest;
  tracked& left = ranges_[place];
  rest.keys.after = where.at;
  rest.keys.until = std::exchange(left.keys.until, where.at);
  rest.cursor = where.at;
  rest.longer = rest.guessed = !where.index;
  rest.guessed_end = std::exchange(left.guessed_end, rest.guessed);
  if (where.index) {
    rest.names = *where.index + 1;
  } else {
    rest.names = names.index_behind(where.at);
  }
  rest.names_before = rest.names.value_or(left.names_before);
  rest.end = std::exchange(left.end, rest.names);
  ranges_.insert(ranges_.begin() + static_cast<std::ptrdiff_t>(place) + 1, std::move(rest));
  return step;
}

std::optional<listing_step> range_tracker::next_step(const names_ahead& names) {
  if (stopped_) return std::nullopt;
  for (auto& range : ranges_) catch_up(range, names);
  const auto busy = used();
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    tracked& range = ranges_[i];
    if (range.failed) return std::nullopt;
    if (range.over) continue;
    const bool room = busy < window_;
    if (range.fetching) {
      // Somebody else may ask for what lies behind the page under way.
      if (!room) continue;
      const auto behind = cut_of(range, names);
      if (behind.how == reach::beyond) return split(i, behind, names);
      continue;
    }
    // What the consumer waits for is always asked for.
    const bool urgent = i == 0 && range.waiting == 0;
    if (!urgent && !room) return std::nullopt;
    if (!urgent && range.waiting >= most_waiting) continue;
    if (!urgent && !range.begun) {
      const auto behind = cut_of(range, names);
      if (behind.how == reach::unknown) return std::nullopt;
      if (behind.how == reach::beyond) return split(i, behind, names);
    }
    range.begun = true;
    range.fetching = true;
    range.should_end = cut_by_names(range, names).how == reach::short_enough;
    listing_step step;
    step.range = i;
    return step;
  }
  return std::nullopt;
}

void range_tracker::learn_from(tracked& range, const page_facts& facts) {
  if (!facts.more) {
    // Behind the last key of what is wanted: the next guess would be there, too.
    if (range.guessed && facts.keys == 0) pause_ = pages_between_trials;
    return;
  }
  pace_.full_page(facts.all_keys);
  stride_.full_page(facts.first_listed, facts.last_listed);
  if (pause_ != 0) --pause_;
  if (!std::exchange(range.guessed_end, false)) return;  // what is left of it tells nothing
  const bool good = facts.keys * 4 >= facts.all_keys * 3;
  trust_ += trust_gain * ((good ? 1 : 0) - trust_);
  if (trust_ < least_trust) {
    most_guesses_ = fewest_guesses;
    pause_ = pages_between_trials;
  } else if (good) {
    most_guesses_ = std::min(most_guesses_ + 1, most_);
  } else {
    most_guesses_ = std::max(most_guesses_ / 2, fewest_guesses);
  }
}

/// What a page shows to be empty is not asked for.
void range_tracker::skip_empty(std::size_t place, const page_facts& facts) {
  if (facts.nothing_follows) {
    while (ranges_.size() > place && !ranges_.back().begun) ranges_.pop_back();
  }
  if (facts.next_key.empty() && !facts.nothing_follows) return;
  for (; place < ranges_.size(); ++place) {
    tracked& behind = ranges_[place];
    if (behind.begun) continue;
    const auto& until = behind.keys.until;
    if (!facts.nothing_follows && (until.empty() || until >= facts.next_key)) {
      behind.cursor = std::max(behind.cursor, facts.next_key);
      behind.names.reset();
      return;
    }
    behind.begun = behind.over = true;
  }
}

void range_tracker::page_came(std::size_t place, const page_facts& facts) {
  tracked& range = ranges_[place];
  learn_from(range, facts);
  range.fetching = false;
  ++range.waiting;
  range.over = facts.over;
  range.failed = facts.failed;
  range.longer = range.longer || (range.should_end && !facts.over);
  range.keys_since += facts.keys;
  if (!facts.last_key.empty()) range.cursor = facts.last_key;
  range.names.reset();
  skip_empty(place + 1, facts);
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
