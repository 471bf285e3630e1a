#include "tests/s3_server/listener.hpp"

#include "tests/s3_server/body_reader.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/session.hpp"
#include "tests/s3_server/tls_context.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace beatsync::s3_server {

namespace asio = boost::asio;
using asio::ip::tcp;

class listener::implementation {
 public:
  explicit implementation(service& given) : shared_(given) {
    const auto& options = shared_.options;
    if (options.tls) tls_ = make_tls_context(options);
    const auto count = std::max<std::size_t>(1, options.threads);
    for (std::size_t i = 0; i < count; ++i) {
      contexts_.push_back(std::make_unique<asio::io_context>(1));
    }
    acceptor_ = std::make_unique<tcp::acceptor>(*contexts_.front());
    const tcp::endpoint endpoint(asio::ip::make_address(options.address), options.port);
    acceptor_->open(endpoint.protocol());
    acceptor_->set_option(tcp::acceptor::reuse_address(true));
    acceptor_->bind(endpoint);
    acceptor_->listen(1024);
    port = acceptor_->local_endpoint().port();
    asio::co_spawn(*contexts_.front(), accept(), asio::detached);  // ends with the context
    for (auto& context : contexts_) {
      threads_.emplace_back([&context = *context] {
        const auto work = asio::make_work_guard(context);
        context.run();
      });
    }
  }

  ~implementation() {
    for (auto& context : contexts_) context->stop();
    for (auto& thread : threads_) thread.join();
    acceptor_.reset();
    contexts_.clear();  // and with them all suspended sessions, while what they use still stands
  }
  implementation(const implementation&) = delete;
  implementation& operator=(const implementation&) = delete;

  void set_connection_fault(connection_fault kind, std::uint64_t times, std::uint64_t skip) {
    const std::lock_guard lock(mutex_);
    connection_fault_ = kind;
    connection_faults_left_ = times;
    connections_to_skip_ = skip;
  }

  void close_connections() {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, weak] : open_) {
      const auto wire = weak.lock();
      if (wire) asio::post(wire->executor(), [wire] { wire->abandon(); });
    }
  }

  std::uint16_t port = 0;

 private:
  asio::awaitable<void> accept() {
    std::uint64_t connection = 0;
    while (true) {
      boost::system::error_code error;
      auto& context = *contexts_[connection % contexts_.size()];
      auto socket = co_await acceptor_->async_accept(
          context, asio::redirect_error(asio::use_awaitable, error));
      if (error) {  // no descriptors left: some will be given back
        asio::steady_timer timer(*contexts_.front(), std::chrono::milliseconds(20));
        co_await timer.async_wait(asio::use_awaitable);
        continue;
      }
      ++connection;
      shared_.log.count_connection();
      asio::co_spawn(context, serve(std::move(socket), connection), asio::detached);
    }
  }

  std::optional<connection_fault> next_connection_fault() {
    const std::lock_guard lock(mutex_);
    if (connection_faults_left_ == 0) return std::nullopt;
    if (connections_to_skip_ > 0) {
      --connections_to_skip_;
      return std::nullopt;
    }
    --connection_faults_left_;
    return connection_fault_;
  }

  /// Never throws: a connection that breaks ends, and nothing else.
  asio::awaitable<void> serve(tcp::socket socket, std::uint64_t id) {
    try {
      const auto fault = next_connection_fault();
      boost::system::error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      if (fault) {
        co_await spoil(std::move(socket), *fault);
        co_return;
      }
      auto wire = tls_ ? make_tls_channel(std::move(socket), tls_.get())
                       : make_plain_channel(std::move(socket));
      add(id, wire);
      co_await talk(wire, id);
    } catch (const std::exception&) {
    }
    remove(id);
  }

  asio::awaitable<void> talk(std::shared_ptr<channel> wire, std::uint64_t id) {
    if (tls_) {
      bool resumed = false;
      try {
        resumed = co_await wire->handshake();
      } catch (const std::exception&) {
        shared_.log.count_handshake(false, false);
        throw;
      }
      shared_.log.count_handshake(true, resumed);
    }
    co_await run_session(shared_, wire, id);
  }

  asio::awaitable<void> spoil(tcp::socket socket, connection_fault fault) {
    const auto wire = make_plain_channel(std::move(socket));
    if (fault == connection_fault::silent) co_await wait_for_the_end(*wire, false);
    if (fault == connection_fault::garbage) {
      constexpr std::string_view text = "220 mail.example.org ESMTP ready\r\n";
      co_await wire->write(as_bytes(text));
    }
    const auto how = fault == connection_fault::reset ? close_kind::reset : close_kind::fin;
    co_await wire->close(how);
  }

  void add(std::uint64_t id, const std::shared_ptr<channel>& wire) {
    const std::lock_guard lock(mutex_);
    open_[id] = wire;
  }

  void remove(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    open_.erase(id);
  }

  service& shared_;
  std::shared_ptr<SSL_CTX> tls_;
  std::mutex mutex_;
  std::map<std::uint64_t, std::weak_ptr<channel>> open_;
  connection_fault connection_fault_ = connection_fault::close;
  std::uint64_t connection_faults_left_ = 0;
  std::uint64_t connections_to_skip_ = 0;
  std::vector<std::unique_ptr<asio::io_context>> contexts_;
  std::unique_ptr<tcp::acceptor> acceptor_;
  std::vector<std::thread> threads_;
};

listener::listener(service& shared) : impl_(std::make_unique<implementation>(shared)) {}

listener::~listener() = default;

std::uint16_t listener::port() const noexcept { return impl_->port; }

void listener::set_connection_fault(connection_fault kind, std::uint64_t times,
                                    std::uint64_t skip) {
  impl_->set_connection_fault(kind, times, skip);
}

void listener::close_connections() { impl_->close_connections(); }

}  // namespace beatsync::s3_server
