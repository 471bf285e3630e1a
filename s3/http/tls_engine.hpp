#pragma once

/// TLS without a socket: encrypts into one large buffer, decrypts from another.
///
/// Asio's ssl::stream moves one 16 KiB record per system call through two more copies; here a whole
/// buffer of records goes out in one send and comes in by one receive, which saves about 30 % of
/// the CPU per byte (docs/dev/performance.md, 0.2 and 3.3). wire.hpp moves the bytes.
///
/// Belongs to one thread; not movable (OpenSSL keeps its address). Errors: tls_failed,
/// certificate_rejected (says which and what to do); see failure().

#include "s3/error.hpp"
#include "s3/http/byte_ring.hpp"
#include "s3/http/tls_context.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

extern "C" {
typedef struct bio_st BIO;  // as in openssl/types.h, which stays out of headers
typedef struct bio_method_st BIO_METHOD;
}

namespace beatsync::s3 {

class tls_engine {
 public:
  /// What has to happen before the call can go on.
  enum class step : std::uint8_t {
    done,    ///< nothing; it has succeeded
    flush,   ///< send output(), then call again
    input,   ///< send output(), receive, then call again
    failed,  ///< see failure()
  };

  tls_engine(std::shared_ptr<tls_context> context, std::string host, std::uint16_t port);
  tls_engine(const tls_engine&) = delete;
  tls_engine& operator=(const tls_engine&) = delete;

  step handshake();
  bool resumed() const noexcept;

  /// Encrypts all of `plain`, or as much as the buffer holds; after `flush` it wants the same bytes
  /// again.
  step write(std::span<const std::byte> plain);

  /// Decrypts as much as is here into `plain`, at most plain.size(). 0: more input is needed, or
  /// ended(), or failure().
  std::size_t read(std::span<std::byte> plain);

  /// The peer said close_notify: nothing more comes, and nothing was cut off.
  bool ended() const noexcept { return ended_; }
  const std::optional<error>& failure() const noexcept { return failure_; }

  byte_ring& input() noexcept { return input_; }
  byte_ring& output() noexcept { return output_; }

 private:
  static int bio_write(BIO* bio, const char* data, int size) noexcept;
  static int bio_read(BIO* bio, char* data, int size) noexcept;
  static long bio_ctrl(BIO* bio, int command, long number, void* pointer) noexcept;
  static const BIO_METHOD* bio_methods();

  void fail_handshake();
  void fail(const char* doing);

  std::shared_ptr<tls_context> context_;
  std::string host_;
  std::string session_key_;
  byte_ring input_;
  byte_ring output_;
  ssl_handle ssl_;  // after what it points to
  std::optional<error> failure_;
  bool ended_ = false;
};

}  // namespace beatsync::s3
