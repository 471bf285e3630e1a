#pragma once

/// Percent coding as S3 wants it, from the raw bytes of the wire. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::s3_server {

using text_pairs = std::vector<std::pair<std::string, std::string>>;

/// Nothing where a `%` is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);

/// SigV4's UriEncode: everything but A-Z a-z 0-9 - . _ ~ (and `/` where it is kept).
std::string uri_encode(std::string_view text, bool keep_slash);

/// The spelling of `encoding-type=url` in listings: Java's URLEncoder with `/` kept, so a blank is
/// `+`, `*` stays and `~` does not (as MinIO copied it from AWS: cmd/api-utils.go, s3URLEncode).
std::string listing_encode(std::string_view text);

/// Decoded names and values in their order; nothing where a `%` is malformed.
std::optional<text_pairs> parse_query(std::string_view raw);

}  // namespace beatsync::s3_server
