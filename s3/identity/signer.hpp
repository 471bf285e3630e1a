#pragma once

/// AWS Signature Version 4 in the Authorization header, for S3 (path signed as sent, encoded once)
/// and STS.
///
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
/// A pure function of its arguments but for the derived key, which is remembered per day, region
/// and secret. A signer belongs to one thread. No errors: what is given is signed.

#include "s3/hash.hpp"
#include "s3/identity/credentials.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace beatsync::s3 {

inline constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";
/// SHA-256 of nothing, for requests without a body.
inline constexpr std::string_view empty_payload_hash =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

struct signable_request {
  std::string_view method;
  std::string_view host;   ///< the Host header: with the port where it is not the scheme's own
  std::string_view path;   ///< as in the request line, percent-encoded, from the first `/`
  std::string_view query;  ///< from canonical_query(), without `?`
  /// Further headers to sign, names in lower case, in any order; not host, authorization,
  /// x-amz-date, x-amz-content-sha256 or x-amz-security-token. All x-amz-* headers sent must be
  /// among them.
  std::span<const std::pair<std::string, std::string>> headers;
  std::string_view payload_hash = unsigned_payload;  ///< or the lower-case hex SHA-256 of the body
};

class signer {
 public:
  explicit signer(std::string service = "s3");

  /// Header lines to send, each ended by CRLF: `x-amz-date`, `x-amz-content-sha256` (S3 only),
  /// `x-amz-security-token` (with temporary credentials), `Authorization`.
  std::string sign(const signable_request& request, const credentials& keys,
                   std::string_view region, std::chrono::sys_seconds now);

  /// The two texts that are hashed on the way, for tests and for finding out why a store disagrees.
  std::string canonical_request(const signable_request& request, const credentials& keys,
                                std::chrono::sys_seconds now) const;
  std::string string_to_sign(std::string_view canonical_request, std::string_view region,
                             std::chrono::sys_seconds now) const;

 private:
  hmac_sha256_key& signing_key(std::string_view day, std::string_view region,
                               const std::string& secret);

  std::string service_;
  std::string cached_day_;
  std::string cached_region_;
  std::string cached_secret_;
  std::optional<hmac_sha256_key> cached_key_;
};

}  // namespace beatsync::s3
