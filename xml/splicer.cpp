#include "xml/splicer.hpp"

#include <algorithm>

namespace beatsync::xml {
namespace {

/// What is handed on at one time. A file system takes few large writes with less work than many
/// small ones (performance.md 7c).
constexpr std::size_t gathered_size = 256 * 1024;

/// From this size on, bytes are handed on as they are instead of being gathered first.
constexpr std::size_t worth_its_own_call = 32 * 1024;

}  // namespace

void splicer::begin_block(std::span<const char> block) {
  block_ = std::string_view(block.data(), block.size());
}

std::string_view splicer::bytes(std::uint64_t offset, std::size_t size) {
  if (offset >= block_begin()) {
    return block_.substr(static_cast<std::size_t>(offset - block_begin()), size);
  }
  const std::string_view waiting =
      std::string_view(pending_).substr(static_cast<std::size_t>(offset - pending_begin_), size);
  if (waiting.size() == size) return waiting;
  stitched_.assign(waiting);
  stitched_.append(block_.substr(0, size - waiting.size()));
  return stitched_;
}

void splicer::replace(std::uint64_t begin, std::uint64_t end, std::string_view text) {
  copy_until(begin);
  gather(text);
  copied_ = end;
}

void splicer::end_block(std::uint64_t settled) {
  copy_until(settled);
  if (settled >= block_begin()) {
    pending_.assign(block_.substr(static_cast<std::size_t>(settled - block_begin())));
  } else {
    pending_.erase(0, static_cast<std::size_t>(settled - pending_begin_));
    pending_.append(block_);
  }
  pending_begin_ = settled;
  block_ = {};
}

void splicer::finish() {
  copy_until(block_begin());
  hand_on();
}

void splicer::copy_until(std::uint64_t offset) {
  if (copied_ < block_begin() && copied_ < offset) {
    const std::uint64_t end = std::min(offset, block_begin());
    copy(std::string_view(pending_).substr(static_cast<std::size_t>(copied_ - pending_begin_),
                                           static_cast<std::size_t>(end - copied_)));
    copied_ = end;
  }
  if (copied_ < offset) {
    copy(block_.substr(static_cast<std::size_t>(copied_ - block_begin()),
                       static_cast<std::size_t>(offset - copied_)));
    copied_ = offset;
  }
}

void splicer::copy(std::string_view piece) {
  if (piece.size() < worth_its_own_call) {
    gather(piece);
  } else {
    hand_on();
    out_(std::span<const char>(piece.data(), piece.size()));
  }
}

void splicer::gather(std::string_view bytes) {
  gathered_.append(bytes);
  if (gathered_.size() >= gathered_size) hand_on();
}

void splicer::hand_on() {
  if (!gathered_.empty()) out_(std::span<const char>(gathered_.data(), gathered_.size()));
  gathered_.clear();
}

}  // namespace beatsync::xml
