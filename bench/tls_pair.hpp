#pragma once

/// Two ends of TLS connections over loopback: the one under test, batched, and the plain one.
///
/// Each belongs to one thread. Errors throw std::runtime_error.

#include <cstddef>
#include <span>
#include <vector>

extern "C" {
typedef struct ssl_ctx_st SSL_CTX;  // as in openssl/types.h
typedef struct ssl_st SSL;
typedef struct bio_st BIO;
}

namespace beatsync::bench {

/// Connected sockets and the two contexts, made before the clock starts.
class tls_pair {
 public:
  explicit tls_pair(std::size_t connections);
  ~tls_pair();
  tls_pair(const tls_pair&) = delete;
  tls_pair& operator=(const tls_pair&) = delete;

  std::vector<int> client_sockets;
  std::vector<int> server_sockets;  ///< in the same order
  SSL_CTX* client_context = nullptr;
  SSL_CTX* server_context = nullptr;
};

/// The end under test: 256 KiB of records per system call.
class batched_end {
 public:
  batched_end(const tls_pair& pair, std::size_t connection);
  ~batched_end();
  batched_end(const batched_end&) = delete;
  batched_end& operator=(const batched_end&) = delete;

  void handshake();
  void write(std::span<const std::byte> plain);  ///< all of it, encrypted; see flush()
  void flush();                                  ///< sends what write() kept
  std::size_t read(std::span<std::byte> plain);  ///< at least one byte

 private:
  void receive();

  int socket_;
  SSL* ssl_;
  BIO* network_;  ///< the far side of the pair that `ssl_` reads and writes
};

/// The other end: OpenSSL on the socket itself.
class plain_end {
 public:
  plain_end(const tls_pair& pair, std::size_t connection);
  ~plain_end();
  plain_end(const plain_end&) = delete;
  plain_end& operator=(const plain_end&) = delete;

  void handshake();
  void write(std::span<const std::byte> plain);
  void read_all(std::span<std::byte> plain);

 private:
  SSL* ssl_;
};

}  // namespace beatsync::bench
