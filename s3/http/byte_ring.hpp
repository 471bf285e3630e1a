#pragma once

/// A growing buffer that is filled at its end and emptied at its front, as one contiguous piece.
///
/// Between socket and TLS: filled and emptied in turns, so bytes are rarely moved. Memory comes
/// when it is first wanted and is not initialised. Belongs to one thread. No errors.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>

namespace beatsync::s3 {

class byte_ring {
 public:
  std::size_t size() const noexcept { return end_ - begin_; }
  std::size_t space() const noexcept { return capacity_ - end_; }
  std::size_t capacity() const noexcept { return capacity_; }
  bool empty() const noexcept { return begin_ == end_; }

  std::span<const std::byte> data() const noexcept { return {bytes_.get() + begin_, size()}; }
  std::span<std::byte> tail() noexcept { return {bytes_.get() + end_, space()}; }

  void filled(std::size_t n) noexcept { end_ += n; }
  void consumed(std::size_t n) noexcept {
    begin_ += n;
    if (begin_ == end_) begin_ = end_ = 0;
  }
  void clear() noexcept { begin_ = end_ = 0; }

  /// At least `wish` bytes at the tail, the present ones staying in front of them.
  void make_space(std::size_t wish) {
    if (space() >= wish) return;
    if (capacity_ - size() >= wish) {
      std::memmove(bytes_.get(), bytes_.get() + begin_, size());
    } else {
      const std::size_t larger = size() + wish;
      auto fresh = std::make_unique_for_overwrite<std::byte[]>(larger);
      if (!empty()) std::memcpy(fresh.get(), bytes_.get() + begin_, size());
      bytes_ = std::move(fresh);
      capacity_ = larger;
    }
    end_ -= begin_;
    begin_ = 0;
  }

  void append(std::span<const std::byte> more) {
    if (more.empty()) return;
    make_space(more.size());
    std::memcpy(bytes_.get() + end_, more.data(), more.size());
    end_ += more.size();
  }

  /// Moves up to out.size() bytes from the front into `out`.
  std::size_t take(std::span<std::byte> out) noexcept {
    const std::size_t n = std::min(out.size(), size());
    if (n == 0) return 0;
    std::memcpy(out.data(), bytes_.get() + begin_, n);
    consumed(n);
    return n;
  }

 private:
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace beatsync::s3
