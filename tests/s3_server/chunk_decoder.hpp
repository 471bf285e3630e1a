#pragma once

/// The framing that `Transfer-Encoding: chunked` and `aws-chunked` share: a size in hex with an
/// optional extension, data, and after a chunk of size zero trailing lines up to an empty one.
/// Pure: it is fed bytes and says what they are.

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

namespace beatsync::s3_server {

struct chunk_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class chunk_decoder {
 public:
  enum class event {
    need_more,  ///< all input is used up
    chunk,      ///< a chunk begins; see size() and line()
    data,       ///< some of its bytes
    chunk_end,  ///< all of its bytes have been seen
    trailer,    ///< a trailing line; see line()
    end,        ///< nothing follows
  };
  struct step {
    event what = event::need_more;
    std::size_t consumed = 0;
    std::span<const std::byte> data;  ///< a part of the input
  };

  /// The next thing in `input`; call again with what was not consumed. Throws chunk_error.
  step next(std::span<const std::byte> input);

  std::uint64_t size() const noexcept { return size_; }
  /// The extension of the chunk (behind `;`) or the trailing line.
  const std::string& line() const noexcept { return line_; }

 private:
  enum class state { size_line, data, data_end, trailers, done };
  bool take_line(std::span<const std::byte> input, std::size_t& consumed);
  event begin_chunk();

  state state_ = state::size_line;
  std::string partial_;  ///< of a line that goes on in later input
  std::string line_;
  std::uint64_t size_ = 0;
  std::uint64_t left_ = 0;
};

}  // namespace beatsync::s3_server
