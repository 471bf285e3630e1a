#include "tests/contract/bodies.hpp"

#include <algorithm>
#include <cstring>

namespace beatsync::tests {

std::string pattern(std::size_t size, std::uint32_t seed) {
  std::string text(size, '\0');
  std::uint32_t state = seed * 2654435761u + 1;
  for (char& c : text) {
    state = state * 1664525u + 1013904223u;  // Numerical Recipes' quick generator
    c = static_cast<char>(state >> 24);
  }
  return text;
}

s3::checksum sum_of(s3::checksum_algorithm algorithm, const std::string& text) {
  s3::crc_stream stream(algorithm);
  stream.update(std::as_bytes(std::span(text)));
  return stream.value();
}

std::span<const std::byte> text_source::in_memory() const noexcept {
  if (!at_once_) return {};
  return std::as_bytes(std::span(text_));
}

boost::asio::awaitable<s3::result<void>> text_source::read(std::uint64_t offset,
                                                           std::span<std::byte> buffer) {
  std::memcpy(buffer.data(), text_.data() + offset, buffer.size());
  co_return s3::result<void>();
}

boost::asio::awaitable<s3::result<void>> failing_source::read(std::uint64_t offset,
                                                              std::span<std::byte> buffer) {
  if (offset + buffer.size() > good_) {
    s3::error why;
    why.code = s3::errc::source_failed;
    why.message = "the file ended early";
    co_return why;
  }
  std::ranges::fill(buffer, std::byte{0});
  co_return s3::result<void>();
}

std::span<std::byte> text_sink::prepare() { return buffer_; }

boost::asio::awaitable<s3::result<void>> text_sink::commit(std::size_t size) {
  text_.append(reinterpret_cast<const char*>(buffer_.data()), size);
  co_return s3::result<void>();
}

boost::asio::awaitable<s3::result<void>> failing_sink::commit(std::size_t) {
  s3::error why;
  why.code = s3::errc::sink_failed;
  why.message = "no space left";
  co_return why;
}

}  // namespace beatsync::tests
