#pragma once

/// Names of the local side that were scanned and not compared yet: the scan runs ahead of the join,
/// so that the listing of the bucket can be cut where the local names say (range_tracker.hpp).
///
/// Every name has an index, counted from the first one of the scan. Plain data, pure; one thread.

#include "engine/names/entry.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

namespace beatsync::engine {

class names_ahead {
 public:
  /// In the order of the scan; nothing after `last`.
  void add(local_batch batch);

  /// The first batch, while there is one.
  bool empty() const noexcept { return batches_.empty(); }
  local_batch& front() noexcept { return batches_.front().names; }
  void pop_front();

  /// The scan has ended: no names come behind those that are here.
  bool complete() const noexcept { return complete_; }

  /// Names that are here, and the bytes that they take.
  std::size_t size() const noexcept { return static_cast<std::size_t>(end_ - first_); }
  std::size_t bytes() const noexcept { return bytes_; }

  /// The index behind the last name so far.
  std::uint64_t end() const noexcept { return end_; }

  /// The index of the first name behind `key`, at least that of the first name that is here;
  /// nothing: the scan has not come so far.
  std::optional<std::uint64_t> index_behind(std::string_view key) const;

  /// Of a name that is here.
  std::string_view name_at(std::uint64_t index) const;
  const local_entry& entry_at(std::uint64_t index) const;

 private:
  struct numbered_batch {
    local_batch names;
    std::uint64_t first = 0;
  };
  const numbered_batch& batch_of(std::uint64_t index) const;

  std::deque<numbered_batch> batches_;
  std::uint64_t first_ = 0;
  std::uint64_t end_ = 0;
  std::size_t bytes_ = 0;
  bool complete_ = false;
};

}  // namespace beatsync::engine
