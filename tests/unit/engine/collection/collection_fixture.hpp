#pragma once

/// Two DJs, their XML, a bucket and a file system in memory.

#include "engine/collection/collection.hpp"
#include "engine/run/runtime.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/memory_store.hpp"
#include "tests/unit/engine/sync/sync_fixture.hpp"

#include <memory>
#include <string>
#include <vector>

namespace beatsync::tests {

/// A collection with one track per path below `root` (`/Volumes/STICK`), as rekordbox writes it.
std::string collection_of(const std::string& root, const std::vector<std::string>& paths);

struct collection_fixture {
  collection_fixture();

  engine::xml_report upload(const engine::upload_xml_task& task);
  engine::xml_report download(const engine::download_xml_task& task);

  engine::upload_xml_task upload_task() const;
  engine::download_xml_task download_task() const;
  std::optional<std::string> file(const std::string& path) const;
  void check_no_leftovers() const;

  std::shared_ptr<memory_bucket> bucket = std::make_shared<memory_bucket>();
  memory_file_system files;
  recording_observer seen;
};

}  // namespace beatsync::tests
