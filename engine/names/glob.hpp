#pragma once

/// One pattern over relative paths (contract.md §1). Pure.
///
/// | in the pattern | matches |
/// |---|---|
/// | `*` | any characters but `/` |
/// | `?` | one character (a code point) but `/` |
/// | `**` | any characters; `**/` at the beginning of a segment also nothing at all |
/// | `[a-z]`, `[!a-z]` | one character of the set, or not of it, but never `/`; a `[` without `]`
/// is itself | | anything else | itself, byte for byte |
///
/// A pattern covers what it matches and everything beneath. It is anchored at the root: `*.wav`
/// means the root's own files, `**/*.wav` all of them.

#include <cstddef>
#include <string>
#include <string_view>

namespace beatsync::engine {

class glob {
 public:
  /// Leading `./` and `/`, trailing `/` and doubled slashes mean nothing and are dropped.
  explicit glob(std::string_view pattern);

  /// A text that is a name, whatever is in it.
  static glob plain(std::string_view name);

  const std::string& text() const noexcept { return text_; }

  /// True when reading the text as a pattern differs from reading it as a name.
  bool has_wildcards() const noexcept { return wildcards_; }

  /// From now on the text is a name: something of that name exists.
  void take_literally();

  /// Does it match the path or a folder above it?
  bool covers(std::string_view path) const noexcept;

  /// Does it cover everything beneath this folder?
  bool covers_folder(std::string_view folder) const noexcept;

  /// Could it match something beneath this folder ("" is the root)?
  bool may_reach_beneath(std::string_view folder) const;

  /// The beginning that every match has: the text before the first wildcard.
  std::string_view literal_head() const noexcept;

 private:
  std::string text_;
  std::size_t folder_size_ = 0;  ///< of text_ without a last segment `*` or `**`
  bool wildcards_ = false;
};

}  // namespace beatsync::engine
