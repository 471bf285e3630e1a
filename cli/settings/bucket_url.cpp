#include "cli/settings/bucket_url.hpp"

#include "s3/printable.hpp"

namespace beatsync::cli {

namespace {
constexpr std::string_view scheme = "s3://";
}

std::string bucket_url::text(std::string_view below) const {
  return std::string(scheme) + bucket + "/" + prefix + std::string(below);
}

bool is_bucket_url(std::string_view text) noexcept { return text.starts_with(scheme); }

result<bucket_url> parse_bucket_url(std::string_view text, std::string_view what) {
  const std::string begin = std::string(what) + " is `" + s3::printable(text) + "`: ";
  if (!is_bucket_url(text)) {
    if (text.find("://") != std::string_view::npos) {
      return usage_error{begin +
                         "expected s3://bucket or s3://bucket/prefix. (The address of the server "
                         "goes into ENDPOINT_URL or --endpoint-url.)"};
    }
    return usage_error{begin + "expected s3://bucket or s3://bucket/prefix, perhaps s3://" +
                       s3::printable(text) + "."};
  }
  const std::string_view rest = text.substr(scheme.size());
  const std::size_t slash = rest.find('/');
  bucket_url url;
  url.bucket = rest.substr(0, slash);
  if (url.bucket.empty()) return usage_error{begin + "the bucket's name is missing."};
  if (slash == std::string_view::npos) return url;
  url.prefix = rest.substr(slash + 1);
  while (url.prefix.ends_with('/')) url.prefix.pop_back();
  if (!url.prefix.empty()) url.prefix += '/';
  return url;
}

bool within(const bucket_url& inner, const bucket_url& outer) {
  return inner.bucket == outer.bucket && inner.prefix.starts_with(outer.prefix);
}

}  // namespace beatsync::cli
