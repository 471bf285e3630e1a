#pragma once

/// Where bodies live: in memory, or in a folder that outlives the process.
///
/// create() and join() may be called from any thread; the others only by the store, one at a time.

#include "tests/s3_server/blob.hpp"
#include "tests/s3_server/stored_object.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace beatsync::s3_server {

class storage {
 public:
  virtual ~storage() = default;
  virtual std::unique_ptr<blob_writer> create(std::uint64_t expected) = 0;
  virtual blob_ptr join(std::vector<blob_ptr> pieces) = 0;

  using bucket_loader = std::function<void(const std::string& bucket)>;
  using object_loader =
      std::function<void(const std::string& bucket, const std::string& key, stored_object object)>;
  /// Names what is there already.
  virtual void load(const bucket_loader& on_bucket, const object_loader& on_object) = 0;
  virtual void bucket_created(const std::string& bucket) = 0;
  /// `before` is what the key held until now, or null.
  virtual void object_stored(const std::string& bucket, const std::string& key,
                             const stored_object& object, const stored_object* before) = 0;
  virtual void object_erased(const std::string& bucket, const std::string& key,
                             const stored_object& object) = 0;
};

std::unique_ptr<storage> memory_storage();

/// Objects are files `FOLDER/BUCKET/KEY` where the key is a name that a file can have, else files
/// with a hashed name; what else an object carries stands in FOLDER/.s3-test-server. Files that
/// somebody else put there are objects too. A crash in the middle of a write may lose that key.
std::unique_ptr<storage> folder_storage(const std::filesystem::path& folder);

}  // namespace beatsync::s3_server
