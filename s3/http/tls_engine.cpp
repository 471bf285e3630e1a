#include "s3/http/tls_engine.hpp"

#include "s3/http/certificate_error.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace beatsync::s3 {
namespace {

/// 16 records of 16 KiB with their overhead (TLS 1.2 with CBC: up to 64 bytes and more each).
constexpr std::size_t largest_output = 16 * (16'384 + 128);
/// Room for what handshake messages and the overhead of records need besides the plain bytes.
constexpr std::size_t overhead = 4096;

std::size_t output_wish(std::size_t plain) noexcept {
  return std::min(plain + plain / 100 + overhead, largest_output);
}

}  // namespace

tls_engine::tls_engine(std::shared_ptr<tls_context> context, std::string host, std::uint16_t port)
    : context_(std::move(context)),
      host_(std::move(host)),
      session_key_(host_ + ':' + std::to_string(port)),
      ssl_(context_->new_handle(host_, &session_key_)) {
  BIO* bio = BIO_new(bio_methods());
  if (bio == nullptr) throw std::runtime_error("OpenSSL cannot make a BIO");
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  output_.make_space(overhead);
}

const BIO_METHOD* tls_engine::bio_methods() {
  static const std::unique_ptr<BIO_METHOD, void (*)(BIO_METHOD*)> methods = [] {
    BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "beatsync buffers");
    if (m == nullptr) throw std::runtime_error("OpenSSL cannot make a BIO method");
    BIO_meth_set_write(m, &tls_engine::bio_write);
    BIO_meth_set_read(m, &tls_engine::bio_read);
    BIO_meth_set_ctrl(m, &tls_engine::bio_ctrl);
    return std::unique_ptr<BIO_METHOD, void (*)(BIO_METHOD*)>(m, &BIO_meth_free);
  }();
  return methods.get();
}

int tls_engine::bio_write(BIO* bio, const char* data, int size) noexcept {
  auto& self = *static_cast<tls_engine*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const std::span<std::byte> room = self.output_.tail();
  const std::size_t n = std::min(room.size(), static_cast<std::size_t>(size));
  if (n == 0) {
    BIO_set_retry_write(bio);
    return -1;
  }
  std::memcpy(room.data(), data, n);
  self.output_.filled(n);
  return static_cast<int>(n);
}

int tls_engine::bio_read(BIO* bio, char* data, int size) noexcept {
  auto& self = *static_cast<tls_engine*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const std::size_t n =
      self.input_.take({reinterpret_cast<std::byte*>(data), static_cast<std::size_t>(size)});
  if (n == 0) {
    BIO_set_retry_read(bio);
    return -1;
  }
  return static_cast<int>(n);
}

long tls_engine::bio_ctrl(BIO*, int command, long, void*) noexcept {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

tls_engine::step tls_engine::handshake() {
  ERR_clear_error();
  output_.make_space(overhead);
  const int rc = SSL_do_handshake(ssl_.get());
  if (rc == 1) return output_.empty() ? step::done : step::flush;
  switch (SSL_get_error(ssl_.get(), rc)) {
    case SSL_ERROR_WANT_READ:
      return step::input;
    case SSL_ERROR_WANT_WRITE:
      return step::flush;
    default:
      fail_handshake();
      return step::failed;
  }
}

bool tls_engine::resumed() const noexcept { return SSL_session_reused(ssl_.get()) == 1; }

tls_engine::step tls_engine::write(std::span<const std::byte> plain) {
  if (failure_) return step::failed;
  if (plain.empty()) return step::done;
  const std::size_t wish = output_wish(plain.size());
  if (output_.capacity() < wish) output_.make_space(wish - output_.size());
  ERR_clear_error();
  std::size_t written = 0;
  // Without SSL_MODE_ENABLE_PARTIAL_WRITE: all of it or "call again".
  const int rc = SSL_write_ex(ssl_.get(), plain.data(), plain.size(), &written);
  if (rc == 1) return step::done;
  if (SSL_get_error(ssl_.get(), rc) == SSL_ERROR_WANT_WRITE) return step::flush;
  fail("sending");
  return step::failed;
}

std::size_t tls_engine::read(std::span<std::byte> plain) {
  std::size_t filled = 0;
  if (ended_ || failure_) return 0;
  ERR_clear_error();
  while (filled < plain.size()) {
    std::size_t n = 0;
    const int rc = SSL_read_ex(ssl_.get(), plain.data() + filled, plain.size() - filled, &n);
    filled += n;
    if (rc == 1) continue;
    switch (SSL_get_error(ssl_.get(), rc)) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_WANT_WRITE:  // the answer to a key update: goes out with the next request
        return filled;
      case SSL_ERROR_ZERO_RETURN:
        ended_ = true;
        return filled;
      default:
        fail("receiving");
        return filled;
    }
  }
  return filled;
}

void tls_engine::fail_handshake() {
  failure_ = certificate_error(*ssl_, host_);
  if (!failure_) fail("shaking hands");
  ERR_clear_error();
}

void tls_engine::fail(const char* doing) {
  const unsigned long code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  error e;
  e.code = errc::tls_failed;
  e.message = std::string("TLS with ") + host_ + " failed while " + doing + ": " +
              (reason == nullptr ? "no reason given" : reason);
  const int which = ERR_GET_REASON(code);
  if (which == SSL_R_WRONG_VERSION_NUMBER || which == SSL_R_HTTP_REQUEST ||
      which == SSL_R_PACKET_LENGTH_TOO_LONG) {
    e.message += " (does the server speak plain HTTP? then the endpoint must begin with http://)";
  } else if (which == SSL_R_UNSUPPORTED_PROTOCOL || which == SSL_R_TLSV1_ALERT_PROTOCOL_VERSION) {
    e.message += " (TLS 1.2 or newer is required)";
  }
  failure_ = std::move(e);
  ERR_clear_error();
}

}  // namespace beatsync::s3
