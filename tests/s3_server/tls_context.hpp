#pragma once

/// The TLS side of the server as its options describe it.

#include "tests/s3_server/options.hpp"

#include <memory>

extern "C" {
typedef struct ssl_ctx_st SSL_CTX;
}

namespace beatsync::s3_server {

/// Throws std::runtime_error when certificate, key or ciphers cannot be used.
std::shared_ptr<SSL_CTX> make_tls_context(const server_options& options);

}  // namespace beatsync::s3_server
