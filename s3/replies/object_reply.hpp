#pragma once

/// What the head of an answer says of an object. Pure; any thread. Server bytes: everything is
/// checked, what makes no sense is left out.

#include "s3/http/reply_parser.hpp"
#include "s3/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::s3 {

/// Everything but the size, which depends on the kind of answer.
object_head read_object_head(const reply_head& head);

/// `"abc"` and `W/"abc"` as `abc`.
std::string unquoted_etag(std::string_view field);

/// `Content-Range: bytes 0-9/100`.
struct content_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t total = 0;
};
/// Nothing unless it is exactly of that form and first <= last < total.
std::optional<content_range> parse_content_range(std::string_view field);

/// Decimal digits only, within 64 bits.
std::optional<std::uint64_t> parse_number(std::string_view digits);

}  // namespace beatsync::s3
