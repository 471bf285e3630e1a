#include "tests/s3_server/chunk_decoder.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace beatsync::s3_server {

bool chunk_decoder::take_line(std::span<const std::byte> input, std::size_t& consumed) {
  constexpr std::size_t longest = 8192;
  const auto end = std::find(input.begin(), input.end(), std::byte{'\n'});
  const auto size = static_cast<std::size_t>(end - input.begin());
  partial_.append(reinterpret_cast<const char*>(input.data()), size);
  if (partial_.size() > longest) throw chunk_error("a chunk header is too long");
  consumed = size;
  if (end == input.end()) return false;
  ++consumed;
  if (!partial_.ends_with('\r')) throw chunk_error("a line of the framing does not end with CRLF");
  partial_.pop_back();
  line_ = std::exchange(partial_, std::string());
  return true;
}

chunk_decoder::event chunk_decoder::begin_chunk() {
  constexpr int hexadecimal = 16;
  const auto* begin = line_.data();
  const auto [end, error] = std::from_chars(begin, begin + line_.size(), size_, hexadecimal);
  const auto digits = static_cast<std::size_t>(end - begin);
  if (error != std::errc() || (digits != line_.size() && *end != ';')) {
    throw chunk_error("a chunk size is not a hexadecimal number");
  }
  line_.erase(0, std::min(line_.size(), digits + 1));
  left_ = size_;
  state_ = size_ == 0 ? state::trailers : state::data;
  return event::chunk;
}

chunk_decoder::step chunk_decoder::next(std::span<const std::byte> input) {
  step result;
  switch (state_) {
    case state::size_line:
      if (take_line(input, result.consumed)) result.what = begin_chunk();
      return result;
    case state::data:
      if (left_ == 0) {
        state_ = state::data_end;
        result.what = event::chunk_end;
        return result;
      }
      result.consumed = static_cast<std::size_t>(std::min<std::uint64_t>(left_, input.size()));
      if (result.consumed == 0) return result;
      left_ -= result.consumed;
      result.what = event::data;
      result.data = input.first(result.consumed);
      return result;
    case state::data_end:
      if (!take_line(input, result.consumed)) return result;
      if (!line_.empty()) throw chunk_error("chunk data is longer than announced");
      state_ = state::size_line;
      {
        auto following = next(input.subspan(result.consumed));
        following.consumed += result.consumed;
        return following;
      }
    case state::trailers:
      if (!take_line(input, result.consumed)) return result;
      if (line_.empty()) state_ = state::done;
      result.what = line_.empty() ? event::end : event::trailer;
      return result;
    case state::done:
      break;
  }
  result.what = event::end;
  return result;
}

}  // namespace beatsync::s3_server
