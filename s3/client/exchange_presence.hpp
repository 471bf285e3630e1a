#pragma once

/// Keeps a busy connection where stop() finds it. Belongs to the exchange's thread.

#include "s3/client/exchange.hpp"

#include <vector>

namespace beatsync::s3 {

class client::exchange::presence {
 public:
  presence(exchange& owner, http_connection& connection) : owner_(owner), connection_(&connection) {
    owner_.busy_.push_back(connection_);
  }
  ~presence() { std::erase(owner_.busy_, connection_); }
  presence(const presence&) = delete;
  presence& operator=(const presence&) = delete;

 private:
  exchange& owner_;
  http_connection* connection_;
};

}  // namespace beatsync::s3
