#pragma once

/// Bodies of objects: immutable bytes in memory, in a file, or made up.
///
/// Blobs may be shared between threads; a reader and a writer belong to one. Errors of the file
/// system throw std::system_error.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3_server {

class blob_reader {
 public:
  virtual ~blob_reader() = default;

  /// Bytes from `offset` on: a view into the blob, or into `scratch` after filling it. At most
  /// scratch.size() bytes, at least one unless the offset is at the end.
  virtual std::span<const std::byte> read(std::uint64_t offset, std::span<std::byte> scratch) = 0;
};

class blob {
 public:
  virtual ~blob() = default;
  virtual std::uint64_t size() const noexcept = 0;
  /// Reads what the blob is now, whatever happens to the object later. The blob must outlive it.
  virtual std::unique_ptr<blob_reader> open() const = 0;
};

using blob_ptr = std::shared_ptr<const blob>;

/// Takes a body in order.
class blob_writer {
 public:
  virtual ~blob_writer() = default;
  virtual std::span<std::byte> prepare() = 0;  ///< where the next bytes go; never empty
  virtual void commit(std::size_t size) = 0;
  virtual blob_ptr finish() = 0;

  void write(std::span<const std::byte> data);
};

/// `expected`: the size where it is known, else 0.
std::unique_ptr<blob_writer> make_memory_writer(std::uint64_t expected);

blob_ptr text_blob(std::string_view text);
blob_ptr joined_blob(std::vector<blob_ptr> pieces);
/// The same bytes, but for one bit.
blob_ptr damaged_blob(blob_ptr original, std::uint64_t bit);
/// 1 MiB of pseudo-random bytes, over and over.
blob_ptr pattern_blob(std::uint64_t size, std::uint64_t seed);

std::string to_string(const blob& body);

}  // namespace beatsync::s3_server
