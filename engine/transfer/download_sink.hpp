#pragma once

/// Where the bytes of a GET go: into a worker's buffer, and from there, a buffer at a time, into
/// the file at their place.
///
/// Threads: a sink belongs to the worker that downloads; the file is written on the file threads.

#include "engine/files/file_system.hpp"
#include "engine/transfer/transfer.hpp"
#include "s3/checksum.hpp"
#include "s3/object_store.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace beatsync::engine {

/// Keeps a small object in the worker's buffer.
class memory_sink final : public s3::body_sink {
 public:
  explicit memory_sink(std::span<std::byte> room) : room_(room) {}

  std::span<std::byte> prepare() override;
  boost::asio::awaitable<s3::result<void>> commit(std::size_t size) override;

  std::span<const std::byte> bytes() const noexcept { return room_.first(size_); }
  /// There came more than fits: the object is not the one that was listed.
  bool overflowed() const noexcept { return overflowed_; }

 private:
  std::span<std::byte> room_;
  std::size_t size_ = 0;
  bool overflowed_ = false;
  std::byte spill_{};  ///< for the first byte that does not fit
};

/// Writes `range` of a file. `algorithm` is computed over the bytes as they pass.
class file_sink final : public s3::body_sink {
 public:
  file_sink(transfer_worker& by, output_file& file, s3::byte_range range,
            s3::checksum_algorithm algorithm)
      : by_(by), file_(file), range_(range), crc_(algorithm), buffer_(by.buffer()) {}

  std::span<std::byte> prepare() override { return buffer_.subspan(filled_); }
  boost::asio::awaitable<s3::result<void>> commit(std::size_t size) override;

  /// What is still in the buffer goes into the file. Nothing: all of the range has come and is
  /// written.
  boost::asio::awaitable<std::optional<transfer_end>> finish();

  const std::optional<transfer_end>& problem() const noexcept { return problem_; }
  std::uint64_t received() const noexcept { return written_ + filled_; }
  s3::checksum sum() const noexcept { return crc_.value(); }

 private:
  boost::asio::awaitable<bool> flush();

  transfer_worker& by_;
  output_file& file_;
  const s3::byte_range range_;
  s3::crc_stream crc_;
  std::span<std::byte> buffer_;
  std::size_t filled_ = 0;
  std::uint64_t written_ = 0;
  std::optional<transfer_end> problem_;
};

/// The object is not what the listing or its head said.
transfer_end object_changed();
/// Shorter or longer than announced, with nothing that says it changed.
transfer_end wrong_length(std::uint64_t expected, std::uint64_t received);
transfer_end wrong_checksum();

}  // namespace beatsync::engine
