#pragma once

/// Keeps a busy connection where stop() finds it. Belongs to the exchange's thread.

#include "s3/client/exchange.hpp"

#include <vector>

namespace beatsync::s3 {

class client::exchange::presence {
 public:
  /// `lasting`: it is cut a while later.
  presence(exchange& owner, http_connection& connection, bool lasting = false)
      : owner_(owner), connection_(&connection), list_(lasting ? owner.lasting_ : owner.busy_) {
    list_.push_back(connection_);
  }
  ~presence() {
    std::erase(list_, connection_);
    if (owner_.stopped_ && owner_.lasting_.empty()) owner_.last_call_.cancel();
  }
  presence(const presence&) = delete;
  presence& operator=(const presence&) = delete;

 private:
  exchange& owner_;
  http_connection* connection_;
  std::vector<http_connection*>& list_;
};

}  // namespace beatsync::s3
