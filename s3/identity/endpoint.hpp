#pragma once

/// Which server to talk to, how the bucket is addressed there, and which region is signed. Deciding
/// only; no socket, no resolver. Pure; any thread. Errors: bad_configuration, with what to write
/// instead.

#include "s3/error.hpp"
#include "s3/identity/aws_config.hpp"
#include "s3/identity/environment.hpp"
#include "s3/url.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::s3 {

enum class addressing_style : std::uint8_t { automatic, path, virtual_hosted };

/// A server and one bucket on it.
struct endpoint {
  bool tls = true;
  std::string
      host;  ///< of the service, without bucket and brackets: `s3.eu-west-1.amazonaws.com`, `::1`
  std::uint16_t port = 443;
  std::string base;  ///< path before the bucket, encoded: empty, or `/storage/v1/s3`
  std::string bucket;
  bool path_style = false;
  bool aws = false;  ///< chosen from the region, so that it changes with it
  std::string
      source;  ///< for people: `--endpoint-url`, `AWS_ENDPOINT_URL_S3`, `region eu-west-1`, …

  /// What to resolve, connect to, and verify the certificate for.
  std::string connect_host() const;
  /// Value of the Host header: the port only where it is not the scheme's own, brackets for IPv6.
  std::string host_header() const;
  /// Path of a request, encoded: `/key`, `/bucket/key`, `/base/bucket/key`; with an empty key `/`,
  /// `/bucket` or `/base/bucket`.
  std::string path_of(std::string_view key) const;
  /// `https://host[:port][/base]`, for messages.
  std::string url() const;
  /// `https://host[:port]`, and path_of(key) behind it.
  std::string url_of(std::string_view key) const;
};

struct endpoint_wishes {
  std::string bucket;
  std::string flag_url;        ///< `--endpoint-url` or BEATSYNC_ENDPOINT_URL
  std::string flag_source;     ///< which of them, for people; empty: the flag
  std::string configured_url;  ///< ENDPOINT_URL of config.json
  std::string
      region;  ///< from choose_region(); may be empty: us-east-1's host, which knows all buckets
  addressing_style style = addressing_style::automatic;
};

/// flag_url; AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL; configured_url; the profile's (services section
/// first, then endpoint_url); else AWS. AWS_IGNORE_CONFIGURED_ENDPOINT_URLS (or the profile's
/// ignore_configured_endpoint_urls) switches off those of environment and profile.
/// Style: as wished; else the profile's `s3 = addressing_style`; else path for buckets with dots,
/// upper case or underscores, for IP addresses and localhost and every endpoint that is not AWS's.
/// A URL may have a path (Supabase: `https://host/storage/v1/s3`), before which no bucket can stand
/// in the host name; refused are `.`, `..`, empty segments, what is not visible ASCII, escapes, and
/// the bucket's own name at the end.
result<endpoint> choose_endpoint(const endpoint_wishes& wishes, const environment& env,
                                 const aws_config& files, const aws_section& profile);

/// The same bucket in another region, after the store named it. Endpoints that are not AWS's stay.
endpoint in_region(const endpoint& where, std::string_view region);

/// flag; AWS_REGION; AWS_DEFAULT_REGION; config.json; profile; else "" = ask the bucket.
std::string choose_region(std::string_view flag, std::string_view configured,
                          const environment& env, const aws_section& profile);

/// S3's naming rules, with the older, wider ones of us-east-1 that existing buckets may have (3 to
/// 255 bytes of letters, digits, `.`, `-`, `_`).
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
result<void> check_bucket_name(std::string_view bucket);

/// Letters, digits and dashes only: a region goes into a host name and a signature.
bool is_region_name(std::string_view region) noexcept;

/// `auto`, `path`, `virtual`; nothing for anything else.
std::optional<addressing_style> addressing_style_from(std::string_view text) noexcept;

/// `amazonaws.com` or the suffix of the region's partition (`amazonaws.com.cn`, …).
std::string_view dns_suffix(std::string_view region) noexcept;

}  // namespace beatsync::s3
