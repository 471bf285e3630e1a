#include "engine/transfer/download_sink.hpp"

#include "engine/run/offload.hpp"

#include <string>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

s3::error sink_failed(std::string message) {
  s3::error e;
  e.code = s3::errc::sink_failed;
  e.message = std::move(message);
  return e;
}

}  // namespace

transfer_end object_changed() {
  return retry(retry_cause::source_changed, reason::changed,
               "the object kept changing while it was downloaded; run again");
}

transfer_end wrong_length(std::uint64_t expected, std::uint64_t received) {
  return retry(retry_cause::body_damaged, reason::corrupt,
               "the store sent " + std::to_string(received) + " bytes of an object of " +
                   std::to_string(expected) + "; nothing was replaced");
}

transfer_end wrong_checksum() {
  return retry(retry_cause::body_damaged, reason::corrupt,
               "the bytes do not match the object's checksum; nothing was replaced");
}

std::span<std::byte> memory_sink::prepare() {
  if (size_ < room_.size()) return room_.subspan(size_);
  return {&spill_, 1};
}

asio::awaitable<s3::result<void>> memory_sink::commit(std::size_t size) {
  if (size_ == room_.size() && size > 0) {
    overflowed_ = true;
    co_return sink_failed("the object is larger than it was");
  }
  size_ += size;
  co_return s3::result<void>();
}

asio::awaitable<s3::result<void>> file_sink::commit(std::size_t size) {
  filled_ += size;
  by_.moved(size);
  if (by_.run().ending()) {
    problem_ = cut_short();
    co_return sink_failed("the run ended");
  }
  if (received() > range_.size) {
    problem_ = object_changed();
    co_return sink_failed("the object is larger than it was");
  }
  if (filled_ == buffer_.size()) {
    const bool written = co_await flush();
    if (!written) co_return sink_failed(problem_->message);
  }
  co_return s3::result<void>();
}

asio::awaitable<bool> file_sink::flush() {
  const std::span<const std::byte> bytes = buffer_.first(filled_);
  auto write = [&] {
    crc_.update(bytes);
    return file_.write_at(range_.first + written_, bytes);
  };
  const auto result = co_await offload(by_.file_threads(), write);
  if (result.has_error()) {
    problem_ = end_of_download(result.error(), range_.first + range_.size);
    co_return false;
  }
  written_ += filled_;
  filled_ = 0;
  co_return true;
}

asio::awaitable<std::optional<transfer_end>> file_sink::finish() {
  if (filled_ > 0) {
    const bool written = co_await flush();
    if (!written) co_return problem_;
  }
  if (written_ != range_.size) co_return wrong_length(range_.size, written_);
  co_return std::nullopt;
}

}  // namespace beatsync::engine
