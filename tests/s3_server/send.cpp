#include "tests/s3_server/send.hpp"

#include "s3/http_date.hpp"
#include "tests/s3_server/body_reader.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/http_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace beatsync::s3_server {
namespace {

namespace asio = boost::asio;

constexpr std::uint64_t block = std::uint64_t{1} << 20U;

std::string write_head(const reply& answer, framing frame) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + ' ';
  (text += reason_phrase(answer.status)) += "\r\n";
  const bool bodiless = answer.status == 204 || answer.status == 304;
  if (frame == framing::chunked) {
    text += "Transfer-Encoding: chunked\r\n";
  } else if (frame == framing::content_length && !bodiless) {
    text += "Content-Length: " + std::to_string(answer.content_length()) + "\r\n";
  }
  if (answer.close || frame == framing::until_close) text += "Connection: close\r\n";
  for (const auto& [name, value] : answer.headers) {
    ((text += name) += ": ") += value;
    text += "\r\n";
  }
  return text + "\r\n";
}

std::string chunk_line(std::size_t size) {
  constexpr int hexadecimal = 16;
  std::array<char, 20> digits{};
  auto* end = std::to_chars(digits.data(), digits.data() + digits.size(), size, hexadecimal).ptr;
  return std::string(digits.data(), end) + "\r\n";
}

/// The rate to keep to, 0 for none: the slower of connection and script.
std::uint64_t rate_of(const send_job& job) {
  const auto scripted = job.fault != nullptr ? job.fault->bytes_per_second : 0;
  if (scripted == 0 || job.bandwidth == 0) return std::max(scripted, job.bandwidth);
  return std::min(scripted, job.bandwidth);
}

class sender {
 public:
  sender(channel& wire, const send_job& job)
      : wire_(wire),
        job_(job),
        rate_(rate_of(job)),
        frame_(job.fault != nullptr ? job.fault->frame : framing::content_length),
        length_(job.answer.head_only ? 0 : job.answer.content_length()) {}

  asio::awaitable<send_outcome> run() {
    constexpr std::uint64_t small = std::uint64_t{64} * 1024;  // one write for head and body
    auto head = write_head(job_.answer, frame_);
    open_body();
    if (job_.fault == nullptr && rate_ == 0 && length_ <= small) {
      for (std::uint64_t at = 0; at < length_;) {
        const auto piece = read(at, length_ - at);
        head.append(reinterpret_cast<const char*>(piece.data()), piece.size());
        at += piece.size();
      }
      job_.log.finish(job_.place, length_);
      co_await wire_.write(as_bytes(head));
      co_return send_outcome::whole;
    }
    if (length_ == 0) job_.log.finish(job_.place, 0);
    co_await write_paced(as_bytes(head));
    for (std::uint64_t at = 0; at < length_;) {
      const bool cut = co_await pause_at(at);
      if (cut) co_return send_outcome::cut;
      const auto piece = read(at, next_stop(at) - at);
      at += piece.size();
      if (at == length_) job_.log.finish(job_.place, length_);
      co_await write_piece(piece);
    }
    const bool cut = co_await pause_at(length_);
    if (cut) co_return send_outcome::cut;
    constexpr std::string_view last_chunk = "0\r\n\r\n";
    if (frame_ == framing::chunked) co_await wire_.write(as_bytes(last_chunk));
    if (frame_ != framing::until_close) co_return send_outcome::whole;
    co_await wire_.close(close_kind::clean);
    co_return send_outcome::cut;
  }

 private:
  void open_body() {
    if (length_ == 0) return;
    if (job_.answer.body) reader_ = job_.answer.body->open();
    // A fault that changes bytes needs them in a buffer of ours; views into memory need none.
    if (job_.answer.body) scratch_.resize(static_cast<std::size_t>(std::min(length_, block)));
  }

