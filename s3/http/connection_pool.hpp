#pragma once

/// Connections of one client that wait for their next request, the last used first.
/// Belongs to one thread. No errors.

#include "s3/http/http_connection.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace beatsync::s3 {

class connection_pool {
 public:
  explicit connection_pool(std::chrono::milliseconds most_idle) : most_idle_(most_idle) {}

  /// One to this server that is most likely alive; null: make a new one.
  std::unique_ptr<http_connection> take(const std::string& host, std::uint16_t port, bool tls);
  void put_back(std::unique_ptr<http_connection> connection);
  void clear() noexcept { idle_.clear(); }

 private:
  std::chrono::milliseconds most_idle_;
  std::vector<std::unique_ptr<http_connection>> idle_;
};

}  // namespace beatsync::s3
