#pragma once

/// Collections as rekordbox itself writes them, in any size, the same for the same parameters.
///
/// Bytes follow docs/dev/rekordbox.md §1: CRLF on every platform, two blanks of indentation,
/// attributes wrapped after some 60 columns with 11 blanks in front, rekordbox's own
/// percent-encoding with lower-case hex, about 939 bytes a track with its beat grid and cues. The
/// encoding is written out here once more, on purpose: tests must not take it from the code they
/// test.
///
/// Pure functions: any thread, no state.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::tests {

enum class rekordbox_platform { macos, windows };

struct rekordbox_export {
  std::size_t tracks = 100;  ///< ignored where `files` are given
  /// As rekordbox sees them, without a slash at the end: `/Volumes/NO NAME`, `E:`, `E:/Music`. The
  /// first holds half of the tracks, the others share the rest.
  std::vector<std::string> roots = {"/Volumes/NO NAME"};
  rekordbox_platform platform = rekordbox_platform::macos;
  std::uint64_t seed = 1;
  std::size_t streaming_every = 40;  ///< every n-th track is a streaming one; 0: none
  bool keys_by_location = true;      ///< add playlists with KeyType="1", as other programs write
  /// Paths below the first root, `/` separated, UTF-8: one track each, nothing invented.
  std::vector<std::string> files;
};

/// In pieces, so that a document may be larger than memory.
void write_rekordbox_export(const rekordbox_export& what,
                            const std::function<void(std::string_view)>& sink);

std::string make_rekordbox_export(const rekordbox_export& what);

/// The path of a track below its root, and the index of that root; of a streaming track its
/// `soundcloud:…`.
struct rekordbox_track_path {
  bool streaming = false;
  std::size_t root = 0;
  std::string path;
};
rekordbox_track_path path_of_track(const rekordbox_export& what, std::size_t index);

/// The Location attribute's value for a whole path such as `/Volumes/NO NAME/a.mp3` or `E:/a.mp3`.
std::string rekordbox_location(std::string_view path);

}  // namespace beatsync::tests
