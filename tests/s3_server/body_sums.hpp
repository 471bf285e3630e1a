#pragma once

/// Everything that has to be computed over one body, and what it is held against.

#include "s3/checksum.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/http_head.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3_server {

/// One checksum by S3's name: "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256".
class checksum_stream {
 public:
  explicit checksum_stream(const std::string& algorithm);
  void update(std::span<const std::byte> data);
  std::string finish();  ///< base64

 private:
  std::optional<s3::crc_stream> crc_;
  std::optional<digest> hash_;
};

bool is_checksum_algorithm(std::string_view name) noexcept;

/// The CRC of the whole from its pieces; nothing for SHA1 and SHA256, which do not combine.
struct piece_sum {
  std::string checksum;  ///< base64
  std::uint64_t size = 0;
};
std::optional<std::string> combine(const std::string& algorithm,
                                   const std::vector<piece_sum>& pieces);

/// What a request announces: `x-amz-checksum-NAME` as a header, or as a trailer to come.
struct announced_checksum {
  std::string algorithm;  ///< empty: none
  std::string value;      ///< base64; empty: comes as a trailer
};
/// Throws refusal where there are two, or a malformed one.
announced_checksum find_checksum(const request_head& head);

class body_sums {
 public:
  /// `announced`: the checksum that the body has to have. `algorithm`: one to compute where none is
  /// announced; may be empty.
  body_sums(const request_head& head, const std::string& payload_hash, announced_checksum announced,
            std::string algorithm, bool with_md5);

  void update(std::span<const std::byte> data);

  /// Holds what was computed against Content-MD5, x-amz-content-sha256 and the announced checksum
  /// (whose value may have come in `trailers`). Throws refusal: BadDigest and kin.
  void verify(const text_pairs& trailers);

  const std::string& md5() const noexcept { return md5_value_; }  ///< raw
  const std::string& algorithm() const noexcept { return algorithm_; }
  const std::string& checksum() const noexcept { return checksum_value_; }  ///< base64

 private:
  const std::string wanted_md5_;     ///< raw; empty: none
  const std::string wanted_sha256_;  ///< hex; empty: none
  const announced_checksum announced_;
  const std::string algorithm_;
  std::optional<digest> md5_;
  std::optional<digest> sha256_;
  std::optional<checksum_stream> checksum_;
  std::string md5_value_;
  std::string checksum_value_;
};

}  // namespace beatsync::s3_server
