#pragma once

/// The difference of two prefixes as a stream: a merge join of their listings, both in S3 byte
/// order. Refusals and differences are told at once, actions wait for workers or go into a plan.
///
/// Threads: lives on the first I/O lane. Closes the queue however it ends.

#include "engine/copy.hpp"
#include "engine/read_ahead.hpp"
#include "engine/remote_listing.hpp"
#include "engine/selection_filter.hpp"
#include "engine/transfer.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::engine {

class copy_feed {
 public:
  copy_feed(transfer_run& run, const copy_task& task);

  boost::asio::awaitable<void> work();

 private:
  using stop = std::optional<stop_reason>;

  /// One of the two listings, with the next page under way.
  struct side {
    std::string prefix;
    std::optional<remote_listing> listing;
    read_ahead<s3::result<remote_page>> ahead;
    remote_page page;
    std::size_t at = 0;
    bool over = false;  ///< nothing comes behind `page`

    bool dry() const noexcept { return at == page.page.objects.size(); }
    bool ended() const noexcept { return over && dry(); }
    const s3::object_summary& object() const noexcept { return page.page.objects[at]; }
    std::string_view path() const noexcept { return object().key.substr(prefix.size()); }
  };

  boost::asio::awaitable<void> follow();
  boost::asio::awaitable<stop> begin();
  boost::asio::awaitable<stop> refill(side& of);
  boost::asio::awaitable<stop> join();
  boost::asio::awaitable<void> copy(const s3::object_summary* over);
  bool takes_part(const s3::object_summary& object, std::string_view path);
  void refuse(reason why, std::string message);
  void tell_difference();

  transfer_run& run_;
  const copy_task& task_;
  selection_filter filter_;
  waiter room_;
  side source_;
  side target_;
  std::uint64_t compared_ = 0;  ///< since the ledger was told last
  std::uint64_t unchanged_ = 0;
};

}  // namespace beatsync::engine
