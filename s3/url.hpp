#pragma once

/// Absolute http(s) URLs taken apart: endpoints of S3, STS and SSO. Pure; any thread. Errors:
/// bad_configuration.

#include "s3/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace beatsync::s3 {

struct url_parts {
  bool tls = true;
  std::string host;  ///< lower case, without brackets
  std::uint16_t port = 443;
  std::string target;  ///< path and query, at least `/`
  bool ip_address = false;
};

/// Refuses user names, fragments, other schemes, and hosts with bytes that no host name has.
result<url_parts> parse_url(std::string_view url);

}  // namespace beatsync::s3
