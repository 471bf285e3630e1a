#pragma once

/// Whose root is in another DJ's XML: the first that is known of --import-root, the XML's own
/// metadata, registered_users.json (contract.md §4). Pure.

#include "engine/collection/collection.hpp"
#include "s3/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace beatsync::engine {

struct import_roots {
  import_roots() = default;

  std::vector<std::string> roots;  ///< empty: none is known
  std::string source;              ///< where they come from, in words
  std::vector<std::string> warnings;
  std::string problem;  ///< why none is known, and what to do
};

import_roots choose_import_roots(const download_xml_task& task, const s3::metadata_map& metadata);

}  // namespace beatsync::engine
