#include "s3/client/write_proof.hpp"

#include "s3/hash.hpp"
#include "s3/http/body_pieces.hpp"

#include <array>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

namespace {

asio::awaitable<result<std::string>> md5_of(body_source& body) {
  md5_stream md5;
  const std::span<const std::byte> in_memory = body.in_memory();
  if (!in_memory.empty()) {
    md5.update(in_memory);
    co_return md5.hex();
  }
  const piece_taker add = [&md5](std::span<const std::byte> bytes) { md5.update(bytes); };
  const result<void> read = co_await for_each_piece(body, add);
  if (read.has_error()) co_return read.error();
  co_return md5.hex();
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool write_proof::needed_after(const failure& after) {
  const int http = after.what.http;
  const bool no_good_answer = http < 300;  // none at all, or a 200 that was no success
  if (no_good_answer) {
    left_open_ = true;
    return true;
  }
  if (http >= 500) {
    left_open_ = true;
    return false;
  }
  return left_open_;
}

asio::awaitable<std::optional<object_head>> write_proof::stored(std::uint64_t size, checksum sum,
                                                                body_source* body,
                                                                const std::string& etag) {
  const result<object_head> found = co_await find_();
  if (found.has_error() || found->size != size) co_return std::nullopt;
  if (sum.known() && found->full_checksum.algorithm == sum.algorithm) {
    if (found->full_checksum != sum) co_return std::nullopt;
    co_return *found;
  }
  if (!etag.empty() && found->etag == etag) co_return *found;
  if (body == nullptr || !found->etag_is_md5) co_return std::nullopt;
  const result<std::string> md5 = co_await md5_of(*body);
  if (md5.has_error() || *md5 != found->etag) co_return std::nullopt;
  co_return *found;
}

std::string multipart_etag(const std::vector<uploaded_part>& parts) {
  md5_stream all;
  for (const uploaded_part& part : parts) {
    if (part.etag.size() != 32) return {};
    std::array<std::byte, 16> digest{};
    for (std::size_t i = 0; i < digest.size(); ++i) {
      const int high = hex_digit(part.etag[2 * i]);
      const int low = hex_digit(part.etag[2 * i + 1]);
      if (high < 0 || low < 0) return {};
      digest[i] = static_cast<std::byte>(high * 16 + low);
    }
    all.update(digest);
  }
  return all.hex() + '-' + std::to_string(parts.size());
}

}  // namespace beatsync::s3
