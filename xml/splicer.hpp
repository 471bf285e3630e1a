#pragma once

/// Hands a stream of bytes on as it came, except for the ranges that were replaced.
///
/// Of the input it keeps what nobody has dealt with yet (the open token) and of the output one
/// block, so that the receiver gets few and large pieces. All offsets count from the beginning of
/// the input. Not shared between threads at the same time.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace beatsync::xml {

class splicer {
 public:
  using output = std::function<void(std::span<const char>)>;

  explicit splicer(output out) : out_(std::move(out)) {}

  /// The next bytes of the input; they must stay where they are until end_block().
  void begin_block(std::span<const char> block);

  /// Bytes of the input behind the offset given to end_block() last; valid until the next call.
  std::string_view bytes(std::uint64_t offset, std::size_t size);

  /// `text` instead of the bytes from `begin` to `end`. Ranges come in rising order.
  void replace(std::uint64_t begin, std::uint64_t end, std::string_view text);

  /// There will be no replacement before `settled`.
  void end_block(std::uint64_t settled);

  /// Hands on all that is left.
  void finish();

 private:
  std::uint64_t block_begin() const noexcept { return pending_begin_ + pending_.size(); }
  void copy_until(std::uint64_t offset);
  void copy(std::string_view piece);
  void gather(std::string_view bytes);
  void hand_on();

  output out_;
  std::string pending_;              ///< input before the present block that is not settled
  std::uint64_t pending_begin_ = 0;  ///< its offset
  std::string_view block_;           ///< the present block: it is not copied …
  std::string stitched_;             ///< … but for a token that begins in pending_ and ends in it
  std::uint64_t copied_ = 0;         ///< offset up to which the input is in the output
  std::string gathered_;             ///< output waiting to be handed on
};

}  // namespace beatsync::xml
