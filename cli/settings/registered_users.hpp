#pragma once

/// registered_users.json beside the config: user -> root, shared by the DJs of a beatcloud, often
/// through git (contract.md §4).
///
/// One entry per line, so that git merges it; entries of others keep their order and their values.
/// Roots are read as texts or lists of texts and written as texts; a list of one's own that has the
/// root already stays one. A file that does not parse (a merge conflict, half a file) is left
/// alone.
///
/// Writing is atomic (temporary file, fsync, rename) under a lock on the folder that all runs of
/// this machine take; a link to a file in a git checkout stays a link. Blocks; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::cli {

/// What became of the entry, in words for people where there is something to say.
struct registration {
  bool written = false;  ///< the file was changed
  std::string warning;   ///< why not, or empty
};

/// Pure: the new text of the file (`before` empty: none was there), nothing where nothing changes.
struct registered_text {
  std::optional<std::string> text;
  std::string problem;  ///< why `before` cannot be used; then there is no text
};
registered_text with_entry(std::string_view before, std::string_view user, std::string_view root);

/// Pure: the roots of a user in a file's text, in its order.
struct registered_roots {
  std::vector<std::string> roots;
  std::string problem;
};
registered_roots roots_in(std::string_view text, std::string_view user);

/// Records user -> root. An empty root changes nothing.
registration register_user(const std::string& file, const std::string& user,
                           const std::string& root);

/// Reads the roots of a user; a missing file has none and is no problem.
registered_roots read_roots(const std::string& file, const std::string& user);

/// `registered_users.json` beside the config; empty without a config.
std::string registered_users_path(const std::string& config_path);

}  // namespace beatsync::cli
