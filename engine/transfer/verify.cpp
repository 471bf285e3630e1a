#include "engine/transfer/verify.hpp"

#include "s3/checksum.hpp"
#include "s3/hash.hpp"

#include <algorithm>
#include <optional>

namespace beatsync::engine {
namespace {

bool is_md5(const std::string& etag) noexcept {
  const auto is_hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  return etag.size() == 32 && std::ranges::all_of(etag, is_hex);
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c + 32);
  }
  return text;
}

/// Whichever of the two the evidence asks for.
class digest {
 public:
  explicit digest(const s3::object_head& head)
      : head_(head), kind_(evidence_of(head)), crc_(head.full_checksum.algorithm) {
    if (kind_ == evidence::md5) md5_.emplace();
  }

  void update(std::span<const std::byte> bytes) {
    if (kind_ == evidence::checksum) crc_.update(bytes);
    if (md5_) md5_->update(bytes);
  }

  bool agrees() {
    switch (kind_) {
      case evidence::checksum:
        return crc_.value() == head_.full_checksum;
      case evidence::md5:
        return md5_->hex() == lower(head_.etag);
      case evidence::none:
        return true;
    }
    return false;
  }

 private:
  const s3::object_head& head_;
  const evidence kind_;
  s3::crc_stream crc_;
  std::optional<s3::md5_stream> md5_;
};

}  // namespace

evidence evidence_of(const s3::object_head& head) noexcept {
  if (head.full_checksum.known()) return evidence::checksum;
  return head.etag_is_md5 && is_md5(head.etag) ? evidence::md5 : evidence::none;
}

bool matches(std::span<const std::byte> bytes, const s3::object_head& head) {
  digest d(head);
  d.update(bytes);
  return d.agrees();
}

fs_result<bool> file_matches(folder& where, const std::string& name, const s3::object_head& head,
                             std::span<std::byte> buffer) {
  auto file = where.open_file(name);
  if (file.has_error()) return file.error();
  digest d(head);
  for (std::uint64_t at = 0;;) {
    const auto got = (*file)->read_at(at, buffer);
    if (got.has_error()) return got.error();
    d.update(buffer.first(*got));
    at += *got;
    if (*got < buffer.size()) break;
  }
  return d.agrees();
}

}  // namespace beatsync::engine
