#pragma once

/// The time of a file as object metadata, in rclone's form: `x-amz-meta-mtime`, seconds since 1970
/// in decimal with up to nine places, trailing zeros cut (`1600000000.25`).
/// https://rclone.org/s3/#modification-times. Pure.

#include "s3/types.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::engine {

inline constexpr std::string_view mtime_metadata_name = "mtime";

std::string format_mtime(std::int64_t mtime_ns);

/// Nothing where the text is not a decimal number or beyond what nanoseconds in 64 bits hold (years
/// 1677 to 2262). Digits after the ninth place are cut.
std::optional<std::int64_t> parse_mtime(std::string_view text);

/// Times outside of what parse_mtime() takes become the first or the last that it does.
std::int64_t nanoseconds_of(s3::time_point t) noexcept;

/// The object's time: its metadata, else LastModified (contract.md §5).
std::int64_t mtime_of(const s3::object_head& head);

/// A time as stat(2) tells it; the first or the last that parse_mtime() takes, where it lies
/// beyond.
std::int64_t nanoseconds_of(std::int64_t seconds, std::int64_t nanoseconds) noexcept;

}  // namespace beatsync::engine
