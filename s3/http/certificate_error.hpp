#pragma once

/// Says in words why a server's certificate was not believed, and what to do about it.
/// Pure; on the thread of the handle.

#include "s3/error.hpp"
#include "s3/http/tls_context.hpp"

#include <optional>
#include <string>

namespace beatsync::s3 {

/// Nothing where the certificate was not what the handshake failed for.
std::optional<error> certificate_error(const SSL& ssl, const std::string& host);

}  // namespace beatsync::s3
