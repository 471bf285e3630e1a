#include "s3/http/body_pieces.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>

namespace beatsync::s3 {

boost::asio::awaitable<result<void>> for_each_piece(body_source& body, const piece_taker& take) {
  const std::uint64_t size = body.size();
  const auto capacity = static_cast<std::size_t>(std::min<std::uint64_t>(size, body_piece));
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(capacity);
  for (std::uint64_t offset = 0; offset < size;) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(capacity, size - offset));
    const std::span<std::byte> bytes(buffer.get(), n);
    const result<void> filled = co_await body.read(offset, bytes);
    if (filled.has_error()) co_return filled.error();
    take(bytes);
    offset += n;
  }
  co_return result<void>();
}

}  // namespace beatsync::s3
