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

  /// Bytes of the input behind the offset given to end_block() last.
  std::string_view bytes(std::uint64_t offset, std::size_t size) const noexcept;

  /// `text` instead of the bytes from `begin` to `end`. Ranges come in rising order.
  void replace(std::uint64_t begin, std::uint64_t end, std::string_view text);

  /// There will be no replacement before `settled`.
  void end_block(std::uint64_t settled);

  /// Hands on all that is left.
  void finish();

 private:
  void copy_until(std::uint64_t offset);
  void gather(std::string_view bytes);
  void hand_on();

  output out_;
  std::string pending_;      ///< input that is not settled, when it began in an earlier block
  std::string_view window_;  ///< pending_ with the present block behind it, or the block alone
  std::uint64_t window_begin_ = 0;  ///< its offset
  std::uint64_t copied_ = 0;        ///< offset up to which the input is in the output
  std::string gathered_;            ///< output waiting to be handed on
};

}  // namespace beatsync::xml
