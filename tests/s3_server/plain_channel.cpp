#include "tests/s3_server/channel.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <utility>

namespace beatsync::s3_server {

namespace asio = boost::asio;

void close_socket(asio::ip::tcp::socket& socket, close_kind how) noexcept {
  boost::system::error_code ignored;
  if (how == close_kind::reset) {
    socket.set_option(asio::socket_base::linger(true, 0), ignored);
  } else {
    socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }
  socket.close(ignored);
}

namespace {

class plain_channel final : public channel {
 public:
  explicit plain_channel(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  awaitable<bool> handshake() override { co_return false; }

  awaitable<std::size_t> read_some(std::span<std::byte> buffer) override {
    boost::system::error_code error;
    const auto got =
        co_await socket_.async_read_some(asio::buffer(buffer.data(), buffer.size()),
                                         asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::eof) co_return 0;
    if (error) throw boost::system::system_error(error);
    co_return got;
  }

  awaitable<void> write(std::span<const std::byte> first,
                        std::span<const std::byte> second) override {
    const std::array<asio::const_buffer, 2> both{asio::buffer(first.data(), first.size()),
                                                 asio::buffer(second.data(), second.size())};
    co_await asio::async_write(socket_, both, asio::use_awaitable);
  }

  awaitable<void> close(close_kind how) override {
    close_socket(socket_, how);
    co_return;
  }

  void abandon() noexcept override { close_socket(socket_, close_kind::reset); }

  asio::any_io_executor executor() override { return socket_.get_executor(); }

 private:
  asio::ip::tcp::socket socket_;
};

}  // namespace

std::shared_ptr<channel> make_plain_channel(asio::ip::tcp::socket socket) {
  return std::make_shared<plain_channel>(std::move(socket));
}

}  // namespace beatsync::s3_server
