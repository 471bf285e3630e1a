#pragma once

/// A loop whose turns overlap: work(0) … work(count - 1), at most `width` under way at once.
/// Returns when all have ended. What one of them throws is thrown afterwards; the first one wins
/// and no new turn begins.
///
/// Threads: the caller's executor must be single-threaded (an I/O thread).

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>

namespace beatsync::engine {

boost::asio::awaitable<void> concurrently(
    std::size_t count, std::size_t width,
    const std::function<boost::asio::awaitable<void>(std::size_t)>& work);

}  // namespace beatsync::engine
