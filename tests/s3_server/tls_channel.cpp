#include "tests/s3_server/channel.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace beatsync::s3_server {
namespace {

namespace asio = boost::asio;

constexpr std::size_t ring_size = std::size_t{256} * 1024;

class tls_channel final : public channel {
 public:
  tls_channel(asio::ip::tcp::socket socket, SSL_CTX* context)
      : socket_(std::move(socket)), ssl_(SSL_new(context)) {
    BIO* inner = nullptr;
    if (ssl_ == nullptr || BIO_new_bio_pair(&inner, ring_size, &ring_, ring_size) != 1) {
      throw std::runtime_error("OpenSSL: no memory for a connection");
    }
    SSL_set_bio(ssl_, inner, inner);
    SSL_set_mode(ssl_, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_set_accept_state(ssl_);
  }

  ~tls_channel() override {
    SSL_free(ssl_);
    BIO_free(ring_);
  }
  tls_channel(const tls_channel&) = delete;
  tls_channel& operator=(const tls_channel&) = delete;

  awaitable<bool> handshake() override {
    while (true) {
      ERR_clear_error();
      const int done = SSL_do_handshake(ssl_);
      const int reason = SSL_get_error(ssl_, done);
      co_await flush();  // also the alert that says why it failed
      if (done == 1) co_return SSL_session_reused(ssl_) == 1;
      if (reason != SSL_ERROR_WANT_READ || !co_await fill()) {
        throw std::runtime_error("TLS handshake failed");
      }
    }
  }

  awaitable<std::size_t> read_some(std::span<std::byte> buffer) override {
    std::size_t total = 0;
    while (true) {
      std::size_t got = 0;
      ERR_clear_error();
      const int done = SSL_read_ex(ssl_, buffer.data() + total, buffer.size() - total, &got);
      total += got;
      if (done == 1 && total < buffer.size()) continue;
      if (total > 0) co_return total;
      const int reason = SSL_get_error(ssl_, done);
      if (reason == SSL_ERROR_ZERO_RETURN) co_return 0;
      if (reason != SSL_ERROR_WANT_READ) throw std::runtime_error("TLS read failed");
      co_await flush();
      if (!co_await fill()) co_return 0;
    }
  }

  awaitable<void> write(std::span<const std::byte> first,
                        std::span<const std::byte> second) override {
    co_await encrypt(first);
    co_await encrypt(second);
    co_await flush();
  }

  awaitable<void> close(close_kind how) override {
    if (how == close_kind::clean) {
      SSL_shutdown(ssl_);
      co_await flush();
    }
    close_socket(socket_, how);
  }

  void abandon() noexcept override { close_socket(socket_, close_kind::reset); }

  asio::any_io_executor executor() override { return socket_.get_executor(); }

 private:
  awaitable<void> encrypt(std::span<const std::byte> data) {
    while (!data.empty()) {
      std::size_t taken = 0;
      ERR_clear_error();
      const int done = SSL_write_ex(ssl_, data.data(), data.size(), &taken);
      if (done == 1) {
        data = data.subspan(taken);
        continue;
      }
      const int reason = SSL_get_error(ssl_, done);
      if (reason != SSL_ERROR_WANT_WRITE) throw std::runtime_error("TLS write failed");
      co_await flush();
    }
  }

  /// Sends all ciphertext there is.
  awaitable<void> flush() {
    char* bytes = nullptr;
    while (true) {
      const int size = BIO_nread0(ring_, &bytes);
      if (size <= 0) co_return;
      const auto sent = co_await socket_.async_send(
          asio::buffer(bytes, static_cast<std::size_t>(size)), asio::use_awaitable);
      BIO_nread(ring_, &bytes, static_cast<int>(sent));
    }
  }

  /// Receives ciphertext; false at the end of the stream.
  awaitable<bool> fill() {
    char* room = nullptr;
    const int size = BIO_nwrite0(ring_, &room);
    if (size <= 0) throw std::runtime_error("TLS: the ring is full");
    boost::system::error_code error;
    const auto got =
        co_await socket_.async_receive(asio::buffer(room, static_cast<std::size_t>(size)),
                                       asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::eof) co_return false;
    if (error) throw boost::system::system_error(error);
    BIO_nwrite(ring_, &room, static_cast<int>(got));
    co_return true;
  }

  asio::ip::tcp::socket socket_;
  SSL* ssl_;
  BIO* ring_ = nullptr;
};

}  // namespace

std::shared_ptr<channel> make_tls_channel(asio::ip::tcp::socket socket, SSL_CTX* context) {
  return std::make_shared<tls_channel>(std::move(socket), context);
}

}  // namespace beatsync::s3_server
