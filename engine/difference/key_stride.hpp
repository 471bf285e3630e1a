#pragma once

/// How far a page of keys reaches, learned from the pages that came, and so where the next ones
/// probably end: for the stretches of a listing where no local names say it.
///
///     House/00731/… to House/00751/…      20 steps, in the names below one `/`
///     House/00769                         nine tenths of a page further
///
/// Such names are read as numbers: each place has the letters for digits that were seen there, and
/// the rest of their kind. Of the last few pages the median counts, so that a page which reaches
/// from one folder into another far away says nothing about the rest.
///
/// Pure; one thread.

#include <bitset>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

/// The letters that names have in one place.
struct place_letters {
  std::bitset<128> seen;
  std::bitset<128> all;  ///< with the rest of their kinds
};

class key_stride {
 public:
  /// A page that another one follows begins and ends with these keys.
  void full_page(std::string_view first, std::string_view last);

  /// Where a page behind `key` probably ends, behind `key` itself; nothing: no guess, because no
  /// page has come, the folder ends before, or the letters there are beyond ASCII.
  std::optional<std::string> end_behind(std::string_view key) const;

 private:
  /// So many steps in one place of the names below `depth` slashes; parts of a step are steps in
  /// the places behind it.
  struct stride {
    std::size_t depth = 0;
    std::size_t place = 0;
    double steps = 0;
  };

  void note(std::string_view key);
  double usual_steps() const;

  std::vector<std::vector<place_letters>> letters_;  ///< by depth and place
  std::deque<stride> last_;
};

}  // namespace beatsync::engine
