#pragma once

/// Percent-encoding as S3 and SigV4 want it, and query strings in canonical form.
///
/// RFC 3986's unreserved characters stay (`A-Z a-z 0-9 - . _ ~`), every other byte becomes `%XX`
/// with upper-case digits. Nothing is ever normalised: `a//b`, `.` and `..` are ordinary keys.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html (UriEncode)
/// Pure functions, any thread.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::s3 {

/// For query names and values, and single path segments: `/` is encoded too.
std::string percent_encode(std::string_view text);

/// For a key in a path: `/` stays.
std::string percent_encode_path(std::string_view text);

/// What a `+` means when decoding.
enum class plus_sign : std::uint8_t {
  literal,  ///< URLs and our own metadata
  blank,    ///< S3's `encoding-type=url`, which is form encoding
};

/// Decodes exactly once. Nothing for a broken escape (`%`, `%4`, `%zz`).
std::optional<std::string> percent_decode(std::string_view text, plus_sign plus);

/// Decodes `size` bytes at `text` in place; returns the new size, nothing for a broken escape.
std::optional<std::size_t> percent_decode_in_place(char* text, std::size_t size, plus_sign plus);

/// Unencoded names and values, in any order. A parameter without a value has an empty one.
using query_parameters = std::vector<std::pair<std::string, std::string>>;

/// `a=1&b=&c=x%20y`: encoded and sorted by encoded name, then value. The same text is sent and
/// signed.
std::string canonical_query(const query_parameters& parameters);

}  // namespace beatsync::s3
