#pragma once

/// Bodies of uploads: bytes in memory, or a range of an open file that is read as it goes out.
///
/// Threads: a source belongs to the worker that sends it; the file is read on the file threads.

#include "engine/files/file_system.hpp"
#include "engine/transfer/transfer.hpp"
#include "s3/checksum.hpp"
#include "s3/object_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace beatsync::engine {

class memory_body final : public s3::body_source {
 public:
  explicit memory_body(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::uint64_t size() const noexcept override { return bytes_.size(); }
  std::span<const std::byte> in_memory() const noexcept override { return bytes_; }
  boost::asio::awaitable<s3::result<void>> read(std::uint64_t offset,
                                                std::span<std::byte> buffer) override;

 private:
  std::span<const std::byte> bytes_;
};

/// Counts what is sent for the first time, so that repeats do not show in the progress.
class file_body final : public s3::body_source {
 public:
  file_body(transfer_worker& by, input_file& file, s3::byte_range range)
      : by_(by), file_(file), range_(range) {}

  /// With the last bytes, looks whether the file is still as it was; if it is not, they are never
  /// sent, and so a mixture of two states never becomes an object.
  void check_at_end(const std::string& path, const file_status& before) {
    path_ = &path;
    before_ = before;
  }

  std::uint64_t size() const noexcept override { return range_.size; }
  boost::asio::awaitable<s3::result<void>> read(std::uint64_t offset,
                                                std::span<std::byte> buffer) override;

  /// Why read() failed, if it did.
  const std::optional<transfer_end>& problem() const noexcept { return problem_; }
  std::uint64_t sent() const noexcept { return sent_; }

 private:
  transfer_worker& by_;
  input_file& file_;
  const s3::byte_range range_;
  const std::string* path_ = nullptr;  ///< below the root; null: no check
  file_status before_;
  std::uint64_t sent_ = 0;
  std::optional<transfer_end> problem_;
};

/// Is the file under this name still the one that was read, unchanged?
bool unchanged_since(folder& root, const std::string& path, const file_status& before);

/// The CRC of what was read. Fewer bytes than were asked for: not known, and `size` says how many
/// there were.
struct range_sum {
  s3::checksum sum;
  std::uint64_t size = 0;
};

/// Of a range, read through `scratch`, in which nothing is left that could be sent. Blocks; a file
/// thread.
fs_result<range_sum> sum_of_range(input_file& file, s3::byte_range range,
                                  s3::checksum_algorithm algorithm, std::span<std::byte> scratch);

/// Of the file's first bytes, which are all in `kept` afterwards. Blocks as the file does.
fs_result<range_sum> read_with_sum(input_file& file, s3::checksum_algorithm algorithm,
                                   std::span<std::byte> kept);

transfer_end source_changed();

}  // namespace beatsync::engine
