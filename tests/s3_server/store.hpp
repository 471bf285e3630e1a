#pragma once

/// Buckets, objects and multipart uploads. Thread-safe.
///
/// The index is always in memory; `storage` decides where bodies live and whether anything
/// outlives the process. What a request may not do throws refusal, with AWS's status and code.

#include "tests/s3_server/blob.hpp"
#include "tests/s3_server/storage.hpp"
#include "tests/s3_server/stored_object.hpp"
#include "tests/s3_server/synthetic_keys.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::s3_server {

/// Conditions on what a write replaces.
struct write_conditions {
  bool if_none_match = false;
  std::string if_match;  ///< without quotes; empty: none
};

struct stored_part {
  blob_ptr body;
  std::string etag;
  std::string checksum;  ///< base64, in the upload's algorithm; empty: none
  time_stamp last_modified;
};

struct stored_upload {
  std::string key;
  std::string id;
  time_stamp initiated;
  stored_object prototype;  ///< what the object will carry; body, ETag and sums are empty
  std::map<int, stored_part> parts;
};

class store {
 public:
  explicit store(std::unique_ptr<storage> bodies);

  std::unique_ptr<blob_writer> new_body(std::uint64_t expected) {
    return bodies_->create(expected);
  }
  blob_ptr join(std::vector<blob_ptr> pieces) { return bodies_->join(std::move(pieces)); }

  bool create_bucket(const std::string& name, const std::string& region);  ///< false: was there
  std::optional<std::string> region_of(const std::string& bucket) const;
  std::vector<std::string> buckets() const;

  object_ptr find(const std::string& bucket, const std::string& key) const;  ///< null: no such key
  object_ptr require(const std::string& bucket, const std::string& key) const;
  void check(const std::string& bucket, const std::string& key, const write_conditions& when) const;
  void put(const std::string& bucket, const std::string& key, stored_object object,
           const write_conditions& when = {});
  bool erase(const std::string& bucket, const std::string& key);
  /// From now on the bucket also holds these keys, all with the same object. Others of the same
  /// name go first; they cannot be erased.
  void add_synthetic(const std::string& bucket, synthetic_keys keys, stored_object object);
  /// The first object whose key is >= from (inclusive) or > from.
  std::optional<std::pair<std::string, object_ptr>> next(const std::string& bucket,
                                                         const std::string& from,
                                                         bool inclusive) const;

  std::string begin_upload(const std::string& bucket, stored_upload upload);
  /// Without its bodies' bytes this is cheap: a copy. Throws NoSuchUpload.
  stored_upload upload(const std::string& bucket, const std::string& key,
                       const std::string& id) const;
  void put_part(const std::string& bucket, const std::string& key, const std::string& id,
                int number, stored_part part);
  void end_upload(const std::string& bucket, const std::string& id);
  std::vector<stored_upload> uploads(const std::string& bucket) const;  ///< by key, then time

 private:
  struct bucket {
    std::string region;
    std::map<std::string, object_ptr> objects;
    std::map<std::string, stored_upload> uploads;
    std::optional<synthetic_keys> synthetic;
    object_ptr synthetic_object;
  };
  bucket& at(const std::string& name);
  const bucket& at(const std::string& name) const;
  static object_ptr find(const bucket& place, const std::string& key);
  static void check(const bucket& place, const std::string& key, const write_conditions& when);

  std::unique_ptr<storage> bodies_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, bucket> buckets_;
};

}  // namespace beatsync::s3_server
