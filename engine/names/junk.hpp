#pragma once

/// Names that operating systems and programs leave on a stick: never uploaded, never downloaded,
/// never reported, never deleted (rekordbox.md §5). Pure.
///
/// macOS: `._*` (carries the song's own extension!), `.DS_Store`, `.Spotlight-V100`, `.Trashes`,
/// `.fseventsd`, `.TemporaryItems`, `.apdisk`, `.VolumeIcon.icns`. Windows: `System Volume
/// Information`, `$RECYCLE.BIN`, `Thumbs.db`, `desktop.ini` (any case). Linux: `.Trash-*`,
/// `lost+found`. Ours: `.beatsync-<random>.part` (no folders), unfinished downloads.
///
/// Ableton's `*.asd` are no junk: warp markers are somebody's work.
///
/// Other names with a leading dot are ordinary names. rekordbox's own `PIONEER` folder lies beside
/// the library, not in it.

#include <string_view>

namespace beatsync::engine {

/// One segment of a path. A folder with the name of an unfinished download is somebody's folder.
bool is_junk_name(std::string_view name) noexcept;

/// True when any segment is junk.
bool is_junk_path(std::string_view path) noexcept;

}  // namespace beatsync::engine
