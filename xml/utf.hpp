#pragma once

/// Unicode as names of files need it: validity, normal forms, case folding.
///
/// macOS lists names decomposed (NFD) on some file systems, rekordbox writes them composed (NFC),
/// and sticks ignore case: names are compared in these forms, never rewritten. Pure functions, any
/// thread. Text that is not UTF-8 comes back unchanged, and so does one with more than 30 combining
/// marks in a row, which no language needs (UAX #15 §13): putting them in order takes the square of
/// their number.

#include <cstddef>
#include <string>
#include <string_view>

namespace beatsync::xml {

bool is_valid_utf8(std::string_view text) noexcept;

/// Cheap: false only where every normal form is the text itself (all bytes are ASCII).
bool may_change_under_normalisation(std::string_view text) noexcept;

/// The most combining marks that follow one another; 0 in what is not UTF-8.
std::size_t longest_run_of_marks(std::string_view text) noexcept;

std::string to_nfc(std::string_view text);
std::string to_nfd(std::string_view text);

/// Unicode full case folding, then NFC: equal for names that a case-insensitive file system merges
/// (and for a few more, such as `ß` and `ss`).
std::string casefold_nfc(std::string_view text);

}  // namespace beatsync::xml
