#pragma once

/// Is everything on this machine in its place: the stick, the XML, the folder it goes to? Looked at
/// before anything moves, for all operations of a run, so that a run of four does not fail at the
/// third for what could be seen at once. Reads the disk only.

#include "cli/settings/settings.hpp"
#include "cli/settings/usage_error.hpp"

namespace beatsync::cli {

/// In the user's words, with what to do next.
result<void> check_places(const settings& with);

/// The part of it that a former operation of the same run may have changed: `DJ Music` and, for
/// `sync`, the local folder.
result<void> check_music_folder(const settings& with, operation what);

}  // namespace beatsync::cli
