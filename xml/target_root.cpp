#include "xml/target_root.hpp"

#include "xml/location.hpp"

#include <algorithm>

namespace beatsync::xml {
namespace {

/// "The file path is longer than 255 characters" is what rekordbox says on import
/// (docs/dev/rekordbox.md §1.3).
constexpr std::size_t longest_path = 255;

}  // namespace

target_root::target_root(const root& to) {
  for (const auto how : {spelling::native, spelling::upper_hex, spelling::raw}) {
    spelt_[static_cast<std::size_t>(how)] = spell(to, how, document_encoding::utf_8);
  }
  raw_in_ascii_ = spell(to, spelling::raw, document_encoding::us_ascii);
  always_the_same_ = std::all_of(spelt_.begin(), spelt_.end(),
                                 [this](const auto& other) { return other == spelt_.front(); });
  characters_ = decoded_length(spelt_.front());
  if (to.kind() == root_kind::drive) --characters_;  // the slash before `E:` is not the path's
}

const std::string& target_root::spelt_like(std::string_view value,
                                           document_encoding encoding) const noexcept {
  const spelling how = always_the_same_ ? spelling::native : spelling_of(value);
  if (how == spelling::raw && encoding != document_encoding::utf_8) return raw_in_ascii_;
  return spelt_[static_cast<std::size_t>(how)];
}

bool target_root::makes_too_long(std::string_view remainder) const noexcept {
  // Decoding only shortens: most paths need no counting.
  if (characters_ + remainder.size() <= longest_path) return false;
  return characters_ + decoded_length(remainder) > longest_path;
}

}  // namespace beatsync::xml
