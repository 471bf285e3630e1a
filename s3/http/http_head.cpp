// The head of an answer, also one that comes before the request is all sent: the other half of
// http_connection.
#include "s3/http/http_connection.hpp"
#include "s3/printable.hpp"

#include <algorithm>

namespace beatsync::s3 {

namespace asio = boost::asio;

namespace {

/// How long a server that refused a body may take to say why.
constexpr std::chrono::milliseconds answer_after_failed_send{5'000};

/// What somebody who has to find out what answers there wants to see first.
std::string beginning_of(const byte_ring& bytes) {
  constexpr std::size_t enough = 60;
  const std::span<const std::byte> all = bytes.data();
  const std::size_t n = std::min(all.size(), enough);
  return printable({reinterpret_cast<const char*>(all.data()), n});
}

}  // namespace

/// True: go on with the body.
asio::awaitable<bool> http_connection::wait_for_continue() {
  enter(phase::wait_for_continue, times_.expect_continue);
  const bool came = co_await parse_head(true);
  if (came && head_.status / 100 != 1) {
    head_ready_ = true;
    co_return false;
  }
  if (!came && (failure_ || wire_.failure() || wire_.ended())) co_return false;
  // Silence is consent: not everybody knows `Expect`.
  co_return !final_head_came();
}

asio::awaitable<bool> http_connection::read_head() {
  if (!head_ready_) {
    const bool broken = wire_.failure().has_value();
    enter(phase::first_byte,
          broken ? std::min(times_.first_byte, answer_after_failed_send) : times_.first_byte);
    if (times_.patience != nullptr) lose_patience();
    const bool came = co_await parse_head(false);
    if (!came) co_return false;
  }
  body_done_ = head_.framing == body_framing::none;
  co_return true;
}

asio::awaitable<bool> http_connection::parse_head(bool stop_at_continue) {
  for (;;) {
    const auto got = take_head();
    if (got == reply_parser::progress::failed) co_return false;
    if (got == reply_parser::progress::done) {
      if (head_.status / 100 != 1 || stop_at_continue) co_return true;
      continue;
    }
    constexpr std::size_t usual = 16 * 1024;
    inbox_.make_space(usual);
    const std::span<std::byte> room = inbox_.tail();
    const std::size_t n = co_await wire_.receive(room, 1);
    if (n == 0) co_return false;
    answered_ = true;
    inbox_.filled(n);
  }
}

/// Understands what has been received of the next head, which may be an interim one (1xx).
reply_parser::progress http_connection::take_head() {
  using progress = reply_parser::progress;
  if (inbox_.empty()) return progress::need_more;
  if (!parsing_) {
    parser_.begin(answer_to_head_);
    head_.clear();
    parsing_ = true;
    head_bytes_ = 0;
  }
  std::size_t used = 0;
  const auto got = parser_.put_head(inbox_.data(), used, head_);
  if (got == progress::failed) {
    fail(errc::bad_reply, "the answer of " + host_ + " is not HTTP (" + parser_.problem() +
                              "): " + beginning_of(inbox_));
    return got;
  }
  inbox_.consumed(used);
  head_bytes_ += used;
  if (got != progress::done) return got;
  parsing_ = false;
  if (head_.status / 100 != 1) return got;
  interim_bytes_ += head_bytes_;
  if (interim_bytes_ <= largest_head) return got;
  fail(errc::bad_reply, host_ + " says again and again that its answer is to come");
  return progress::failed;
}

/// The body need not be sent on: the inbox holds the answer, the beginning of it, or no HTTP.
bool http_connection::final_head_came() {
  for (;;) {
    const auto got = take_head();
    if (got == reply_parser::progress::failed) return true;
    if (got == reply_parser::progress::need_more) {
      return parsing_ && head_.status != 0 && head_.status / 100 != 1;
    }
    if (head_.status / 100 == 1) continue;
    head_ready_ = true;
    return true;
  }
}

/// A `100 Continue` that comes later than we waited for it is no reason to stop: the store waits
/// for the rest of the body.
bool http_connection::early_answer(std::span<const std::byte> bytes) {
  answered_ = true;
  inbox_.append(bytes);
  return final_head_came();
}

}  // namespace beatsync::s3
