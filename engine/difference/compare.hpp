#pragma once

/// What to do with a name that both sides have (contract.md §5). Pure.
///
/// Truth table; "newer" means by more than 2 s, the granularity of FAT:
///
/// | sizes | on_conflict | source's time | verdict |
/// |---|---|---|---|
/// | equal | leave, source_wins | – | unchanged |
/// | equal | newer_wins | newer | move, reason newer |
/// | equal | newer_wins | same or older | unchanged |
/// | other | leave | – | differs (reported and left) |
/// | other | source_wins | – | move, reason differs |
/// | other | newer_wins | newer | move, reason newer |
/// | other | newer_wins | same or older | differs (reported and left) |
///
/// Where a row needs times and the object's is not known yet, the verdict is ask_time: a HEAD tells
/// it, LIST carries no metadata.

#include <cstdint>
#include <optional>

namespace beatsync::engine {

enum class direction : std::uint8_t { upload, download };

/// What happens to a name that both sides have.
enum class on_conflict : std::uint8_t {
  leave,        ///< report as `differs` (the DJ operations)
  newer_wins,   ///< AWS_USE_DATE_MODIFIED
  source_wins,  ///< --overwrite; `sync`'s default for another size
};

enum class verdict : std::uint8_t { unchanged, differs, move_differs, move_newer, ask_time };

inline constexpr std::int64_t time_tolerance_ns = 2'000'000'000;

struct pair_facts {
  std::uint64_t local_size = 0;
  std::uint64_t remote_size = 0;
  std::int64_t local_mtime_ns = 0;
  std::optional<std::int64_t> remote_mtime_ns;  ///< nothing: not asked yet
};

verdict compare(direction way, on_conflict conflict, const pair_facts& facts) noexcept;

}  // namespace beatsync::engine
