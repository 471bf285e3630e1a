#include "engine/copy/copy_likeness.hpp"

#include "s3/hash.hpp"

#include <array>
#include <charconv>
#include <span>
#include <string>
#include <string_view>

namespace beatsync::engine {

namespace {

/// `md5(md5(part))-1`; empty where `etag` is no MD5.
std::string etag_of_one_part(std::string_view etag) {
  std::array<unsigned char, 16> digest{};
  if (etag.size() != 2 * digest.size()) return {};
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const char* at = etag.data() + 2 * i;
    const auto [end, problem] = std::from_chars(at, at + 2, digest[i], 16);
    if (problem != std::errc() || end != at + 2) return {};
  }
  s3::md5_stream md5;
  md5.update(std::as_bytes(std::span(digest)));
  return md5.hex() + "-1";
}

}  // namespace

likeness likeness_of(const s3::object_head& source, const s3::object_head& copy) {
  const auto verdict_of = [](bool same) { return same ? likeness::same : likeness::different; };
  if (source.size != copy.size) return likeness::different;
  if (source.full_checksum.known() &&
      source.full_checksum.algorithm == copy.full_checksum.algorithm) {
    return verdict_of(source.full_checksum == copy.full_checksum);
  }
  if (source.etag_is_md5 && copy.etag_is_md5) return verdict_of(source.etag == copy.etag);
  if (!source.etag.empty() && source.etag == copy.etag) return likeness::same;
  if (source.etag_is_md5 && etag_of_one_part(source.etag) == copy.etag) return likeness::same;
  return likeness::unknown;
}

}  // namespace beatsync::engine
