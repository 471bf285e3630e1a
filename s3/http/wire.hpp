#pragma once

/// One TCP connection, bare or with TLS: bytes go out and come in, nothing is understood here.
///
/// Large sends and receives go straight between the socket and the caller's memory (bare) or the
/// TLS engine's buffers. Belongs to one thread; one operation at a time. It may be cut at any
/// moment from that thread (cut()); the operation under way then returns.
///
/// Errors: failure() after an operation returned short: connect_failed, connection_lost,
/// tls_failed, certificate_rejected, or what cut() was given.

#include "s3/error.hpp"
#include "s3/http/byte_ring.hpp"
#include "s3/http/tls_engine.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace beatsync::s3 {

class wire {
 public:
  template <class T>
  using awaitable = boost::asio::awaitable<T>;

  /// Takes bytes that came while something is being sent; true: they are an answer, or begin one.
  using early_reader = std::function<bool(std::span<const std::byte>)>;

  /// `host` is for messages and, with TLS, what the certificate is verified for.
  wire(const boost::asio::any_io_executor& executor, std::string host, std::uint16_t port,
       early_reader early);

  awaitable<bool> connect(const boost::asio::ip::tcp::endpoint& where);
  awaitable<bool> shake_hands(std::shared_ptr<tls_context> context);
  bool resumed() const noexcept { return tls_ && tls_->resumed(); }
  bool encrypted() const noexcept { return tls_.has_value(); }

  /// Sends everything, or keeps the last of it for the next send where `more` follows at once.
  /// False: failure(), or answer_came().
  awaitable<bool> send(std::span<const std::byte> bytes, bool more);

  /// At least `least` bytes into `out` (0 < least <= out.size()), as many more as are there anyway.
  /// Fewer: the peer ended the stream (ended()), failure(), or the wait was given up
  /// (give_up_wait).
  awaitable<std::size_t> receive(std::span<std::byte> out, std::size_t least);

  /// The peer ended the stream in an orderly way: with TLS by close_notify.
  bool ended() const noexcept { return ended_; }
  const std::optional<error>& failure() const noexcept { return failure_; }

  /// Bytes through the socket since it was opened, both ways.
  std::uint64_t traffic() const noexcept { return traffic_; }

  /// Something (perhaps the end of the stream) waits in the socket's buffer. One system call.
  bool input_waits() const noexcept;
  /// The end of the stream or a broken connection waits there.
  bool is_dead() const noexcept;

  /// Makes a send under way see whether an answer has come before its time.
  void look_for_answer() noexcept;
  /// The send stopped: the early reader saw an answer, or the stream has ended.
  bool answer_came() const noexcept { return answer_came_; }

  /// Makes a receive under way return with what it has.
  void give_up_wait() noexcept;

  /// Closes; the operation under way and all later ones fail with `why`. The first reason stays.
  void cut(error why) noexcept;
  bool open() const noexcept { return socket_.is_open() && !failure_; }

 private:
  awaitable<bool> flush();
  awaitable<bool> send_bare(std::span<const std::byte> bytes);
  bool check_for_answer();
  void fail(errc code, const std::string& what, const boost::system::error_code& ec);
  bool take_failure_of_tls();
  std::string peer() const;

  boost::asio::ip::tcp::socket socket_;
  std::string host_;
  std::uint16_t port_;
  std::optional<tls_engine> tls_;
  early_reader read_early_;
  std::optional<error> failure_;
  std::uint64_t traffic_ = 0;
  bool ended_ = false;
  bool look_for_answer_ = false;
  bool answer_came_ = false;
  bool wait_given_up_ = false;
};

}  // namespace beatsync::s3
