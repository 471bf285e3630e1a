#pragma once

/// Value types of the S3 port. Plain data, safe to copy and to move between threads.

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::s3 {

/// The checksums S3 stores for a whole object and lets a client combine from parts.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
enum class checksum_algorithm : std::uint8_t { none, crc32, crc32c, crc64nvme };

/// A checksum of a body. `none` means "not known"; the value is then meaningless.
struct checksum {
  checksum_algorithm algorithm = checksum_algorithm::none;
  std::uint64_t value = 0;  ///< the register after the final xor; the low 32 bits for 32-bit CRCs

  bool known() const noexcept { return algorithm != checksum_algorithm::none; }
  friend bool operator==(const checksum&, const checksum&) = default;
};

/// Bytes [first, first + size) of an object or a file.
struct byte_range {
  std::uint64_t first = 0;
  std::uint64_t size = 0;
};

/// User metadata: names in lower case without the prefix `x-amz-meta-`.
using metadata_map = std::vector<std::pair<std::string, std::string>>;

/// The headers beside Content-Type that S3 keeps with an object and gives back as they were.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
inline constexpr std::array<std::string_view, 5> described_by = {
    "cache-control", "content-disposition", "content-encoding", "content-language", "expires"};

/// LIST answers in milliseconds, HEAD in whole seconds; both fit.
using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

/// One object as a listing shows it. The views point into the page that owns the entry.
struct object_summary {
  std::string_view key;
  std::uint64_t size = 0;  ///< bytes
  std::string_view etag;   ///< without quotes
  time_point last_modified{};
  bool archived = false;  ///< GLACIER or DEEP_ARCHIVE: a GET would be refused
};

/// One answer to ListObjectsV2: at most 1,000 entries in rising byte order. Movable, not copyable:
/// the entries' views point into `text`, which holds what they show and no more.
struct list_page {
  list_page() = default;
  list_page(list_page&&) = default;
  list_page& operator=(list_page&&) = default;
  list_page(const list_page&) = delete;
  list_page& operator=(const list_page&) = delete;

  std::vector<char> text;
  std::vector<object_summary> objects;
  std::vector<std::string> common_prefixes;
  std::string next_token;  ///< empty: this was the last page
};

/// What HEAD or the head of a GET says of an object.
struct object_head {
  std::uint64_t size = 0;  ///< bytes of the whole object
  std::string etag;        ///< without quotes
  time_point last_modified{};
  std::string content_type;
  metadata_map headers;  ///< content-encoding and its kin (described_by), in lower case
  metadata_map metadata;
  checksum full_checksum;    ///< of the whole object; composite (per-part) checksums are not shown
  bool etag_is_md5 = false;  ///< single part, not encrypted by KMS or the customer's key
  bool archived = false;
};

/// A part of a multipart upload that the store has taken.
struct uploaded_part {
  int number = 0;          ///< 1 to 10,000
  std::uint64_t size = 0;  ///< bytes
  std::string etag;
  checksum sum;
};

/// A multipart upload that was begun and neither completed nor aborted.
struct pending_upload {
  std::string key;
  std::string upload_id;
  time_point initiated{};
};

}  // namespace beatsync::s3
