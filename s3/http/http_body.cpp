// The body of an answer, whichever way its end is told: the second half of http_connection.
#include "s3/http/http_connection.hpp"

#include <algorithm>

namespace beatsync::s3 {

namespace asio = boost::asio;

void http_connection::start_body(std::optional<std::uint64_t> expected) {
  enter(phase::receive, times_.no_progress);
  body_left_.reset();
  switch (head_.framing) {
    case body_framing::none:
      body_left_ = 0;
      break;
    case body_framing::length:
      body_left_ = head_.length;
      break;
    case body_framing::chunked:
      break;
    case body_framing::until_close:
      body_left_ = expected;
      head_.keep_alive = false;
      break;
  }
  body_done_ = body_left_ == 0U;
}

bool http_connection::fail_short() {
  if (failure_ || wire_.failure()) return false;
  std::string told;
  if (body_left_) told = " of " + std::to_string(body_read_ + *body_left_);
  return fail(errc::short_body, host_ + " ended the answer after " + std::to_string(body_read_) +
                                    told + " bytes of body");
}

asio::awaitable<std::size_t> http_connection::read_piece(std::span<std::byte> out) {
  if (head_.framing == body_framing::chunked) {
    const std::size_t n = co_await read_chunks(out);
    body_read_ += n;
    co_return n;
  }
  if (body_left_) out = out.first(std::min<std::uint64_t>(out.size(), *body_left_));
  std::size_t n = inbox_.take(out);
  if (n < out.size()) n += co_await wire_.receive(out.subspan(n), out.size() - n);
  body_read_ += n;
  if (body_left_) *body_left_ -= n;
  if (body_left_ == 0U) {
    body_done_ = true;
  } else if (n < out.size()) {
    body_done_ = !body_left_ && wire_.ended();
    if (!body_done_) fail_short();
  }
  co_return n;
}

asio::awaitable<std::size_t> http_connection::read_chunks(std::span<std::byte> out) {
  std::size_t filled = 0;
  for (;;) {
    std::size_t used = 0;
    std::size_t written = 0;
    const auto got = parser_.put_chunks(inbox_.data(), used, out.subspan(filled), written);
    inbox_.consumed(used);
    filled += written;
    if (got == reply_parser::progress::failed) {
      fail(errc::bad_reply,
           "the chunks of " + host_ + "'s answer are broken: " + parser_.problem());
      co_return filled;
    }
    body_done_ = got == reply_parser::progress::done;
    if (body_done_ || filled == out.size()) co_return filled;
    if (inbox_.size() > largest_head) {
      fail(errc::bad_reply, "a chunk of " + host_ + "'s answer has too long a head");
      co_return filled;
    }
    constexpr std::size_t usual = 64 * 1024;
    inbox_.make_space(usual);
    const std::span<std::byte> room = inbox_.tail();
    const std::size_t n = co_await wire_.receive(room, 1);
    inbox_.filled(n);
    if (n == 0) {
      fail_short();
      co_return filled;
    }
  }
}

asio::awaitable<bool> http_connection::read_text(std::vector<char>& out, std::size_t limit) {
  out.clear();
  start_body(std::nullopt);
  std::size_t filled = 0;
  while (!body_done_) {
    if (body_left_ && *body_left_ > limit - filled) {
      co_return fail(errc::bad_reply, "the answer of " + host_ + " is larger than it may be (" +
                                          std::to_string(*body_left_) + " bytes)");
    }
    if (body_left_ && filled == 0) out.reserve(static_cast<std::size_t>(*body_left_));
    // Not all at once: the buffers of TLS grow to what is asked for, and are kept.
    constexpr std::size_t step = 64 * 1024;
    std::size_t more = std::min(body_left_ ? step : std::max(step, filled), limit - filled);
    if (body_left_) more = std::min<std::uint64_t>(more, *body_left_);
    if (more == 0) {
      std::byte beyond{};  // the end of the chunks, or of the connection, may still be to come
      const std::size_t n = co_await read_piece(std::span<std::byte>(&beyond, 1));
      if (n != 0) {
        co_return fail(errc::bad_reply, "the answer of " + host_ + " is larger than it may be (" +
                                            std::to_string(limit) + " bytes)");
      }
      if (!body_done_ && (failure_ || wire_.failure())) co_return false;
      continue;
    }
    out.resize(filled + more);
    const std::span<std::byte> room = std::as_writable_bytes(std::span(out)).subspan(filled);
    filled += co_await read_piece(room);
    out.resize(filled);
    if (!body_done_ && (failure_ || wire_.failure())) co_return false;
  }
  co_return true;
}

asio::awaitable<bool> http_connection::read_body(body_sink& sink,
                                                 std::optional<std::uint64_t> expected,
                                                 std::uint64_t& received) {
  start_body(expected);
  while (!body_done_) {
    std::span<std::byte> room = sink.prepare();
    if (expected) room = room.first(std::min<std::uint64_t>(room.size(), *expected - body_read_));
    std::byte beyond{};
    const bool full = room.empty();  // a chunked body may still have its end to come
    if (full) room = std::span<std::byte>(&beyond, 1);
    const std::size_t n = co_await read_piece(room);
    if (full && n != 0) {
      co_return fail(errc::bad_reply, host_ + " sent more bytes than it announced");
    }
    if (n != 0) {
      busy_elsewhere_ = true;
      const result<void> taken = co_await sink.commit(n);
      busy_elsewhere_ = false;
      if (taken.has_error()) {
        failure_ = taken.error();
        co_return false;
      }
      received += n;
    }
    if (!body_done_ && (failure_ || wire_.failure())) co_return false;
  }
  // Chunks tell their end themselves, and may tell it too early.
  if (expected && body_read_ < *expected) {
    body_left_ = *expected - body_read_;
    co_return fail_short();
  }
  co_return true;
}

}  // namespace beatsync::s3
