#include "bench/tls_pair.hpp"

#include "tests/support/temp_dir.hpp"
#include "tests/support/throwaway_ca.hpp"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace beatsync::bench {

namespace {

constexpr std::size_t ring_size = 256 * 1024;  // the knee of the measurements in performance.md 0.2
constexpr std::size_t record_size = 16 * 1024;  // the largest TLS knows
constexpr std::size_t record_room = record_size + 256;

void check(bool fine, const char* what) {
  if (!fine) throw std::runtime_error(std::string(what) + " failed");
}

void connect_over_loopback(int& client, int& server) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* where = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  check(bind(listener, where, size) == 0 && listen(listener, 1) == 0, "listening");
  check(getsockname(listener, where, &size) == 0, "getsockname");
  client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  check(connect(client, where, size) == 0, "connecting");
  server = accept(listener, nullptr, nullptr);
  check(server >= 0, "accepting");
  close(listener);
  const int on = 1;
  for (const int end : {client, server}) {
    setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
}

}  // namespace

tls_pair::tls_pair(std::size_t connections)
    : client_context(SSL_CTX_new(TLS_client_method())),
      server_context(SSL_CTX_new(TLS_server_method())) {
  const tests::temp_dir folder;
  const auto files = tests::throwaway_ca(folder.path()).issue();
  check(SSL_CTX_use_certificate_chain_file(server_context, files.certificate.c_str()) == 1 &&
            SSL_CTX_use_PrivateKey_file(server_context, files.key.c_str(), SSL_FILETYPE_PEM) == 1,
        "reading the certificate");
  for (auto* context : {client_context, server_context}) {
    SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256");  // s3/http/tls_context.cpp
    SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  }
  for (std::size_t i = 0; i < connections; ++i) {
    int client = -1;
    int server = -1;
    connect_over_loopback(client, server);
    client_sockets.push_back(client);
    server_sockets.push_back(server);
  }
}

tls_pair::~tls_pair() {
  for (const int socket : client_sockets) close(socket);
  for (const int socket : server_sockets) close(socket);
  SSL_CTX_free(client_context);
  SSL_CTX_free(server_context);
}

batched_end::batched_end(const tls_pair& pair, std::size_t connection)
    : socket_(pair.client_sockets.at(connection)),
      ssl_(SSL_new(pair.client_context)),
      network_(nullptr) {
  BIO* inner = nullptr;
  check(BIO_new_bio_pair(&inner, ring_size, &network_, ring_size) == 1, "BIO_new_bio_pair");
  SSL_set_bio(ssl_, inner, inner);
  SSL_set_connect_state(ssl_);
}

batched_end::~batched_end() {
  SSL_free(ssl_);
  BIO_free(network_);
}

void batched_end::handshake() {
  for (int done = 0; done != 1;) {
    done = SSL_do_handshake(ssl_);
    flush();
    if (done == 1) break;
    check(SSL_get_error(ssl_, done) == SSL_ERROR_WANT_READ, "the handshake");
    receive();
  }
}

void batched_end::write(std::span<const std::byte> plain) {
  while (!plain.empty()) {
    if (ring_size - BIO_ctrl_pending(network_) < record_room) flush();
    const auto size = std::min(plain.size(), record_size);
    const int written = SSL_write(ssl_, plain.data(), static_cast<int>(size));
    check(written > 0, "SSL_write");
    plain = plain.subspan(static_cast<std::size_t>(written));
  }
}

void batched_end::flush() {
  char* bytes = nullptr;
  for (int size = BIO_nread0(network_, &bytes); size > 0; size = BIO_nread0(network_, &bytes)) {
    const auto sent = send(socket_, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    check(sent > 0, "send");
    BIO_nread(network_, &bytes, static_cast<int>(sent));
  }
}

void batched_end::receive() {
  char* space = nullptr;
  const int size = BIO_nwrite0(network_, &space);
  check(size > 0, "BIO_nwrite0");
  const auto got = recv(socket_, space, static_cast<std::size_t>(size), 0);
  check(got > 0, "recv");
  BIO_nwrite(network_, &space, static_cast<int>(got));
}

std::size_t batched_end::read(std::span<std::byte> plain) {
  while (true) {
    const int got = SSL_read(ssl_, plain.data(), static_cast<int>(plain.size()));
    if (got > 0) return static_cast<std::size_t>(got);
    check(SSL_get_error(ssl_, got) == SSL_ERROR_WANT_READ, "SSL_read");
    receive();
  }
}

plain_end::plain_end(const tls_pair& pair, std::size_t connection)
    : ssl_(SSL_new(pair.server_context)) {
  SSL_set_fd(ssl_, pair.server_sockets.at(connection));
  SSL_set_accept_state(ssl_);
}

plain_end::~plain_end() { SSL_free(ssl_); }

void plain_end::handshake() { check(SSL_do_handshake(ssl_) == 1, "the handshake"); }

void plain_end::write(std::span<const std::byte> plain) {
  while (!plain.empty()) {
    const int written = SSL_write(ssl_, plain.data(), static_cast<int>(plain.size()));
    check(written > 0, "SSL_write");
    plain = plain.subspan(static_cast<std::size_t>(written));
  }
}

void plain_end::read_all(std::span<std::byte> plain) {
  while (!plain.empty()) {
    const int got = SSL_read(ssl_, plain.data(), static_cast<int>(plain.size()));
    check(got > 0, "SSL_read");
    plain = plain.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace beatsync::bench
