#pragma once

/// MinIO and Versity Gateway, started by the tests on a free loopback port with TLS, a throwaway CA
/// and a data folder of their own, and killed by the destructor.
///
/// `./run test` puts the two binaries into $BEATSYNC_CACHE (~/.cache/beatsync/bin). Where one is
/// absent, why_no_server() says so in words and the test leaves it out, unless CI or
/// BEATSYNC_REQUIRE_SERVERS is set: then it has to fail (servers_are_required()).
///
/// Threads: one object belongs to one thread; any number of clients may talk to the server.
/// Errors: a server that does not come up within 30 s throws std::runtime_error with the end of its
/// log.

#include <memory>
#include <optional>
#include <string>

namespace beatsync::tests {

enum class server_kind { minio, versity };

const char* name_of(server_kind kind) noexcept;

/// Empty where the server can be started; else one sentence for people.
std::string why_no_server(server_kind kind);

/// True where a missing server is a failure.
bool servers_are_required();

class real_server {
 public:
  explicit real_server(server_kind kind);
  ~real_server();
  real_server(const real_server&) = delete;
  real_server& operator=(const real_server&) = delete;

  const std::string& url() const noexcept;      ///< `https://127.0.0.1:PORT`
  const std::string& ca_file() const noexcept;  ///< PEM of the CA that signed its certificate
  const std::string& access_key() const noexcept;
  const std::string& secret_key() const noexcept;

  /// Both keep a bucket as a folder: making the folder makes the bucket.
  void make_bucket(const std::string& name);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace beatsync::tests
