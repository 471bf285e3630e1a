#pragma once

/// Walking through a body from its first byte to its last.

#include "s3/object_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <span>

namespace beatsync::s3 {

/// Bytes of a body that are read and then hashed, or encrypted and sent, before the next come: both
/// find them in a core's own cache.
inline constexpr std::size_t body_piece = 128 * 1024;

using piece_taker = std::function<void(std::span<const std::byte>)>;

/// Hands the whole body to `take`, in order, in pieces of body_piece and a shorter last one.
/// Errors: those of body_source::read(), as they are. `take`: no temporary (g++ 12 destroys those
/// of a co_await expression twice).
boost::asio::awaitable<result<void>> for_each_piece(body_source& body, const piece_taker& take);

}  // namespace beatsync::s3