  std::span<const std::byte> read(std::uint64_t at, std::uint64_t size) {
    const auto most = static_cast<std::size_t>(std::min(size, block));
    std::span<const std::byte> view;
    if (reader_) {
      view = reader_->read(job_.answer.first + at, std::span(scratch_).first(most));
      if (view.empty()) throw std::runtime_error("a stored body is shorter than it was");
    } else {
      view =
          as_bytes(std::string_view(job_.answer.text).substr(static_cast<std::size_t>(at), most));
    }
    if (job_.fault == nullptr || !job_.fault->flip_bit) return view;
    const auto damaged = *job_.fault->flip_bit / 8;
    if (damaged < at || damaged >= at + view.size()) return view;
    changed_.assign(view.begin(), view.end());
    changed_[static_cast<std::size_t>(damaged - at)] ^=
        static_cast<std::byte>(1U << (*job_.fault->flip_bit % 8));
    return changed_;
  }

  /// Where the next thing happens, or as much as goes in one write.
  std::uint64_t next_stop(std::uint64_t at) const {
    constexpr std::uint64_t writes_per_second = 20;
    auto stop = std::min(length_, at + block);
    if (rate_ != 0) {
      stop = std::min(stop, at + std::max<std::uint64_t>(1, rate_ / writes_per_second));
    }
    if (job_.fault == nullptr) return stop;
    for (const auto& mark :
         {job_.fault->cut_after, job_.fault->stall_after, job_.fault->hook_after}) {
      if (mark && *mark > at) stop = std::min(stop, *mark);
    }
    return stop;
  }

  /// What the script wants at this byte; true: the connection was cut.
  asio::awaitable<bool> pause_at(std::uint64_t at) {
    if (job_.fault == nullptr) co_return false;
    const auto& fault = *job_.fault;
    if (fault.hook_after && at >= *fault.hook_after && fault.hook && !hooked_) {
      hooked_ = true;
      fault.hook();
    }
    if (fault.stall_after && at >= *fault.stall_after && !stalled_) {
      stalled_ = true;
      if (fault.stall.count() == 0) {
        co_await wait_for_the_end(wire_, true);
        co_await wire_.close(close_kind::fin);
        co_return true;
      }
      co_await sleep_for(wire_, fault.stall);
    }
    if (!fault.cut_after || at < *fault.cut_after) co_return false;
    co_await wire_.close(fault.cut);
    co_return true;
  }

  asio::awaitable<void> write_piece(std::span<const std::byte> piece) {
    if (frame_ != framing::chunked) {
      co_await wire_.write(piece);
    } else {
      constexpr std::string_view end = "\r\n";
      const auto line = chunk_line(piece.size());
      co_await wire_.write(as_bytes(line), piece);
      co_await wire_.write(as_bytes(end));
    }
    co_await pace(wire_, piece.size(), rate_);
  }

  asio::awaitable<void> write_paced(std::span<const std::byte> bytes) {
    const bool slow = job_.fault != nullptr && job_.fault->bytes_per_second != 0;
    const std::size_t step = slow ? 1 + static_cast<std::size_t>(rate_ / 20) : bytes.size();
    while (!bytes.empty()) {
      const auto piece = bytes.first(std::min(step, bytes.size()));
      bytes = bytes.subspan(piece.size());
      co_await wire_.write(piece);
      if (slow) co_await pace(wire_, piece.size(), rate_);
    }
  }

  channel& wire_;
  const send_job& job_;
  const std::uint64_t rate_;
  const framing frame_;
  const std::uint64_t length_;
  std::unique_ptr<blob_reader> reader_;
  std::vector<std::byte> scratch_;
  std::vector<std::byte> changed_;
  bool hooked_ = false;
  bool stalled_ = false;
};

}  // namespace

void add_common_headers(reply& answer, std::uint64_t request_number, time_stamp now) {
  const auto has = [&](std::string_view name) {
    return std::any_of(answer.headers.begin(), answer.headers.end(),
                       [&](const auto& field) { return to_lower(field.first) == name; });
  };
  if (!has("date")) {
    answer.headers.emplace_back(
        "Date", s3::format_http_date(std::chrono::floor<std::chrono::seconds>(now)));
  }
  answer.headers.emplace_back("Server", "beatsync-test-server");
  answer.headers.emplace_back("x-amz-request-id", std::to_string(request_number));
  answer.headers.emplace_back("x-amz-id-2", "beatsync-test-server");
}

asio::awaitable<send_outcome> send(channel& wire, const send_job& job) {
  sender one(wire, job);
  co_return co_await one.run();
}

}  // namespace beatsync::s3_server
