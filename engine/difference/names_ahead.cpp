#include "engine/difference/names_ahead.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::engine {

namespace {

std::size_t bytes_of(const local_batch& batch) noexcept {
  return batch.text.size() + batch.entries.size() * sizeof(local_entry);
}

}  // namespace

void names_ahead::add(local_batch batch) {
  complete_ = batch.last;
  bytes_ += bytes_of(batch);
  const auto first = end_;
  end_ += batch.entries.size();
  batches_.push_back({std::move(batch), first});
}

void names_ahead::pop_front() {
  const numbered_batch& gone = batches_.front();
  bytes_ -= bytes_of(gone.names);
  first_ = gone.first + gone.names.entries.size();
  batches_.pop_front();
}

std::optional<std::uint64_t> names_ahead::index_behind(std::string_view key) const {
  const auto reaches_behind = [](const numbered_batch& b, std::string_view k) {
    return b.names.entries.empty() || b.names.path_of(b.names.entries.back()) <= k;
  };
  const auto batch = std::ranges::find_if(
      batches_, [&](const numbered_batch& b) { return !reaches_behind(b, key); });
  if (batch == batches_.end()) return complete_ ? std::optional(end_) : std::nullopt;
  const auto& entries = batch->names.entries;
  const auto found = std::ranges::upper_bound(
      entries, key, {}, [&](const local_entry& e) { return batch->names.path_of(e); });
  return batch->first + static_cast<std::uint64_t>(found - entries.begin());
}

const names_ahead::numbered_batch& names_ahead::batch_of(std::uint64_t index) const {
  const auto behind = std::ranges::upper_bound(batches_, index, {}, &numbered_batch::first);
  return *std::prev(behind);
}

std::string_view names_ahead::name_at(std::uint64_t index) const {
  const auto& batch = batch_of(index);
  return batch.names.path_of(batch.names.entries[static_cast<std::size_t>(index - batch.first)]);
}

const local_entry& names_ahead::entry_at(std::uint64_t index) const {
  const auto& batch = batch_of(index);
  return batch.names.entries[static_cast<std::size_t>(index - batch.first)];
}

}  // namespace beatsync::engine
