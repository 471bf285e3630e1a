#include "tests/s3_server/body_reader.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

namespace beatsync::s3_server {

namespace asio = boost::asio;

asio::awaitable<void> sleep_for(channel& wire, std::chrono::nanoseconds time) {
  if (time.count() <= 0) co_return;
  asio::steady_timer timer(wire.executor(), time);
  co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> pace(channel& wire, std::uint64_t bytes, std::uint64_t per_second) {
  if (per_second == 0) co_return;
  constexpr double nanoseconds = 1e9;
  const double time = nanoseconds * static_cast<double>(bytes) / static_cast<double>(per_second);
  co_await sleep_for(wire, std::chrono::nanoseconds(static_cast<std::int64_t>(time)));
}

asio::awaitable<void> wait_for_the_end(channel& wire, bool reading) {
  if (!reading) co_await sleep_for(wire, std::chrono::hours(24));
  std::vector<std::byte> scratch(std::size_t{64} * 1024);
  while (co_await wire.read_some(scratch) > 0) {
  }
}

body_reader::body_reader(channel& wire, std::string& buffered, const request_head& head,
                         const fault_action* fault, std::uint64_t bandwidth, bool send_continue)
    : wire_(wire),
      buffered_(buffered),
      fault_(fault),
      bandwidth_(bandwidth),
      length_(head.content_length),
      send_continue_(head.expects_continue && send_continue),
      finished_(!head.chunked && head.content_length.value_or(0) == 0),
      chunked_(head.chunked) {}

asio::awaitable<void> body_reader::before_read() {
  if (fault_ != nullptr && fault_->refuse_after && received_ >= *fault_->refuse_after) {
    throw refused_early();
  }
  if (send_continue_) co_await say_continue();
  if (fault_ != nullptr && fault_->stop_reading_after && received_ >= *fault_->stop_reading_after) {
    co_await wait_for_the_end(wire_, false);
  }
}

asio::awaitable<void> body_reader::say_continue() {
  std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
  const bool late = fault_ != nullptr && fault_->continue_after;
  const bool now = !late || received_ >= *fault_->continue_after;
  line = line.substr(0, now ? line.size() : fault_->continue_in_time).substr(continue_sent_);
  continue_sent_ += line.size();
  send_continue_ = !now;
  if (!line.empty()) co_await wire_.write(std::as_bytes(std::span(line.data(), line.size())));
  // Nothing more is read for a while, so that it meets a client in the middle of its body.
  if (late && now) co_await sleep_for(wire_, std::chrono::milliseconds(200));
}

asio::awaitable<void> body_reader::after_read(std::span<std::byte> data) {
  if (fault_ != nullptr && fault_->flip_upload_bit) {
    const auto at = *fault_->flip_upload_bit / 8;
    if (at >= received_ && at < received_ + data.size()) {
      data[at - received_] ^= static_cast<std::byte>(1U << (*fault_->flip_upload_bit % 8));
    }
  }
  received_ += data.size();
  co_await pace(wire_, data.size(), bandwidth_);
}

asio::awaitable<std::size_t> body_reader::read_wire(std::span<std::byte> buffer) {
  if (!buffered_.empty()) {
    const auto size = std::min(buffer.size(), buffered_.size());
    std::memcpy(buffer.data(), buffered_.data(), size);
    buffered_.erase(0, size);
    co_return size;
  }
  const auto size = co_await wire_.read_some(buffer);
  if (size == 0) throw std::runtime_error("the client went away in the middle of a body");
  co_return size;
}

asio::awaitable<std::size_t> body_reader::read_chunked(std::span<std::byte> buffer) {
  constexpr std::size_t block = std::size_t{64} * 1024;
  while (true) {
    const auto input = std::as_bytes(std::span(buffered_.data(), buffered_.size()));
    const auto step = framing_.next(input.first(std::min(input.size(), buffer.size())));
    if (step.what == chunk_decoder::event::data) {
      std::memcpy(buffer.data(), step.data.data(), step.data.size());
    }
    const auto size = step.data.size();
    buffered_.erase(0, step.consumed);
    if (size > 0) co_return size;
    if (step.what == chunk_decoder::event::end) {
      finished_ = true;
      co_return 0;
    }
    if (step.what != chunk_decoder::event::need_more || !buffered_.empty()) continue;
    buffered_.resize(block);
    const auto room = std::as_writable_bytes(std::span(buffered_.data(), buffered_.size()));
    const auto got = co_await wire_.read_some(room);
    buffered_.resize(got);
    if (got == 0) throw std::runtime_error("the client went away in the middle of a body");
  }
}

asio::awaitable<std::size_t> body_reader::read_some(std::span<std::byte> buffer) {
  if (finished_) co_return 0;
  co_await before_read();
  std::size_t size = 0;
  if (chunked_) {
    size = co_await read_chunked(buffer);
  } else {
    const auto left = *length_ - received_;
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left));
    size = co_await read_wire(buffer.first(room));
    finished_ = size == left;
  }
  co_await after_read(buffer.first(size));
  co_return size;
}

asio::awaitable<bool> body_reader::drain(std::uint64_t limit) {
  std::vector<std::byte> scratch(std::size_t{16} * 1024);
  if (finished_) co_return true;
  if (send_continue_ || (length_ && *length_ - received_ > limit)) co_return false;
  for (std::uint64_t left = limit; left > 0;) {
    const auto size = co_await read_some(scratch);
    if (finished_) co_return true;
    left -= std::min<std::uint64_t>(left, size);
  }
  co_return false;
}

}  // namespace beatsync::s3_server
