#pragma once

/// Which names take part, as the user said it; selection_filter.hpp answers for each name.

#include <string>
#include <vector>

namespace beatsync::engine {

/// Patterns are relative to the root, `/` as separator. Globs: `*` and `?` stop at `/`, `**` does
/// not; a pattern covers everything beneath what it matches; a pattern that is the name of
/// something that exists means just that.
struct selection {
  std::vector<std::string> include_dirs;  ///< empty: everything
  std::vector<std::string> exclude_dirs;
  std::vector<std::string> include_globs;  ///< --include, wins over --exclude
  std::vector<std::string> exclude_globs;  ///< --exclude
};

}  // namespace beatsync::engine
