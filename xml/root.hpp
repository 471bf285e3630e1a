#pragma once

/// A root: the folder below which a DJ's tracks lie, as rekordbox on that DJ's computer sees it.
///
/// Three kinds: POSIX (`/Volumes/NO NAME`), drive (`E:/`, `e:\Music`, `/E:/`), UNC
/// (`\\server\share`, `//server/share`). Trailing and repeated separators mean nothing, names are
/// kept in NFC, a drive letter in upper case. Relative and empty paths are refused with a message
/// for people. The folder need not exist here: nothing is looked up. Immutable value: any thread.

#include "xml/error.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::xml {

enum class root_kind {
  posix,  ///< begins with `/`
  drive,  ///< the first segment is `X:`
  unc,    ///< the first two segments are server and share
};

class root {
 public:
  /// One step of the path, in the two forms that locations are compared with.
  struct segment {
    std::string name;    ///< NFC
    std::string folded;  ///< NFC and case folded
  };

  static result<root> parse(std::string_view text);

  root_kind kind() const noexcept { return kind_; }

  /// Empty for the POSIX root `/`.
  const std::vector<segment>& segments() const noexcept { return segments_; }

  /// Display form: `/Volumes/NO NAME`, `E:/`, `E:/Music`, `//server/share`. Parses to the same
  /// root.
  std::string text() const;

  /// Locations below this root are below `other`, too, and not the other way round. Without regard
  /// to case, as locations are matched; `//server/share` is below `/`.
  bool is_below(const root& other) const noexcept;

  /// The same folder, spelt the same (after normalisation, with regard to case).
  friend bool operator==(const root& a, const root& b) noexcept;

 private:
  root(root_kind kind, std::vector<segment> segments)
      : kind_(kind), segments_(std::move(segments)) {}

  root_kind kind_;
  std::vector<segment> segments_;
};

}  // namespace beatsync::xml
