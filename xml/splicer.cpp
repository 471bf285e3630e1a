#include "xml/splicer.hpp"

namespace beatsync::xml {
namespace {

/// What is handed on at one time: the size of the blocks that come in.
constexpr std::size_t gathered_size = 256 * 1024;

/// From this size on, bytes are handed on as they are instead of being gathered first.
constexpr std::size_t worth_its_own_call = 64 * 1024;

}  // namespace

void splicer::begin_block(std::span<const char> block) {
  if (pending_.empty()) {
    window_ = std::string_view(block.data(), block.size());
  } else {
    pending_.append(block.data(), block.size());
    window_ = pending_;
  }
}

std::string_view splicer::bytes(std::uint64_t offset, std::size_t size) const noexcept {
  return window_.substr(static_cast<std::size_t>(offset - window_begin_), size);
}

void splicer::replace(std::uint64_t begin, std::uint64_t end, std::string_view text) {
  copy_until(begin);
  gather(text);
  copied_ = end;
}

void splicer::end_block(std::uint64_t settled) {
  copy_until(settled);
  const auto done = static_cast<std::size_t>(settled - window_begin_);
  if (pending_.empty()) {
    pending_.assign(window_.substr(done));
  } else {
    pending_.erase(0, done);
  }
  window_ = pending_;
  window_begin_ = settled;
}

void splicer::finish() {
  copy_until(window_begin_ + window_.size());
  hand_on();
}

void splicer::copy_until(std::uint64_t offset) {
  if (offset <= copied_) return;
  const std::string_view piece = bytes(copied_, static_cast<std::size_t>(offset - copied_));
  copied_ = offset;
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
