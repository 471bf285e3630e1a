#pragma once

/// Flags that people know from aws-cli, s5cmd, rclone, mc and s3cmd and that are not built here.
/// They are refused by name with what to do instead, never ignored: a `--delete` or `--sse` that
/// silently did nothing would be a promise broken. Pure.

#include <string_view>

namespace beatsync::cli {

/// What to do instead of this flag (`--acl`, without `=value`); empty where it is none of these.
std::string_view advice_for_unbuilt(std::string_view flag) noexcept;

}  // namespace beatsync::cli
