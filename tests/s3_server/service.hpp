#pragma once

/// What all connections of a server share. Thread-safe.

#include "tests/s3_server/faults.hpp"
#include "tests/s3_server/options.hpp"
#include "tests/s3_server/request_log.hpp"
#include "tests/s3_server/store.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <random>
#include <string>

namespace beatsync::s3_server {

class service {
 public:
  explicit service(const server_options& options);

  const server_options options;
  store objects;
  request_log log;
  fault_list faults;

  time_stamp now() const;
  void set_clock_offset(std::chrono::seconds offset) { offset_ = offset; }

  quirks differences() const;
  void set_quirks(const quirks& differences);
  network_conditions conditions() const;
  void set_conditions(const network_conditions& conditions);
  std::map<std::string, secret> credentials() const;
  void set_credentials(std::map<std::string, secret> credentials);

  /// Draws for the random conditions: true with this probability.
  bool chance(double probability);

 private:
  std::atomic<std::chrono::seconds> offset_{std::chrono::seconds(0)};
  mutable std::mutex mutex_;
  quirks quirks_;
  network_conditions conditions_;
  std::map<std::string, secret> credentials_;
  std::mt19937_64 random_;
};

}  // namespace beatsync::s3_server
