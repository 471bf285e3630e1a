#pragma once

/// "Did you mean …?": the known name that a mistyped one is nearest to. Pure.

#include <cstddef>
#include <span>
#include <string_view>

namespace beatsync::cli {

/// Edits (insert, delete, replace, swap of neighbours) that make one text the other; `-` and `_`
/// are the same, and so are the cases of a letter.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `known` that is near enough to suggest: at most one edit in three characters,
/// never more than three. Empty: none.
std::string_view nearest(std::string_view text, std::span<const std::string_view> known);

}  // namespace beatsync::cli
