#pragma once

/// Counts where locations lie that are below no known root, so that the user sees that 610 tracks
/// are on
/// `/Volumes/NO NAME 1`.
///
/// Bounded: 1,024 places of at most 512 bytes; whatever comes after is counted together under
/// `elsewhere`. Not shared between threads at the same time.

#include "xml/location.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace beatsync::xml {

class root_tally {
 public:
  static constexpr std::size_t most_places = 1024;
  static constexpr std::size_t longest_place = 512;
  static constexpr std::string_view elsewhere = "(elsewhere)";

  /// How many segments of a location add() wants to see: `/run/media/<user>/<stick>` and what
  /// follows.
  static constexpr std::size_t depth = 5;

  /// `unc`: two slashes in front mean a network folder.
  void add(const location& where, bool unc);

  /// The most frequent first, equal ones by name.
  std::vector<std::pair<std::string, std::uint64_t>> top(std::size_t count) const;

 private:
  std::unordered_map<std::string, std::uint64_t> places_;
  std::uint64_t elsewhere_count_ = 0;
};

/// The likely root of a location: `/Volumes/X`, `/media/user/X`, `E:/`, `//server/share`; for other
/// paths their first folder.
std::string likely_root(const location& where, bool unc);

}  // namespace beatsync::xml
