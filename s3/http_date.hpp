#pragma once

/// Times as HTTP, S3 and AWS write them. No locale, no time zone but UTC; years 0 to 9999 (gateways
/// pass on what file systems say: 1904 of HFS+, Go's zero time in the year 1).
/// Pure; any thread. What is not exactly one of the forms is "nothing".

#include "s3/types.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::s3 {

/// `Sun, 06 Nov 1994 08:49:37 GMT` and the two obsolete forms of RFC 7231, 7.1.1.1.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);
std::string format_http_date(std::chrono::sys_seconds time);

/// `2026-01-31T12:34:56Z`, with any fraction (cut to milliseconds) and `Z`, `UTC`, `+00:00` or
/// another offset: LastModified, Expiration, expiresAt, ServerTime. Programs of users write
/// `+0000`, `+00` and blanks for the `T` and before the offset, too (`date +%FT%T%z`, `date -u
/// "+%F %T %z"`).
std::optional<time_point> parse_iso8601(std::string_view text);

/// `20130524T000000Z`, as SigV4 has it in `x-amz-date`.
std::string format_amz_date(std::chrono::sys_seconds time);
std::optional<std::chrono::sys_seconds> parse_amz_date(std::string_view text);

/// `2026-01-31T12:34:56.000Z`, as S3 writes LastModified.
std::string format_iso8601(time_point time);

}  // namespace beatsync::s3
