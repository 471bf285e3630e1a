#pragma once

/// rekordbox locations: `file://localhost/Volumes/NO%20NAME/a.mp3` and its many relatives, taken
/// apart without losing where every segment ends, so that a prefix can be replaced and the rest
/// stay.
///
/// The rules are docs/dev/rekordbox.md §1.3 and §2.3: `file://` and an optional `localhost` in any
/// case, percent-decoding exactly once (a `%` without two hex digits is itself; `#`, `?`, `+` are
/// ordinary), then segments. All positions are offsets in the attribute's value after XML decoding.
///
/// Pure; a `location` is meant to be used again and again, so that no track costs an allocation.

#include "xml/root.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::xml {

enum class location_kind {
  streaming,   ///< `soundcloud:tracks:1`, with or without a slash in front (Windows, macOS)
  drive,       ///< `/E:/…`, and the stale `E:/…` of a collection moved from Windows to a Mac
  path,        ///< `/…`: POSIX, or with two slashes a UNC path
  host,        ///< `file://server/share/…`: only a UNC root can match it
  not_a_file,  ///< anything else
};

class location {
 public:
  /// Reads the value, as far as its first `depth` segments. The value must outlive the use of them.
  void read(std::string_view value, std::size_t depth);

  location_kind kind() const noexcept { return kind_; }
  std::string_view value() const noexcept { return value_; }

  /// Behind scheme and host: where a root begins.
  std::size_t path_begin() const noexcept { return path_begin_; }

  /// Exactly two slashes in front: a UNC path, to those who have UNC roots.
  bool double_slash() const noexcept { return double_slash_; }

  /// Segments read: decoded, not normalised, never empty. For a drive the first is `E:`.
  std::size_t size() const noexcept { return segments_.size(); }
  std::string_view segment(std::size_t i) const noexcept;
  std::size_t segment_end(std::size_t i) const noexcept { return segments_[i].end; }

  /// There is nothing behind the segments that were read.
  bool complete() const noexcept { return complete_; }

 private:
  struct piece {
    std::size_t begin;  ///< in decoded_
    std::size_t size;
    std::size_t end;  ///< in value_
  };

  std::string_view value_;
  location_kind kind_ = location_kind::not_a_file;
  std::size_t path_begin_ = 0;
  bool double_slash_ = false;
  bool complete_ = true;
  std::string decoded_;
  std::vector<piece> segments_;
};

struct root_match {
  std::size_t segments;  ///< how many were matched
  std::size_t end;       ///< the remainder begins here; at most one of its slashes leads it
  bool exact;            ///< false: only without regard to case (a drive's letter does not count)
};

/// Is the location below the root? By whole segments, in NFC; where bytes differ, by case folding.
/// The location must have been read to the root's depth at least.
std::optional<root_match> match(const location& where, const root& below);

/// The remainder of a location as a path on this computer: decoded, NFC, single slashes, none in
/// front. Replaces what `path` holds.
void decode_relative_path(std::string_view remainder, std::string& path);

/// Characters (code points) of the remainder once decoded.
std::size_t decoded_length(std::string_view remainder) noexcept;

}  // namespace beatsync::xml
