#include "engine/difference/compare.hpp"

namespace beatsync::engine {

namespace {

/// a - b > tolerance, without overflow: the times come from file systems and metadata.
bool newer(std::int64_t a, std::int64_t b) noexcept {
  if (a <= b) return false;
  return static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b) >
         static_cast<std::uint64_t>(time_tolerance_ns);
}

}  // namespace

verdict compare(direction way, on_conflict conflict, const pair_facts& facts) noexcept {
  const bool same_size = facts.local_size == facts.remote_size;
  if (conflict == on_conflict::newer_wins) {
    if (!facts.remote_mtime_ns) return verdict::ask_time;
    const bool source_newer = way == direction::upload
                                  ? newer(facts.local_mtime_ns, *facts.remote_mtime_ns)
                                  : newer(*facts.remote_mtime_ns, facts.local_mtime_ns);
    if (source_newer) return verdict::move_newer;
    return same_size ? verdict::unchanged : verdict::differs;
  }
  if (same_size) return verdict::unchanged;
  return conflict == on_conflict::source_wins ? verdict::move_differs : verdict::differs;
}

}  // namespace beatsync::engine
