#pragma once

/// What a run finds around it, as a value: tests bring their own.

#include <functional>
#include <optional>
#include <string>

namespace beatsync::cli {

struct surroundings {
  /// Value of an environment variable; nothing where it is unset or empty.
  std::function<std::optional<std::string>(const char* name)> variable;
  std::string home;            ///< without trailing slash; may be empty
  std::string working_folder;  ///< absolute; empty: it is gone, or cannot be known
  std::string user_name;       ///< the operating system's; may be empty

  /// `~` and `~/x` are below the home folder, relative paths below the working folder; the result
  /// has no `.`, `..` or trailing slash. Empty stays empty. Of symbolic links only those before a
  /// `..` are followed, which leads above the place they point to, as everywhere in the system.
  std::string absolute(const std::string& path) const;
};

}  // namespace beatsync::cli
