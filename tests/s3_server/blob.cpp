#include "tests/s3_server/blob.hpp"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

namespace beatsync::s3_server {
namespace {

constexpr std::size_t piece_size = std::size_t{1} << 20U;

struct piece {
  std::unique_ptr<std::byte[]> bytes;
  std::size_t size = 0;
};

/// A list of pieces that are full but for the last one.
class memory_blob final : public blob {
 public:
  memory_blob(std::vector<piece> pieces, std::uint64_t size)
      : pieces_(std::move(pieces)), size_(size) {}

  std::uint64_t size() const noexcept override { return size_; }

  std::unique_ptr<blob_reader> open() const override {
    struct reader final : blob_reader {
      explicit reader(const memory_blob& owner) : blob_(owner) {}
      std::span<const std::byte> read(std::uint64_t offset, std::span<std::byte> scratch) override {
        if (offset >= blob_.size_) return {};
        const auto& found = blob_.pieces_[offset / piece_size];
        const std::size_t skip = offset % piece_size;
        return {found.bytes.get() + skip, std::min(found.size - skip, scratch.size())};
      }
      const memory_blob& blob_;
    };
    return std::make_unique<reader>(*this);
  }

 private:
  std::vector<piece> pieces_;
  std::uint64_t size_;
};

class memory_writer final : public blob_writer {
 public:
  explicit memory_writer(std::uint64_t expected) : expected_(expected) {}

  std::span<std::byte> prepare() override {
    if (pieces_.empty() || pieces_.back().size == capacity_) {
      const auto missing = expected_ > size_ ? expected_ - size_ : piece_size;
      capacity_ = static_cast<std::size_t>(std::min<std::uint64_t>(missing, piece_size));
      // A piece that is not the last one has to be full, so only a known size makes a short one.
      if (expected_ == 0) capacity_ = piece_size;
      pieces_.push_back({std::make_unique_for_overwrite<std::byte[]>(capacity_), 0});
    }
    return {pieces_.back().bytes.get() + pieces_.back().size, capacity_ - pieces_.back().size};
  }

  void commit(std::size_t size) override {
    pieces_.back().size += size;
    size_ += size;
  }

  blob_ptr finish() override { return std::make_shared<memory_blob>(std::move(pieces_), size_); }

 private:
  const std::uint64_t expected_;
  std::vector<piece> pieces_;
  std::size_t capacity_ = 0;
  std::uint64_t size_ = 0;
};

class joined final : public blob {
 public:
  explicit joined(std::vector<blob_ptr> pieces) : pieces_(std::move(pieces)) {
    for (const auto& part : pieces_) {
      begins_.push_back(size_);
      size_ += part->size();
    }
  }

  std::uint64_t size() const noexcept override { return size_; }

  std::unique_ptr<blob_reader> open() const override {
    struct reader final : blob_reader {
      explicit reader(const joined& owner) : blob_(owner) {}
      std::span<const std::byte> read(std::uint64_t offset, std::span<std::byte> scratch) override {
        if (offset >= blob_.size_) return {};
        const auto above = std::upper_bound(blob_.begins_.begin(), blob_.begins_.end(), offset);
        const auto index = static_cast<std::size_t>(above - blob_.begins_.begin()) - 1;
        if (!current_ || index != index_) {
          current_ = blob_.pieces_[index]->open();
          index_ = index;
        }
        return current_->read(offset - blob_.begins_[index], scratch);
      }
      const joined& blob_;
      std::unique_ptr<blob_reader> current_;
      std::size_t index_ = 0;
    };
    return std::make_unique<reader>(*this);
  }

 private:
  std::vector<blob_ptr> pieces_;
  std::vector<std::uint64_t> begins_;
  std::uint64_t size_ = 0;
};

class damaged final : public blob {
 public:
  damaged(blob_ptr original, std::uint64_t bit) : original_(std::move(original)), bit_(bit) {}

  std::uint64_t size() const noexcept override { return original_->size(); }

  std::unique_ptr<blob_reader> open() const override {
    struct reader final : blob_reader {
      explicit reader(const damaged& owner) : inner_(owner.original_->open()), bit_(owner.bit_) {}
      std::span<const std::byte> read(std::uint64_t offset, std::span<std::byte> scratch) override {
        const auto view = inner_->read(offset, scratch);
        const auto at = bit_ / 8;
        if (at < offset || at >= offset + view.size()) return view;
        if (view.data() != scratch.data()) std::memcpy(scratch.data(), view.data(), view.size());
        scratch[at - offset] ^= static_cast<std::byte>(1U << (bit_ % 8));
        return scratch.first(view.size());
      }
      std::unique_ptr<blob_reader> inner_;
      std::uint64_t bit_;
    };
    return std::make_unique<reader>(*this);
  }

 private:
  blob_ptr original_;
  std::uint64_t bit_;
};

class pattern final : public blob {
 public:
  pattern(std::uint64_t size, std::uint64_t seed) : size_(size), block_(piece_size / 8) {
    std::mt19937_64 random(seed);
    std::generate(block_.begin(), block_.end(), std::ref(random));
  }

  std::uint64_t size() const noexcept override { return size_; }

  std::unique_ptr<blob_reader> open() const override {
    struct reader final : blob_reader {
      explicit reader(const pattern& owner) : blob_(owner) {}
      std::span<const std::byte> read(std::uint64_t offset, std::span<std::byte> scratch) override {
        const auto block = std::as_bytes(std::span(blob_.block_));
        const auto skip = static_cast<std::size_t>(offset % piece_size);
        const auto left = std::min<std::uint64_t>(blob_.size_ - offset, scratch.size());
        return block.subspan(
            skip, std::min<std::size_t>(static_cast<std::size_t>(left), piece_size - skip));
      }
      const pattern& blob_;
    };
    return std::make_unique<reader>(*this);
  }

 private:
  std::uint64_t size_;
  std::vector<std::uint64_t> block_;
};

}  // namespace

void blob_writer::write(std::span<const std::byte> data) {
  while (!data.empty()) {
    const auto room = prepare();
    const auto step = std::min(room.size(), data.size());
    std::memcpy(room.data(), data.data(), step);
    commit(step);
    data = data.subspan(step);
  }
}

std::unique_ptr<blob_writer> make_memory_writer(std::uint64_t expected) {
  return std::make_unique<memory_writer>(expected);
}

blob_ptr text_blob(std::string_view text) {
  memory_writer writer(text.size());
  writer.write(std::as_bytes(std::span(text.data(), text.size())));
  return writer.finish();
}

blob_ptr joined_blob(std::vector<blob_ptr> pieces) {
  if (pieces.size() == 1) return pieces.front();
  std::erase_if(pieces, [](const blob_ptr& part) { return part->size() == 0; });
  return std::make_shared<joined>(std::move(pieces));
}

blob_ptr damaged_blob(blob_ptr original, std::uint64_t bit) {
  return std::make_shared<damaged>(std::move(original), bit);
}

blob_ptr pattern_blob(std::uint64_t size, std::uint64_t seed) {
  return std::make_shared<pattern>(size, seed);
}

std::string to_string(const blob& body) {
  std::string text;
  std::vector<std::byte> scratch(piece_size);
  const auto reader = body.open();
  while (text.size() < body.size()) {
    const auto view = reader->read(text.size(), scratch);
    text.append(reinterpret_cast<const char*>(view.data()), view.size());
  }
  return text;
}

}  // namespace beatsync::s3_server
