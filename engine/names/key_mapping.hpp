#pragma once

/// Keys and relative paths: the same bytes, where a key can be a path at all and a path can be a
/// key. Pure.
///
/// A key that is no path strictly below a root (`..`, `.`, empty segments, a leading or trailing
/// `/`, NUL) is hostile; names that are longer than the target can hold, or not UTF-8, are invalid.
/// A backslash, a newline or a `:` is an ordinary byte of a name here; a file system that refuses
/// it says so when the file is made.

#include "engine/run/report.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::engine {

/// Longest key S3 takes: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
inline constexpr std::size_t max_key_size = 1024;

/// NAME_MAX of Linux file systems, in bytes.
inline constexpr std::size_t max_name_size = 255;

/// Why a name cannot be moved.
struct name_problem {
  reason why = reason::hostile_name;  ///< or invalid_name
  const char* message = "";
};

/// May `relative` (a key without the prefix) become a file below a root?
std::optional<name_problem> problem_of_key(std::string_view relative) noexcept;

/// May `path` (below the root) become a key behind a prefix of `prefix_size` bytes?
std::optional<name_problem> problem_of_path(std::string_view path,
                                            std::size_t prefix_size) noexcept;

std::string key_of(std::string_view prefix, std::string_view path);

}  // namespace beatsync::engine
