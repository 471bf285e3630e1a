#pragma once

/// The sockets of a server: accepts connections and runs a session on each, on threads of its own.
///
/// Listens from construction to destruction; the service must outlive it. Each connection stays on
/// one thread. Construction throws where the address or the certificate cannot be used.

#include "tests/s3_server/faults.hpp"
#include "tests/s3_server/service.hpp"

#include <cstdint>
#include <memory>

namespace beatsync::s3_server {

class listener {
 public:
  explicit listener(service& shared);
  ~listener();
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  std::uint16_t port() const noexcept;
  void set_connection_fault(connection_fault kind, std::uint64_t times, std::uint64_t skip);
  void close_connections();

 private:
  class implementation;
  std::unique_ptr<implementation> impl_;
};

}  // namespace beatsync::s3_server
