#pragma once

/// Asks a store one thing from outside its lane and waits for the answer.

#include "engine/run/runtime_internals.hpp"

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <optional>
#include <utility>

namespace beatsync::engine {

namespace detail {

template <class T>
boost::asio::awaitable<void> keep_result(boost::asio::awaitable<T> operation,
                                         std::optional<T>& result) {
  result.emplace(co_await std::move(operation));
}

}  // namespace detail

/// `operation` begins on the lane's thread; its reference parameters live in the caller, who waits.
template <class T>
T call_on(const io_lane& lane, boost::asio::awaitable<T> operation) {
  std::optional<T> result;
  coroutine_group group;
  group.start(lane, detail::keep_result(std::move(operation), result));
  group.wait(std::function<void()>());
  return std::move(*result);
}

}  // namespace beatsync::engine
