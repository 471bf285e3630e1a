#pragma once

/// Bodies and sinks in memory for the contract suite. Any thread, one at a time.

#include "s3/checksum.hpp"
#include "s3/object_store.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace beatsync::tests {

/// Bytes that differ from each other and from one seed to the next.
std::string pattern(std::size_t size, std::uint32_t seed = 1);

s3::checksum sum_of(s3::checksum_algorithm algorithm, const std::string& text);

/// Sends a string; `in_memory` decides whether the client may see it at once.
class text_source final : public s3::body_source {
 public:
  explicit text_source(std::string text, bool at_once = false)
      : text_(std::move(text)), at_once_(at_once) {}

  std::uint64_t size() const noexcept override { return text_.size(); }
  std::span<const std::byte> in_memory() const noexcept override;
  boost::asio::awaitable<s3::result<void>> read(std::uint64_t offset,
                                                std::span<std::byte> buffer) override;

 private:
  std::string text_;
  bool at_once_;
};

/// Promises `size` bytes and fails once `good` of them were asked for.
class failing_source final : public s3::body_source {
 public:
  failing_source(std::uint64_t size, std::uint64_t good) : size_(size), good_(good) {}

  std::uint64_t size() const noexcept override { return size_; }
  boost::asio::awaitable<s3::result<void>> read(std::uint64_t offset,
                                                std::span<std::byte> buffer) override;

 private:
  std::uint64_t size_;
  std::uint64_t good_;
};

/// Keeps what comes, in steps of at most 64 KiB.
class text_sink final : public s3::body_sink {
 public:
  std::span<std::byte> prepare() override;
  boost::asio::awaitable<s3::result<void>> commit(std::size_t size) override;

  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::vector<std::byte> buffer_ = std::vector<std::byte>(65536);
};

/// Fails the first commit.
class failing_sink final : public s3::body_sink {
 public:
  std::span<std::byte> prepare() override { return buffer_; }
  boost::asio::awaitable<s3::result<void>> commit(std::size_t size) override;

 private:
  std::vector<std::byte> buffer_ = std::vector<std::byte>(4096);
};

}  // namespace beatsync::tests
