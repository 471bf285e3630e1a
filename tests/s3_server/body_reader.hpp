#pragma once

/// The body of a request as it comes over the wire, freed of HTTP's framing.

#include "tests/s3_server/channel.hpp"
#include "tests/s3_server/chunk_decoder.hpp"
#include "tests/s3_server/faults.hpp"
#include "tests/s3_server/http_head.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace beatsync::s3_server {

/// Thrown by a script that refuses a body which is still on its way.
struct refused_early {};

class body_reader {
 public:
  /// `buffered` holds what was received behind the head; the reader takes its bytes from there
  /// first and leaves there what belongs to the next request. All references must outlive it.
  body_reader(channel& wire, std::string& buffered, const request_head& head,
              const fault_action* fault, std::uint64_t bandwidth, bool send_continue);

  /// At least one byte; 0 at the end of the body. Throws std::runtime_error when the client goes
  /// away before, chunk_error for bad framing, refused_early.
  boost::asio::awaitable<std::size_t> read_some(std::span<std::byte> buffer);

  /// Reads what is left of the body as long as it is not more than `limit`; true: all was read.
  boost::asio::awaitable<bool> drain(std::uint64_t limit);

  bool finished() const noexcept { return finished_; }
  bool waits_for_continue() const noexcept { return send_continue_; }
  std::uint64_t received() const noexcept { return received_; }
  std::optional<std::uint64_t> length() const noexcept { return length_; }

 private:
  boost::asio::awaitable<std::size_t> read_wire(std::span<std::byte> buffer);
  boost::asio::awaitable<std::size_t> read_chunked(std::span<std::byte> buffer);
  boost::asio::awaitable<void> before_read();
  boost::asio::awaitable<void> say_continue();
  boost::asio::awaitable<void> after_read(std::span<std::byte> data);

  channel& wire_;
  std::string& buffered_;
  const fault_action* fault_;
  const std::uint64_t bandwidth_;
  const std::optional<std::uint64_t> length_;
  bool send_continue_;
  std::size_t continue_sent_ = 0;  ///< bytes of `100 Continue`
  bool finished_;
  const bool chunked_;
  chunk_decoder framing_;
  std::uint64_t received_ = 0;
};

/// Waits on the connection's own thread.
boost::asio::awaitable<void> sleep_for(channel& wire, std::chrono::nanoseconds time);
/// As long as so many bytes take at so many bytes per second (0: no time at all).
boost::asio::awaitable<void> pace(channel& wire, std::uint64_t bytes, std::uint64_t per_second);
/// Does nothing until the client goes away; what it sends is read only when `reading`.
boost::asio::awaitable<void> wait_for_the_end(channel& wire, bool reading);

}  // namespace beatsync::s3_server
