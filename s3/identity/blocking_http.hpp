#pragma once

/// The HTTP port of the credential providers (STS, SSO): one connection per try, over the same TLS
/// code as the clients, with an io_context of its own. Blocking; thread-safe.
///
/// Errors: those of a connection (resolve_failed … bad_reply), timed_out after 10 s in one phase,
/// and bad_configuration for a URL that is none. No redirect is followed. All addresses of a name
/// are tried; a call that found no answer, or 429 or 5xx, is made again, twice at most and only
/// within 20 s of its start.

#include "s3/identity/credentials.hpp"

#include <string>

namespace beatsync::s3 {

/// `ca_bundle` as in tls_context::create; it is read at the first call to an https:// URL.
http_port blocking_http(std::string ca_bundle);

}  // namespace beatsync::s3
