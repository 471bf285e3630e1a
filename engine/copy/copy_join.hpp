#pragma once

/// The difference of two prefixes within one range of keys: a merge join of their listings, both
/// in S3 byte order. Refusals and differences are told at once, actions are given to the feed.
///
/// Threads: lives on the first I/O lane. work() has to have ended before it is destroyed.

#include "engine/copy/copy.hpp"
#include "engine/difference/key_cuts.hpp"
#include "engine/difference/remote_listing.hpp"
#include "engine/names/entry.hpp"
#include "engine/names/selection_filter.hpp"
#include "engine/run/read_ahead.hpp"
#include "engine/transfer/transfer.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::engine {

/// What the joins of one copy stand on.
class copy_join_host {
 public:
  /// May cut ranges, that of the caller too.
  virtual void page_is_awaited() = 0;
  virtual boost::asio::awaitable<void> take_action(transfer_job& job) = 0;

 protected:
  ~copy_join_host() = default;
};

class copy_join {
 public:
  using stop = std::optional<stop_reason>;

  /// `target_ended`: the target is known to have no keys in the range. All but `filter` and `range`
  /// outlives the join.
  copy_join(transfer_run& run, const copy_task& task, const selection_filter& filter,
            key_range range, bool target_ended, copy_join_host& host);

  /// To the end of the range, or as far as the run goes on.
  boost::asio::awaitable<stop> work();

  /// Where the range could be cut now: only while it waits for the store.
  key_cuts cuts(std::size_t most) const;
  /// The range ends at `until` from now on, one of those cuts. Its old end.
  std::string end_at(const std::string& until);

  /// The target is known to have no keys behind `key`, in this range and beyond it. Keys of its
  /// last page that lie there do not count as known: end_at() leaves them to nobody here.
  bool target_ends_at(const std::string& key) const noexcept {
    return target_.page.bucket_ends && target_.listing.furthest() <= key;
  }
  bool complete() const noexcept { return source_.ended(); }
  std::uint64_t pages() const noexcept { return source_.pages; }
  std::uint64_t keys() const noexcept { return source_.keys; }
  /// Puts together which patterns matched.
  void note_matches(selection_filter& in) const;

 private:
  /// One of the two listings, with the next page under way.
  struct side {
    side(s3::object_store& store, const std::string& its_prefix, const selection_filter& filter,
         const key_range& range)
        : prefix(its_prefix), listing(store, its_prefix, filter, range) {}

    std::string prefix;
    remote_listing listing;
    read_ahead<s3::result<remote_page>> ahead;
    remote_page page;  ///< its `last` holds when the range was cut within it, too
    std::size_t at = 0;
    std::uint64_t pages = 0;
    std::uint64_t keys = 0;

    bool dry() const noexcept { return at == page.page.objects.size(); }
    bool ended() const noexcept { return page.last && dry(); }
    bool known() const noexcept { return page.last || !dry(); }
    const s3::object_summary& object() const noexcept { return page.page.objects[at]; }
    std::string_view path_of(const s3::object_summary& object) const noexcept {
      return std::string_view(object.key).substr(prefix.size());
    }
    std::string_view path() const noexcept { return path_of(object()); }
    bool reaches(const std::string& until) const noexcept;
    void end_at(const std::string& until);
  };

  boost::asio::awaitable<stop> follow();
  boost::asio::awaitable<stop> refill(side& of);
  boost::asio::awaitable<void> join();
  boost::asio::awaitable<void> copy(const s3::object_summary* over);
  bool takes_part(const s3::object_summary& object, std::string_view path);
  void refuse(reason why, std::string message);
  void tell_difference();

  transfer_run& run_;
  const copy_task& task_;
  copy_join_host& host_;
  selection_filter filter_;
  key_range range_;
  side source_;
  side target_;
  std::string page_begins_;     ///< the first path of the source's page
  bool waits_ = false;          ///< for a page
  std::uint64_t compared_ = 0;  ///< since the ledger was told last
  std::uint64_t unchanged_ = 0;
};

}  // namespace beatsync::engine
