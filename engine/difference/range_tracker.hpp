#pragma once

/// Which pages of a listing are asked for at once: the keys are cut into ranges that are listed
/// side by side and handed out in their order. This is the deciding half; ordered_listing does it.
///
///     (after … cut] (cut … cut] (cut … until]      one request each, the last one is cut again
///
/// The local names are the guide: where both sides hold about the same names, as in every run but
/// the first ones, a cut after so many local names makes a range of one page. How many that are is
/// learned from the pages that came. A range that is longer than the page it waits for is cut
/// behind that page, so a wrong guess costs one page that is not full.
///
/// Where the bucket goes on without local names (the first download) the keys themselves are the
/// guide (key_stride.hpp). Guesses are bolder while they are right, by one page for each that was
/// well filled, and half as bold after one that was not; what a page shows to be empty is not asked
/// for.
///
/// It begins with one request and goes on with more only while the consumer has to wait for the
/// bucket: a library of one page costs one request, and where the disk is slower than the bucket
/// the listing stays narrow.
///
/// Behind a page that failed nothing is asked for any more; what lies before it is listed to its
/// end, since the consumer waits for that first.
///
/// Every key lies in exactly one range, wherever the cuts are: they decide about cost only.
/// Pure; one thread.

#include "engine/difference/key_stride.hpp"
#include "engine/difference/names_ahead.hpp"
#include "engine/names/entry.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace beatsync::engine {

/// How many local names make one page of keys, learned like a round-trip time (RFC 6298): an
/// average and its deviation, so that ranges stay below a page where the sides differ.
class page_pace {
 public:
  /// A page that another one follows holds this many keys.
  void full_page(std::size_t keys);
  /// So many keys came where the local side has so many names.
  void observe(std::uint64_t keys, std::uint64_t names);
  /// Nothing: not known yet.
  std::optional<std::uint64_t> names_per_page() const;

 private:
  std::size_t capacity_ = 0;  ///< of a page
  double ratio_ = 0;          ///< keys per name
  double deviation_ = 0;
};

/// What the range_tracker has to know of a page.
struct page_facts {
  std::string last_key;      ///< of the keys in the range; empty: there are none
  std::string first_listed;  ///< of the whole page, also outside the range
  std::string last_listed;
  std::string next_key;          ///< the first one listed behind the range; empty: not known
  std::size_t keys = 0;          ///< in the range
  std::size_t all_keys = 0;      ///< of the whole page
  bool more = false;             ///< the store has more behind the page
  bool over = false;             ///< the range is listed completely
  bool nothing_follows = false;  ///< nor is there anything in the ranges behind it
  bool failed = false;           ///< no page: what lies behind the range is not asked for any more
};

struct listing_step {
  enum class kind : std::uint8_t {
    fetch,  ///< ask for the next page of this range
    split   ///< it ends at `at` from now on; a new range from there to its old end is behind it
  };
  kind what = kind::fetch;
  std::size_t range = 0;  ///< its place, 0 is the first that is not handed out completely
  std::string at;
};

class range_tracker {
 public:
  /// `most_requests`: at once, at least 1.
  range_tracker(key_range whole, std::size_t most_requests);

  /// The next thing to do, already noted as done; nothing: wait for a page or for more names.
  std::optional<listing_step> next_step(const names_ahead& names);

  /// The page asked for is here.
  void page_came(std::size_t range, const page_facts& facts);

  /// The first range's page was handed out. `waited`: while there was nothing else to do.
  void page_taken(bool waited);

  /// The first range is listed and handed out completely; pop_front() makes the next one the first.
  bool front_is_done() const;
  void pop_front() { ranges_.pop_front(); }
  bool done() const { return ranges_.empty(); }

  /// No step comes any more: the run ends early.
  void stop() { stopped_ = true; }

  const key_range& keys_of(std::size_t range) const { return ranges_[range].keys; }
  std::size_t size() const { return ranges_.size(); }

 private:
  struct tracked {
    key_range keys;
    bool begun = false;
    bool fetching = false;
    bool over = false;
    bool failed = false;      ///< the consumer gets no further than here
    bool should_end = false;  ///< with the page under way, by the local names
    bool longer = false;      ///< than they said: the keys are the guide
    bool guessed = false;     ///< begins where the keys said
    bool guessed_end = false;
    std::size_t waiting = 0;  ///< pages that are here and not taken

    std::string cursor;                  ///< all keys up to here came
    std::optional<std::uint64_t> names;  ///< index of the first local name behind the cursor
    std::uint64_t names_before = 0;      ///< `names` as it was known last
    std::uint64_t keys_since = 0;        ///< that came since then
    std::optional<std::uint64_t> end;    ///< index of the first local name behind the range
  };
  enum class reach : std::uint8_t { unknown, short_enough, beyond };
  struct cut {
    reach how = reach::unknown;
    std::string at;                      ///< where `beyond`
    std::optional<std::uint64_t> index;  ///< of the name that stands there; nothing: a guess
  };

  std::size_t used() const;
  void catch_up(tracked& range, const names_ahead& names);
  cut cut_of(const tracked& range, const names_ahead& names) const;
  cut cut_by_names(const tracked& range, const names_ahead& names) const;
  cut cut_by_keys(const tracked& range) const;
  listing_step split(std::size_t place, const cut& where, const names_ahead& names);
  void skip_empty(std::size_t place, const page_facts& facts);
  void learn_from(tracked& range, const page_facts& facts);

  std::deque<tracked> ranges_;
  std::size_t most_;
  std::size_t window_ = 1;  ///< pages under way or waiting
  page_pace pace_;
  key_stride stride_;
  std::size_t most_guesses_ = 2;  ///< ranges that begin at a guess and are not listed yet
  double trust_ = 0.8;            ///< in guesses: how many of the last ones were good
  std::size_t pause_ = 0;         ///< so many pages come without one
  bool stopped_ = false;
};

}  // namespace beatsync::engine
