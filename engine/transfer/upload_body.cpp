#include "engine/transfer/upload_body.hpp"

#include "engine/run/offload.hpp"

#include <algorithm>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

s3::error source_failed(std::string message) {
  s3::error e;
  e.code = s3::errc::source_failed;
  e.message = std::move(message);
  return e;
}

}  // namespace

transfer_end source_changed() {
  return retry(retry_cause::source_changed, reason::changed,
               "it kept changing while it was uploaded; run again when it is at rest");
}

asio::awaitable<s3::result<void>> memory_body::read(std::uint64_t offset,
                                                    std::span<std::byte> buffer) {
  if (offset > bytes_.size() || buffer.size() > bytes_.size() - offset) {
    co_return source_failed("read beyond the end of the body");
  }
  std::ranges::copy(bytes_.subspan(offset, buffer.size()), buffer.begin());
  co_return s3::result<void>();
}

asio::awaitable<s3::result<void>> file_body::read(std::uint64_t offset,
                                                  std::span<std::byte> buffer) {
  if (by_.run().ending()) {
    problem_ = cut_short();
    co_return source_failed("the run ended");
  }
  const std::uint64_t reached = offset + buffer.size();
  bool unchanged = true;
  auto look_again = [&] {
    if (path_ == nullptr || reached != range_.size) return;
    unchanged = unchanged_since(*by_.run().root, *path_, before_);
  };
  // Mostly the pass for the checksum has just left the bytes in the page cache: read here they are
  // still in this core's own cache when they are encrypted.
  cache_luck& cache = by_.run().cache;
  bool here = false;
  if (cache.likely()) {
    const auto cached = file_.read_cached(range_.first + offset, buffer);
    here = cached.has_value() && *cached == buffer.size();
    if (!here) cache.missed();
  }
  fs_result<std::size_t> got = buffer.size();
  if (here) {
    look_again();
  } else {
    auto job = [&] {
      auto got_now = file_.read_at(range_.first + offset, buffer);
      look_again();
      return got_now;
    };
    got = co_await offload(by_.file_threads(), job);
  }
  if (got.has_error()) {
    problem_ = end_of_upload(got.error());
    co_return source_failed(describe(got.error()));
  }
  if (*got != buffer.size() || !unchanged) {
    problem_ = source_changed();
    co_return source_failed("the file changed while it was read");
  }
  if (reached > sent_) {
    by_.moved(static_cast<std::size_t>(reached - sent_));
    sent_ = reached;
  }
  co_return s3::result<void>();
}

bool unchanged_since(folder& root, const std::string& path, const file_status& before) {
  const auto now = root.status_of(path, links::follow);
  return now.has_value() && *now == before;
}

namespace {

/// Read and added up in steps, so that what was read is still in the core's cache when it is added
/// up. `room(done)` is where the step goes that has `done` bytes before it.
template <class Room>
fs_result<range_sum> sum_in_steps(input_file& file, s3::byte_range range,
                                  s3::checksum_algorithm algorithm, Room room) {
  constexpr std::uint64_t at_once = std::uint64_t{128} << 10U;
  s3::crc_stream crc(algorithm);
  range_sum result;
  while (result.size < range.size) {
    const std::span<std::byte> there = room(static_cast<std::size_t>(result.size));
    const auto step = static_cast<std::size_t>(
        std::min({at_once, range.size - result.size, std::uint64_t{there.size()}}));
    const auto got = file.read_at(range.first + result.size, there.first(step));
    if (got.has_error()) return got.error();
    crc.update(there.first(*got));
    result.size += *got;
    if (*got < step) return result;
  }
  result.sum = crc.value();
  return result;
}

}  // namespace

fs_result<range_sum> sum_of_range(input_file& file, s3::byte_range range,
                                  s3::checksum_algorithm algorithm, std::span<std::byte> scratch) {
  return sum_in_steps(file, range, algorithm, [&](std::size_t) { return scratch; });
}

fs_result<range_sum> read_with_sum(input_file& file, s3::checksum_algorithm algorithm,
                                   std::span<std::byte> kept) {
  s3::byte_range range;
  range.size = kept.size();
  return sum_in_steps(file, range, algorithm, [&](std::size_t done) { return kept.subspan(done); });
}

}  // namespace beatsync::engine
