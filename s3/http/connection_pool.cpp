#include "s3/http/connection_pool.hpp"

#include <utility>

namespace beatsync::s3 {

std::unique_ptr<http_connection> connection_pool::take(const std::string& host, std::uint16_t port,
                                                       bool tls) {
  const steady_time now = std::chrono::steady_clock::now();
  for (std::size_t i = idle_.size(); i-- > 0;) {
    http_connection& c = *idle_[i];
    if (now - c.idle_since > most_idle_) {
      // In the order of their return: all in front of this one are older still.
      idle_.erase(idle_.begin(), idle_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      return nullptr;
    }
    if (c.port() != port || c.encrypted() != tls || c.host() != host) continue;
    std::unique_ptr<http_connection> found = std::move(idle_[i]);
    idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
    if (!found->is_dead()) return found;
  }
  return nullptr;
}

void connection_pool::put_back(std::unique_ptr<http_connection> connection) {
  connection->idle_since = std::chrono::steady_clock::now();
  idle_.push_back(std::move(connection));
}

}  // namespace beatsync::s3
