#include "s3/http/tls_context.hpp"

#include <boost/asio/ip/address.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <stdexcept>
#include <utility>

namespace beatsync::s3 {
namespace {

/// A connection uses up one ticket and is given one or two; more than there are connections are of
/// no use.
constexpr std::size_t most_sessions_per_server = 256;

bool is_ip_address(const std::string& host) {
  boost::system::error_code ec;
  boost::asio::ip::make_address(host, ec);
  return !ec;
}

error unreadable_bundle(const std::string& file, std::string_view source) {
  error e;
  e.code = errc::bad_configuration;
  e.message = "no certificates could be read from the CA bundle '" + file + "' (" +
              std::string(source) + "): it must be a readable PEM file";
  return e;
}

std::time_t end_of(const SSL_SESSION& session) {
#if OPENSSL_VERSION_NUMBER >= 0x30300000L  // the other one is deprecated from 3.4 on
  const std::time_t made = SSL_SESSION_get_time_ex(&session);
#else
  const std::time_t made = SSL_SESSION_get_time(&session);
#endif
  return made + SSL_SESSION_get_timeout(&session);
}

}  // namespace

void free_ssl::operator()(SSL* ssl) const noexcept {
  // A session freed without shutdown is marked as not resumable (performance.md, 3.6).
  SSL_set_shutdown(ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  SSL_free(ssl);
}

void tls_context::free_context::operator()(SSL_CTX* context) const noexcept {
  SSL_CTX_free(context);
}

void tls_context::free_session::operator()(SSL_SESSION* session) const noexcept {
  SSL_SESSION_free(session);
}

tls_context::tls_context() : context_(SSL_CTX_new(TLS_client_method())) {
  if (!context_) throw std::runtime_error("OpenSSL cannot make a TLS context");
  SSL_CTX* c = context_.get();
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(c, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  // AES-128 first, as Go, the browsers and AWS have it: a quarter faster than AES-256
  // (performance.md, 7c). Where the system's policy knows no such suite, its own order stays.
  SSL_CTX_set_ciphersuites(
      c, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
  SSL_CTX_set_cipher_list(c, "ECDHE+AES128+AESGCM:ALL:!COMPLEMENTOFDEFAULT:!eNULL");
  ERR_clear_error();
  SSL_CTX_set_verify(c, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_app_data(c, this);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(c, &tls_context::on_new_session);
}

tls_context::~tls_context() = default;

result<std::shared_ptr<tls_context>> tls_context::create(const std::string& ca_bundle,
                                                         std::string_view source) {
  auto made = std::make_shared<tls_context>();
  SSL_CTX* c = made->context_.get();
  if (ca_bundle.empty()) {
    SSL_CTX_set_default_verify_paths(c);
  } else if (SSL_CTX_load_verify_file(c, ca_bundle.c_str()) != 1) {
    ERR_clear_error();
    return unreadable_bundle(ca_bundle, source);
  }
  ERR_clear_error();
  return made;
}

ssl_handle tls_context::new_handle(const std::string& host, const std::string* session_key) {
  ssl_handle ssl(SSL_new(context_.get()));
  if (!ssl) throw std::runtime_error("OpenSSL cannot make a TLS handle");
  SSL_set_connect_state(ssl.get());
  SSL_set_app_data(ssl.get(), const_cast<std::string*>(session_key));
  X509_VERIFY_PARAM* wanted = SSL_get0_param(ssl.get());
  if (is_ip_address(host)) {
    X509_VERIFY_PARAM_set1_ip_asc(wanted, host.c_str());
  } else {
    X509_VERIFY_PARAM_set_hostflags(wanted, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(wanted, host.data(), host.size());
    SSL_set_tlsext_host_name(ssl.get(), host.c_str());
  }
  if (session_handle old = recall(*session_key)) SSL_set_session(ssl.get(), old.get());
  return ssl;
}

int tls_context::on_new_session(SSL* ssl, SSL_SESSION* session) noexcept {
  auto* self = static_cast<tls_context*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  auto* key = static_cast<const std::string*>(SSL_get_app_data(ssl));
  try {
    SSL_SESSION_up_ref(session);
    self->remember(*key, session_handle(session));
  } catch (...) {
    // Out of memory: the next connection makes a full handshake.
  }
  return 0;  // the reference OpenSSL holds stays its own
}

void tls_context::remember(const std::string& key, session_handle session) {
  const std::lock_guard lock(mutex_);
  auto& known = sessions_[key];
  if (known.size() >= most_sessions_per_server) known.erase(known.begin());
  known.push_back(std::move(session));
}

tls_context::session_handle tls_context::recall(const std::string& key) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(key);
  if (found == sessions_.end()) return {};
  auto& known = found->second;
  while (!known.empty()) {
    session_handle last = std::move(known.back());
    known.pop_back();
    if (end_of(*last) <= std::time(nullptr) || SSL_SESSION_is_resumable(last.get()) != 1) continue;
    if (SSL_SESSION_get_protocol_version(last.get()) < TLS1_3_VERSION) {
      // Only TLS 1.3's tickets are meant to be used once (RFC 8446, C.4).
      SSL_SESSION_up_ref(last.get());
      known.push_back(session_handle(last.get()));
    }
    return last;
  }
  return {};
}

std::size_t tls_context::remembered_sessions() const {
  const std::lock_guard lock(mutex_);
  std::size_t n = 0;
  for (const auto& [key, known] : sessions_) n += known.size();
  return n;
}

}  // namespace beatsync::s3
