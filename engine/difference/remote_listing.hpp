#pragma once

/// Looks at the remote side: pages of the bucket in S3 byte order, for one range of keys.
///
/// Only what the selection can want is listed: one stretch per include folder, and an excluded
/// folder is skipped by `start-after` as soon as the listing has come to it. Several listings of
/// disjoint ranges may run at once (ordered_listing.hpp).
///
/// A listing is not trusted: keys that do not rise strictly, keys outside the prefix, a
/// continuation token that repeats, and endless empty pages are errors (s3::errc::bad_reply), never
/// a shorter listing (reliability.md §2.2).
///
/// Threads: those of its object_store. Errors: final for the listing.

#include "engine/names/entry.hpp"
#include "engine/names/selection_filter.hpp"
#include "s3/object_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

/// Objects [first, page.objects.size()) belong to the range.
struct remote_page {
  s3::list_page page;
  std::size_t first = 0;
  std::size_t listed = 0;    ///< objects that came, also those outside the range
  std::string first_listed;  ///< of them, without the prefix
  std::string next_key;      ///< the first of them behind the range; empty: none came
  bool last = false;         ///< the listing is over, and was complete
  bool bucket_ends = false;  ///< and nothing that is wanted comes behind the range
};

class remote_listing {
 public:
  /// `store` outlives the listing. `prefix` is the task's; `range` is without it.
  remote_listing(s3::object_store& store, std::string prefix, selection_filter filter,
                 key_range range);

  /// The next page; it may have no objects. Not to be called again after `last` or an error.
  boost::asio::awaitable<s3::result<remote_page>> next();

  /// The range ends at `until` from now on, which lies in it and behind every key that came. Also
  /// while a page is under way.
  void end_at(const std::string& until);

  /// All keys up to here came, perhaps more than the range; without the prefix.
  const std::string& furthest() const noexcept { return furthest_; }

  /// Knows which patterns matched what was skipped; to be read between calls of next().
  const selection_filter& filter() const noexcept { return filter_; }

 private:
  /// Goes to the next stretch that has something in the range; false: there is none.
  bool open_stretch();
  s3::result<void> check(const s3::list_page& page);
  void trim(remote_page& page);
  /// `last`: the page's last key, empty where it had none.
  void move_on(std::string_view last, const std::string& token);

  s3::object_store& store_;
  std::string prefix_;
  selection_filter filter_;
  key_range range_;
  std::vector<listing_range> stretches_;
  std::size_t next_stretch_ = 0;

  bool open_ = false;
  key_range stretch_;         ///< the one at hand, cut to the range
  s3::list_request request_;  ///< of the next page
  std::string last_key_;      ///< the greatest key seen, full
  std::string furthest_;
  std::string last_token_;
  std::uint64_t pages_ = 0;
  std::uint64_t empty_pages_ = 0;  ///< in a row
};

}  // namespace beatsync::engine
