#pragma once

/// Where a range of keys is cut so that several requests list it side by side, when nothing is
/// known about its keys but one page of them.
///
///     House/0001/a.mp3  ┐ a page            it varies first here ──┐
///     House/0019/z.mp3  ┘                                  House/00│01/…
///     House/1           a cut: one step at a place before that one is many pages
///
/// The cuts stand as far in front as the range leaves room for, at letters of the same kind
/// (digits, capitals, …) and one behind them, for all that is of another kind. With them comes one
/// behind all that begins with the words that the whole page begins with: it may be all there is.
/// Where a name has no such steps a cut costs one empty page, and none is cut there again.
///
/// None where the rest of the range is about a page. Pure; any thread.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

struct key_cuts {
  std::size_t places = 0;       ///< between the cuts and where the page varies: how much is left
  std::vector<std::string> at;  ///< rising, last < each < until; UTF-8
};

/// Of (last, until], `until` empty: open; `first` to `last` is a page of it. At most `most` cuts.
key_cuts cuts_behind(std::string_view first, std::string_view last, std::string_view until,
                     std::size_t most);

}  // namespace beatsync::engine
