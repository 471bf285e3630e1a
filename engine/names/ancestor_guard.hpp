#pragma once

/// Finds names that cannot be a file and a folder at once: `a` beside `a/b`. S3 keeps both, a file
/// system cannot. Sees names in rising byte order and remembers only those that are a beginning of
/// the last one; `a` and `a/b` need not be neighbours (`a.txt` sorts between them). Pure.

#include "s3/types.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

class ancestor_guard {
 public:
  /// True when a name added before stands where `name` needs a folder.
  bool blocks(std::string_view name);

  /// `name`, the one last asked about, is a file on the target or is to become one.
  void add(std::string_view name);

 private:
  std::string last_;                ///< the name added last
  std::vector<std::size_t> sizes_;  ///< of the names that are beginnings of last_, rising
};

/// Could names beneath the first of `objects` follow? They come in rising order; `all`: none come
/// behind these.
bool may_have_names_beneath(std::span<const s3::object_summary> objects, bool all) noexcept;

}  // namespace beatsync::engine
