#pragma once

/// TLS settings of a run: which authorities are believed, TLS 1.2 or newer, and the sessions that
/// servers let us resume.
///
/// Threads: any; the session cache is locked, at handshakes only. Must outlive every handle made
/// from it. Errors of create(): bad_configuration (the CA file cannot be read or holds no
/// certificate).

#include "s3/error.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

extern "C" {
typedef struct ssl_ctx_st SSL_CTX;  // as in openssl/types.h, which stays out of headers
typedef struct ssl_st SSL;
typedef struct ssl_session_st SSL_SESSION;
}

namespace beatsync::s3 {

struct free_ssl {
  void operator()(SSL* ssl) const noexcept;
};
using ssl_handle = std::unique_ptr<SSL, free_ssl>;

class tls_context {
 public:
  /// `ca_bundle`: a PEM file believed instead of the system's store (as AWS_CA_BUNDLE); empty: the
  /// system's store, with SSL_CERT_FILE and SSL_CERT_DIR honoured. `source`: who named it, for
  /// people.
  static result<std::shared_ptr<tls_context>> create(
      const std::string& ca_bundle, std::string_view source = "--ca-bundle or AWS_CA_BUNDLE");

  tls_context();
  ~tls_context();
  tls_context(const tls_context&) = delete;
  tls_context& operator=(const tls_context&) = delete;

  /// A handle for one connection to `host` (a name or an IP address): server name, verification
  /// and, where there is one, a session to resume are set. `*session_key` names the server in the
  /// cache and must live as long as the handle.
  ssl_handle new_handle(const std::string& host, const std::string* session_key);

  std::size_t remembered_sessions() const;

 private:
  struct free_context {
    void operator()(SSL_CTX* context) const noexcept;
  };
  struct free_session {
    void operator()(SSL_SESSION* session) const noexcept;
  };
  using session_handle = std::unique_ptr<SSL_SESSION, free_session>;

  static int on_new_session(SSL* ssl, SSL_SESSION* session) noexcept;
  void remember(const std::string& key, session_handle session);
  session_handle recall(const std::string& key);

  std::unique_ptr<SSL_CTX, free_context> context_;
  mutable std::mutex mutex_;
  std::map<std::string, std::vector<session_handle>> sessions_;
};

}  // namespace beatsync::s3
