#include "s3/http/http_connection.hpp"

#include "s3/http/body_pieces.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

namespace {

/// Fewer bytes than this within the no-progress time count as none: a body that drips byte by byte
/// would never end (reliability.md, row 12).
constexpr std::uint64_t least_progress = 1024;

}  // namespace

http_connection::http_connection(const asio::any_io_executor& executor, watchdog& dog,
                                 std::string host, std::uint16_t port)
    : host_(std::move(host)),
      port_(port),
      dog_(dog),
      wire_(executor, host_, port,
            [this](std::span<const std::byte> bytes) { return early_answer(bytes); }) {}

http_connection::~http_connection() { dog_.remove(*this); }

asio::awaitable<bool> http_connection::connect(const asio::ip::tcp::endpoint& where,
                                               std::chrono::milliseconds limit) {
  enter(phase::connect, limit);
  const bool connected = co_await wire_.connect(where);
  enter(phase::idle, limit);
  co_return connected;
}

asio::awaitable<bool> http_connection::shake_hands(std::shared_ptr<tls_context> context,
                                                   std::chrono::milliseconds limit) {
  enter(phase::handshake, limit);
  const bool shaken = co_await wire_.shake_hands(std::move(context));
  enter(phase::idle, limit);
  co_return shaken;
}

void http_connection::begin(const request_times& times) {
  times_ = times;
  ++requests_;
  failure_.reset();
  parsing_ = head_ready_ = sent_all_ = impatient_ = answered_ = body_done_ = false;
  body_read_ = 0;
  interim_bytes_ = 0;
  moved_ = std::chrono::steady_clock::now();
}

bool http_connection::end() noexcept {
  enter(phase::idle, {});
  return sent_all_ && answered_ && body_done_ && head_.keep_alive && inbox_.empty() && !failure_ &&
         wire_.open() && !wire_.ended();
}

void http_connection::enter(phase p, std::chrono::milliseconds limit) {
  phase_ = p;
  if (p == phase::idle) {
    dog_.remove(*this);
    return;
  }
  limit_ = limit;
  deadline_ = std::chrono::steady_clock::now() + limit;
  traffic_seen_ = wire_.traffic();
  dog_.add(*this);
}

void http_connection::look(steady_time now) {
  const std::uint64_t traffic = wire_.traffic();
  const bool moving = phase_ == phase::send || phase_ == phase::receive;
  if (busy_elsewhere_ || (moving && traffic - traffic_seen_ >= least_progress)) {
    deadline_ = now + limit_;
    traffic_seen_ = traffic;
    moved_ = now;
  }
  if (phase_ == phase::send && wire_.input_waits()) wire_.look_for_answer();
  if (phase_ == phase::first_byte && times_.patience != nullptr) lose_patience();
  if (now < deadline_) return;
  if (phase_ == phase::wait_for_continue) {
    wire_.give_up_wait();
  } else {
    cut(errc::timed_out, timeout_message());
  }
}

/// What is usual may come to be known only while an answer is waited for. It may also be forgotten
/// again, where several are late together; for those that wait already it holds.
void http_connection::lose_patience() {
  const auto& patience = *times_.patience;
  if (!patience || *patience >= limit_ || answered_ || !sent_all_) return;
  deadline_ -= limit_ - *patience;
  limit_ = *patience;
  impatient_ = true;
}

std::string http_connection::timeout_message() const {
  const std::string time = std::to_string(limit_.count()) + " ms";
  switch (phase_) {
    case phase::connect:
      return "no connection to " + host_ + " within " + time;
    case phase::handshake:
      return "the TLS handshake with " + host_ + " did not end within " + time +
             " (does this server speak TLS? else the endpoint must begin with http://)";
    case phase::first_byte:
      return host_ + " did not answer within " + time;
    case phase::send:
      return host_ + " took no bytes for " + time;
    default:
      return host_ + " sent no bytes for " + time;
  }
}

void http_connection::cut(errc code, std::string message) noexcept {
  error why = make_error(code, std::move(message));
  if (!failure_) failure_ = why;
  wire_.cut(std::move(why));
}

bool http_connection::fail(errc code, std::string message) {
  if (!failure_) failure_ = make_error(code, std::move(message));
  return false;
}

error http_connection::failure() const {
  if (wire_.failure()) return *wire_.failure();  // the first thing that went wrong
  if (failure_) return *failure_;
  return make_error(errc::connection_lost, host_ + " closed the connection without an answer");
}

asio::awaitable<bool> http_connection::send(const outgoing& request) {
  enter(phase::send, times_.no_progress);
  answer_to_head_ = request.answer_to_head;
  const bool streamed = request.body != nullptr;
  const bool follows = !request.content.empty() || (streamed && !request.expect_continue);
  bool sent = co_await wire_.send(std::as_bytes(std::span(request.head)), follows);
  if (sent && !request.content.empty()) sent = co_await wire_.send(request.content, false);
  if (sent && request.expect_continue) {
    sent = co_await wait_for_continue();
    enter(phase::send, times_.no_progress);
  }
  if (sent && streamed) sent = co_await send_streamed(*request.body);
  sent_all_ = sent;
  // A server that refuses closes while the body is still on its way: its answer may be here all the
  // same. Only our own failures (the source, a deadline, stop) end it now.
  co_return !failure_;
}

asio::awaitable<bool> http_connection::send_streamed(body_source& body) {
  const std::uint64_t size = body.size();
  if (size == 0) co_return true;
  const auto capacity = static_cast<std::size_t>(std::min<std::uint64_t>(size, body_piece));
  const auto buffer = std::make_unique_for_overwrite<std::byte[]>(capacity);
  for (std::uint64_t offset = 0; offset < size;) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(capacity, size - offset));
    const std::span<std::byte> bytes(buffer.get(), n);
    busy_elsewhere_ = true;
    const result<void> filled = co_await body.read(offset, bytes);
    busy_elsewhere_ = false;
    if (filled.has_error()) {
      if (!failure_) failure_ = filled.error();
      co_return false;
    }
    const bool sent = co_await wire_.send(bytes, false);
    if (!sent) co_return false;
    offset += n;
  }
  co_return true;
}

}  // namespace beatsync::s3
