#include "tests/s3_server/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <stdexcept>
#include <string>

namespace beatsync::s3_server {
namespace {

void check(int result, const std::string& what) {
  if (result == 1) return;
  char text[256];
  ERR_error_string_n(ERR_get_error(), text, sizeof text);
  throw std::runtime_error("TLS: " + what + ": " + text);
}

}  // namespace

std::shared_ptr<SSL_CTX> make_tls_context(const server_options& options) {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  auto* raw = context.get();
  check(raw != nullptr ? 1 : 0, "no context");
  check(SSL_CTX_set_min_proto_version(raw, options.tls_min_version), "version");
  check(SSL_CTX_set_max_proto_version(raw, options.tls_max_version), "version");
  if (!options.tls_ciphers.empty()) {
    check(SSL_CTX_set_cipher_list(raw, options.tls_ciphers.c_str()), options.tls_ciphers);
  }
  check(SSL_CTX_use_certificate_chain_file(raw, options.certificate.c_str()),
        options.certificate.string());
  check(SSL_CTX_use_PrivateKey_file(raw, options.key.c_str(), SSL_FILETYPE_PEM),
        options.key.string());
  check(SSL_CTX_check_private_key(raw), "the key is not the certificate's");
  // A truncated stream is an ordinary end for the server: clients that are killed leave so.
  SSL_CTX_set_options(raw, SSL_OP_IGNORE_UNEXPECTED_EOF);
  constexpr unsigned char id[] = "beatsync";
  SSL_CTX_set_session_id_context(raw, id, sizeof id - 1);
  return context;
}

}  // namespace beatsync::s3_server
