#include "s3/http/wire.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <sys/socket.h>

namespace beatsync::s3 {

namespace asio = boost::asio;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;

namespace {

/// What one receive may bring: a batch of records, in a buffer that stays in the L2 cache.
constexpr std::size_t largest_input = 256 * 1024;
/// One record with its overhead.
constexpr std::size_t smallest_input = 17 * 1024;
/// Up to here the socket's buffer takes a send at once, and no trip through the scheduler is
/// needed.
constexpr std::size_t sent_at_once = 64 * 1024;

}  // namespace

wire::wire(const asio::any_io_executor& executor, std::string host, std::uint16_t port,
           early_reader early)
    : socket_(executor), host_(std::move(host)), port_(port), read_early_(std::move(early)) {}

std::string wire::peer() const { return host_ + ':' + std::to_string(port_); }

void wire::fail(errc code, const std::string& what, const error_code& ec) {
  if (failure_) return;
  error e;
  e.code = code;
  e.message = what + ": " + ec.message();
  failure_ = std::move(e);
}

bool wire::take_failure_of_tls() {
  if (!tls_->failure()) return false;
  if (!failure_) failure_ = tls_->failure();
  return true;
}

void wire::cut(error why) noexcept {
  if (!failure_) failure_ = std::move(why);
  error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<bool> wire::connect(const asio::ip::tcp::endpoint& where) {
  error_code ec;
  co_await socket_.async_connect(where, redirect_error(use_awaitable, ec));
  if (ec) {
    fail(errc::connect_failed,
         "no connection to " + peer() + " (" + where.address().to_string() + ')', ec);
    co_return false;
  }
  if (failure_) co_return false;
  socket_.set_option(asio::ip::tcp::no_delay(true), ec);
  socket_.non_blocking(true, ec);
  co_return true;
}

asio::awaitable<bool> wire::shake_hands(std::shared_ptr<tls_context> context) {
  tls_.emplace(std::move(context), host_, port_);
  for (;;) {
    const tls_engine::step next = tls_->handshake();
    const bool sent = co_await flush();
    if (next == tls_engine::step::failed) {
      failure_ = tls_->failure();  // the alert is sent, whether it arrives or not
      co_return false;
    }
    if (!sent) {
      if (failure_->code == errc::connection_lost) failure_->code = errc::connect_failed;
      co_return false;
    }
    if (next == tls_engine::step::done) co_return true;
    if (next == tls_engine::step::flush) continue;
    byte_ring& input = tls_->input();
    input.make_space(smallest_input);
    const std::span<std::byte> room = input.tail();
    error_code ec;
    const std::size_t n = co_await socket_.async_receive(asio::buffer(room.data(), room.size()),
                                                         redirect_error(use_awaitable, ec));
    if (ec) {
      // As if there had been none: a proxy takes connections while the store behind it is away.
      fail(errc::connect_failed, peer() + " closed the connection during the TLS handshake", ec);
      co_return false;
    }
    input.filled(n);
    traffic_ += n;
  }
}

asio::awaitable<bool> wire::send(std::span<const std::byte> bytes, bool more) {
  if (failure_) co_return false;
  if (!tls_) co_return co_await send_bare(bytes);
  for (;;) {
    const tls_engine::step next = tls_->write(bytes);
    if (next == tls_engine::step::failed) {
      take_failure_of_tls();
      co_return false;
    }
    if (next == tls_engine::step::done && more) co_return true;
    // Small requests: one system call, no suspension.
    byte_ring& output = tls_->output();
    if (output.size() <= sent_at_once && !look_for_answer_) {
      error_code ec;
      const auto data = output.data();
      const std::size_t n = socket_.send(asio::buffer(data.data(), data.size()), 0, ec);
      output.consumed(n);
      traffic_ += n;
    }
    if (!output.empty()) {
      const bool flushed = co_await flush();
      if (!flushed) co_return false;
    }
    if (next == tls_engine::step::done) co_return true;
  }
}

asio::awaitable<bool> wire::flush() {
  byte_ring& output = tls_->output();
  while (!output.empty()) {
    if (failure_ || check_for_answer()) co_return false;
    const auto data = output.data();
    error_code ec;
    const std::size_t n = co_await socket_.async_send(asio::buffer(data.data(), data.size()),
                                                      redirect_error(use_awaitable, ec));
    output.consumed(n);
    traffic_ += n;
    if (ec == asio::error::operation_aborted && look_for_answer_ && !failure_) continue;
    if (ec) {
      fail(errc::connection_lost, "the connection to " + peer() + " broke while sending", ec);
      co_return false;
    }
  }
  co_return true;
}

asio::awaitable<bool> wire::send_bare(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    if (failure_ || check_for_answer()) co_return false;
    error_code ec;
    const std::size_t n = co_await socket_.async_send(asio::buffer(bytes.data(), bytes.size()),
                                                      redirect_error(use_awaitable, ec));
    bytes = bytes.subspan(n);
    traffic_ += n;
    if (ec == asio::error::operation_aborted && look_for_answer_ && !failure_) continue;
    if (ec) {
      fail(errc::connection_lost, "the connection to " + peer() + " broke while sending", ec);
      co_return false;
    }
  }
  co_return true;
}

asio::awaitable<std::size_t> wire::receive(std::span<std::byte> out, std::size_t least) {
  std::size_t filled = 0;
  wait_given_up_ = false;
  while (filled < least && !ended_) {
    std::span<std::byte> room = out.subspan(filled);
    if (tls_) {
      const std::size_t n = tls_->read(room);
      filled += n;
      ended_ = tls_->ended();
      if (take_failure_of_tls()) break;
      if (n != 0) continue;
      if (ended_) break;
      const std::size_t wish =
          std::clamp(room.size() + room.size() / 100, smallest_input, largest_input);
      tls_->input().make_space(wish);
      room = tls_->input().tail();
    }
    if (!socket_.is_open()) break;
    error_code ec;
    const std::size_t n = co_await socket_.async_receive(asio::buffer(room.data(), room.size()),
                                                         redirect_error(use_awaitable, ec));
    traffic_ += n;
    if (tls_) {
      tls_->input().filled(n);
    } else {
      filled += n;
    }
    if (!ec) continue;
    if (ec == asio::error::eof && !tls_) {
      ended_ = true;
    } else if (ec == asio::error::eof) {
      // No close_notify: somebody on the way may have cut the answer.
      fail(errc::connection_lost, peer() + " cut the TLS connection off", ec);
    } else if (ec != asio::error::operation_aborted || !wait_given_up_) {
      fail(errc::connection_lost, "the connection to " + peer() + " broke while receiving", ec);
    }
    break;
  }
  co_return filled;
}

bool wire::input_waits() const noexcept {
  std::byte first{};
  const auto n = ::recv(const_cast<asio::ip::tcp::socket&>(socket_).native_handle(), &first, 1,
                        MSG_PEEK | MSG_DONTWAIT);
  return n >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

bool wire::is_dead() const noexcept {
  std::byte first{};
  const auto n = ::recv(const_cast<asio::ip::tcp::socket&>(socket_).native_handle(), &first, 1,
                        MSG_PEEK | MSG_DONTWAIT);
  return n == 0 || (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK);
}

void wire::look_for_answer() noexcept {
  look_for_answer_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

/// What there is may be a session ticket, or an answer that only says to go on: whoever reads it
/// decides.
bool wire::check_for_answer() {
  if (!look_for_answer_) return answer_came_;
  look_for_answer_ = false;
  byte_ring plain;
  byte_ring& input = tls_ ? tls_->input() : plain;
  input.make_space(smallest_input);
  const std::span<std::byte> room = input.tail();
  error_code ec;
  input.filled(socket_.receive(asio::buffer(room.data(), room.size()), 0, ec));
  bool over = ec && ec != asio::error::would_block;
  if (tls_) {
    plain.make_space(input.size() + smallest_input);  // the engine may hold a part of a record
    plain.filled(tls_->read(plain.tail()));
    over = over || tls_->ended();
  }
  answer_came_ = (!plain.empty() && read_early_(plain.data())) || over;
  return answer_came_;
}

void wire::give_up_wait() noexcept {
  wait_given_up_ = true;
  error_code ignored;
  socket_.cancel(ignored);
}

}  // namespace beatsync::s3
