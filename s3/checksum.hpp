#pragma once

/// The CRCs S3 keeps for whole objects: CRC64NVME, CRC32C, CRC32.
///
/// They combine: the CRC of a file is computed from the CRCs of its parts, in any order of arrival.
/// Text form in headers and XML: base64 of the big-endian register.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
/// Pure; any thread. A crc_stream belongs to one.

#include "s3/hash.hpp"
#include "s3/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace beatsync::s3 {

/// A CRC in the making. With `none` it does nothing and value() is not known.
class crc_stream {
 public:
  explicit crc_stream(checksum_algorithm algorithm) noexcept;
  void update(std::span<const std::byte> data) noexcept;
  /// Of all bytes so far; the stream may go on.
  checksum value() const noexcept;

 private:
  checksum sum_;
};

/// The CRC of two neighbouring ranges, `second_size` being the length of the second one in bytes.
/// Not known unless both are known and of one algorithm. Logarithmic in the size.
checksum combine(checksum first, checksum second, std::uint64_t second_size) noexcept;

/// As in `x-amz-checksum-*`; empty for an unknown sum.
std::string to_base64(const checksum& sum);

/// Nothing unless the text is exactly the base64 of a register of that width. Composite values
/// (`…-3`) are no full checksums: nothing.
std::optional<checksum> checksum_from_base64(checksum_algorithm algorithm, std::string_view text);

/// `x-amz-checksum-crc64nvme`, …; empty for none.
std::string_view checksum_header(checksum_algorithm algorithm) noexcept;

/// `CRC64NVME`, …, as in `x-amz-checksum-algorithm`; empty for none.
std::string_view name_of(checksum_algorithm algorithm) noexcept;

}  // namespace beatsync::s3
