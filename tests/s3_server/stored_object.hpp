#pragma once

/// An object as the store keeps it. Immutable once stored; shared between requests.

#include "tests/s3_server/blob.hpp"
#include "tests/s3_server/uri.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace beatsync::s3_server {

using time_stamp = std::chrono::sys_time<std::chrono::milliseconds>;

struct stored_object {
  blob_ptr body;
  std::string etag;  ///< without quotes
  time_stamp last_modified{};
  std::string content_type = "binary/octet-stream";
  text_pairs metadata;  ///< names in lower case without x-amz-meta-
  text_pairs headers;   ///< other headers of GET and HEAD
  std::string storage_class = "STANDARD";
  std::string checksum_algorithm;         ///< "CRC32", …; empty: none
  std::string checksum_type;              ///< FULL_OBJECT or COMPOSITE
  std::string checksum;                   ///< base64
  std::vector<std::uint64_t> part_sizes;  ///< of multipart objects
};

using object_ptr = std::shared_ptr<const stored_object>;

}  // namespace beatsync::s3_server
