#pragma once

/// A SRC in a bucket below which nothing was found at all: a misspelt prefix, which is a warning,
/// or an object where a folder should be (`sync s3://bucket/a.mp3 DST` lists below `a.mp3/`), which
/// is a usage error.
///
/// Threads: the main one.

#include "cli/output/printer.hpp"
#include "engine/names/selection.hpp"

#include <functional>
#include <string>

namespace beatsync::cli {

struct empty_source {
  std::string prefix;  ///< "" or ending in "/"
  std::string url;     ///< s3://bucket/prefix/
  const engine::selection& names;
};

/// After the operation: warns, or turns its end into the refusal, where it found nothing and
/// nothing was left out by choice. `is_object` is asked about a key of SRC's bucket. True: it is
/// refused.
bool explain_nothing(const empty_source& from, const std::function<bool(const std::string&)>& ask,
                     engine::observer& out, operation_end& end);

}  // namespace beatsync::cli
