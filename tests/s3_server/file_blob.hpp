#pragma once

/// Bodies in files. Errors of the file system throw std::system_error.

#include "tests/s3_server/blob.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>

namespace beatsync::s3_server {

/// A file; deleted with the blob unless it has become an object. Thread-safe.
class file_blob final : public blob {
 public:
  file_blob(std::filesystem::path path, std::uint64_t size, bool kept);
  ~file_blob() override;
  file_blob(const file_blob&) = delete;
  file_blob& operator=(const file_blob&) = delete;

  std::uint64_t size() const noexcept override { return size_; }
  std::unique_ptr<blob_reader> open() const override;

  std::filesystem::path path() const;
  /// From now on the file is an object and stays.
  void move_to(const std::filesystem::path& path) const;
  /// No longer an object: who still holds the blob reads on, and the file goes with it.
  void retire_to(const std::filesystem::path& path) const;

 private:
  void move(const std::filesystem::path& path, bool kept) const;

  mutable std::mutex mutex_;
  mutable std::filesystem::path path_;
  const std::uint64_t size_;
  mutable bool kept_;
};

/// Writes a new file; it is deleted unless finish() is called.
std::unique_ptr<blob_writer> make_file_writer(const std::filesystem::path& path);

}  // namespace beatsync::s3_server
