#pragma once

/// The project's source files and what they include, read from BEATSYNC_SOURCE_DIR.
///
/// Comments are blanked out before anything is looked at, line numbers stay. Throws where a file
/// cannot be read. Any thread.

#include <string>
#include <string_view>
#include <vector>

namespace beatsync::tests {

struct include_line {
  int line = 0;
  std::string target;   ///< between the quotes or brackets
  bool quoted = false;  ///< "…" rather than <…>
};

struct source_file {
  std::string path;                    ///< from the repository's root, `/` separated
  std::string folder;                  ///< up to the last `/`
  std::vector<std::string> lines;      ///< without comments
  std::vector<std::string> raw_lines;  ///< as they are
  std::vector<include_line> includes;
  bool is_header = false;
};

/// All .hpp and .cpp below the given top folders, sorted by path.
std::vector<source_file> read_sources(const std::vector<std::string>& top_folders);

/// `path:line`, as compilers say it.
std::string place(const source_file& file, int line);

bool starts_with_any(std::string_view text, const std::vector<std::string_view>& prefixes);

}  // namespace beatsync::tests
