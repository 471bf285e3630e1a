#pragma once

/// Keeps two runs off one library: an advisory lock on a file in the state folder, named after the
/// identity of the root folder and the bucket prefix. The file stays when the lock is released; a
/// lock ends with its process, so there are no stale ones.

#include "engine/files/file_system.hpp"

#include <boost/system/result.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace beatsync::engine {

/// Why the lock was not obtained.
struct lock_refused {
  bool busy = false;    ///< another run holds it; false: the lock file could not be made
  std::string message;  ///< what to show; names the other process
};

/// `remote` is store name and prefix. Makes the state folder where it is missing.
boost::system::result<std::unique_ptr<file_lock>, lock_refused> lock_library(
    file_system& files, const std::string& state_folder, const file_status& root,
    std::string_view root_path, std::string_view remote);

}  // namespace beatsync::engine
