#pragma once

/// The bucket's keys in their order, listed by several requests at once: range_tracker says which
/// ranges, a remote_listing each fetches them, and their pages are handed out one after another.
///
/// What is held is bounded by `most_requests` pages, under way or waiting for those before them.
/// All that remote_listing refuses is refused here: an error comes out when its range's turn has
/// come, after all keys before it.
///
/// Threads: those of its object_store. drain() has to be awaited before it is destroyed. Includes
/// Asio's machinery; for .cpp files only.

#include "engine/difference/names_ahead.hpp"
#include "engine/difference/range_tracker.hpp"
#include "engine/difference/remote_listing.hpp"
#include "engine/names/entry.hpp"
#include "engine/names/selection_filter.hpp"
#include "s3/object_store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <deque>
#include <exception>
#include <memory>
#include <string>

namespace beatsync::engine {

class ordered_listing {
 public:
  /// `executor` is the store's; `store` and `names` outlive the listing.
  ordered_listing(boost::asio::any_io_executor executor, s3::object_store& store,
                  std::string prefix, const selection_filter& filter, key_range range,
                  std::size_t most_requests, const names_ahead& names);

  /// Asks for what can be asked for now. To be called at the beginning and whenever names were
  /// added; next() does it too.
  void go_on();

  /// next() would not wait.
  bool ready() const;

  /// The next page; it may have no objects. `hurry`: the caller has nothing else to do, so more
  /// requests at once would help. Not to be called again after `last` or an error.
  boost::asio::awaitable<s3::result<remote_page>> next(bool hurry);

  /// Waits for the pages under way and forgets them.
  boost::asio::awaitable<void> drain();

  /// Knows which patterns matched what was skipped; complete when the listing is over.
  const selection_filter& filter() const noexcept { return filter_; }

 private:
  struct part {
    std::unique_ptr<remote_listing> listing;  ///< null: not begun
    std::deque<s3::result<remote_page>> pages;
  };

  void begin_fetch(std::size_t place);
  boost::asio::awaitable<void> fetch(part* of);
  void arrived(part& at, s3::result<remote_page> page);
  void drop_finished();
  boost::asio::awaitable<void> wait();

  boost::asio::any_io_executor executor_;
  s3::object_store& store_;
  std::string prefix_;
  selection_filter fresh_;   ///< as given, for every new range
  selection_filter filter_;  ///< with the matches of all
  const names_ahead& names_;
  range_tracker tracker_;
  std::deque<std::unique_ptr<part>> parts_;  ///< as the tracker's ranges
  std::size_t under_way_ = 0;
  std::exception_ptr failure_;
  boost::asio::steady_timer changed_;  ///< never expires; cancelled when a page is there
};

}  // namespace beatsync::engine
