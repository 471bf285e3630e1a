#include "cli/settings/bucket_url.hpp"

#include "s3/printable.hpp"

#include <algorithm>

namespace beatsync::cli {

namespace {
constexpr std::string_view scheme = "s3://";

/// `s3:/b`, `S3://b`
bool begins_as_s3(std::string_view text) noexcept {
  return text.size() > 2 && (text[0] == 's' || text[0] == 'S') && text.substr(1, 2) == "3:";
}

/// What a text that is no bucket URL may have been meant to be; empty where that is not to be seen.
std::string likely_url(std::string_view text) {
  if (begins_as_s3(text)) text.remove_prefix(3);
  text.remove_prefix(std::min(text.find_first_not_of('/'), text.size()));
  if (text.empty() || text.find("://") != std::string_view::npos) return {};
  return std::string(scheme) + s3::printable(text);
}

/// What to write for `arn:aws:s3:…`. Of an access point, requests know the alias in a bucket's
/// place. https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html
std::string instead_of_arn(std::string_view arn) {
  if (arn.find(":accesspoint") == std::string_view::npos)
    return "use the name of the bucket, not its ARN.";
  const bool of_one_region = arn.find(":s3::") == std::string_view::npos;
  if (!of_one_region) return "access points of several regions are not supported.";
  return "use the alias of the access point (…-s3alias), not its ARN.";
}

}  // namespace

std::string bucket_url::text(std::string_view below) const {
  return std::string(scheme) + bucket + "/" + prefix + std::string(below);
}

bool is_bucket_url(std::string_view text) noexcept { return text.starts_with(scheme); }

result<bucket_url> parse_bucket_url(std::string_view text, std::string_view what) {
  const std::string begin = std::string(what) + " is `" + s3::printable(text) + "`: ";
  if (!is_bucket_url(text)) {
    const std::string likely = likely_url(text);
    const std::string expected = begin + "expected s3://bucket or s3://bucket/prefix";
    if (!likely.empty()) return usage_error{expected + ", perhaps " + likely + "."};
    return usage_error{expected +
                       ". (The address of the server goes into ENDPOINT_URL or --endpoint-url.)"};
  }
  const std::string_view rest = text.substr(scheme.size());
  const std::size_t slash = rest.find('/');
  bucket_url url;
  url.bucket = rest.substr(0, slash);
  if (url.bucket.empty()) return usage_error{begin + "the bucket's name is missing."};
  if (url.bucket.starts_with("arn:")) return usage_error{begin + instead_of_arn(url.bucket)};
  if (slash == std::string_view::npos) return url;
  url.prefix = rest.substr(slash + 1);
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  if (!url.prefix.empty()) url.prefix += '/';
  return url;
}

result<void> check_folder_name(std::string_view text, std::string_view what) {
  const std::size_t colon = text.find("://");
  const bool has_scheme = colon != std::string_view::npos && text.find('/') > colon;
  if (!has_scheme && !begins_as_s3(text)) return {};
  const std::string shown = s3::printable(text);
  const std::string likely = likely_url(text);
  return usage_error{std::string(what) + " is `" + shown + "`: expected s3://bucket[/prefix]" +
                     (likely.empty() ? std::string() : ", perhaps " + likely) +
                     "; a folder of that name is ./" + shown + "."};
}

bool within(const bucket_url& inner, const bucket_url& outer) {
  return inner.bucket == outer.bucket && inner.prefix.starts_with(outer.prefix);
}

}  // namespace beatsync::cli
