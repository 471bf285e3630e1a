#pragma once

/// One connection's byte stream, plain or TLS. Belongs to one io_context; all calls on its thread.
/// Errors of the socket throw boost::system::system_error.

#include "tests/s3_server/faults.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>
#include <span>

extern "C" {
typedef struct ssl_ctx_st SSL_CTX;
}

namespace beatsync::s3_server {

class channel {
 public:
  template <class T>
  using awaitable = boost::asio::awaitable<T>;

  virtual ~channel() = default;

  /// TLS: the handshake; says whether a session was resumed. Plain: nothing.
  virtual awaitable<bool> handshake() = 0;
  /// At least one byte; 0 at the end of the stream.
  virtual awaitable<std::size_t> read_some(std::span<std::byte> buffer) = 0;
  /// All of both, in this order.
  virtual awaitable<void> write(
      std::span<const std::byte> first,
      std::span<const std::byte> second = std::span<const std::byte>()) = 0;
  virtual awaitable<void> close(close_kind how) = 0;
  /// RST, without waiting for anything.
  virtual void abandon() noexcept = 0;
  virtual boost::asio::any_io_executor executor() = 0;
};

std::shared_ptr<channel> make_plain_channel(boost::asio::ip::tcp::socket socket);
/// OpenSSL over two rings of 256 KiB, so that many records go out with one system call
/// (docs/dev/performance.md, 3.3).
std::shared_ptr<channel> make_tls_channel(boost::asio::ip::tcp::socket socket, SSL_CTX* context);

/// FIN or RST on the socket itself.
void close_socket(boost::asio::ip::tcp::socket& socket, close_kind how) noexcept;

}  // namespace beatsync::s3_server
