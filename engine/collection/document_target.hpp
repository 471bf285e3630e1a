#pragma once

/// A document on its way to its name: written under a temporary name beside it, replacing it in one
/// step, and only when it is whole. Dropping a target that was not published leaves everything as
/// it was. Blocks; one thread at a time.

#include "engine/files/file_system.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace beatsync::engine {

class document_target {
 public:
  static fs_result<std::unique_ptr<document_target>> create(folder& where, std::string name);
  ~document_target();
  document_target(const document_target&) = delete;
  document_target& operator=(const document_target&) = delete;

  output_file& file() noexcept { return *file_; }

  /// Is there a file of this name with the very same bytes?
  fs_result<bool> is_there_already();

  /// fsync (if wished), close, rename over what is there, fsync of the folder.
  fs_result<void> publish(bool fsync);

 private:
  document_target(folder& where, std::string name);

  folder& folder_;
  std::string name_;
  std::string temporary_;  ///< empty: published, or never made
  std::unique_ptr<output_file> file_;
};

/// Removes a temporary file when it goes out of scope.
class scratch_file {
 public:
  scratch_file(folder& where, std::string name) : folder_(where), name_(std::move(name)) {}
  ~scratch_file();
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;

  const std::string& name() const noexcept { return name_; }

 private:
  folder& folder_;
  std::string name_;
};

/// Removes what earlier runs left in a folder, but nothing that another run is at work on, as of
/// `now_ns` (folder::remove_leftover). What cannot be removed stays.
void remove_temporaries(folder& where, std::int64_t now_ns);

}  // namespace beatsync::engine
