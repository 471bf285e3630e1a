#pragma once

/// `s3://bucket[/prefix]`. Pure.

#include "cli/settings/usage_error.hpp"

#include <string>
#include <string_view>

namespace beatsync::cli {

struct bucket_url {
  std::string bucket;
  std::string prefix;  ///< "" or ending in "/"

  /// `s3://bucket/prefix` with `below` appended, for people and `--json`.
  std::string text(std::string_view below = {}) const;
};

bool is_bucket_url(std::string_view text) noexcept;

/// Every key of `inner` is one of `outer`.
bool within(const bucket_url& inner, const bucket_url& outer);

/// `what` begins the message: `BUCKET_URL in /x/config.json`, `DST`. Trailing slashes mean nothing.
/// Whether the bucket's name is one is the store's to say.
result<bucket_url> parse_bucket_url(std::string_view text, std::string_view what);

/// A place that is no bucket URL is a folder, but not where it looks like a URL (`s3:/b`, `S3://b`,
/// `https://host/b`): a whole bucket would land in a folder of that name.
result<void> check_folder_name(std::string_view text, std::string_view what);

}  // namespace beatsync::cli
