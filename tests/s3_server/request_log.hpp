#pragma once

/// What the server saw: one record per request, and sums. Thread-safe.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::s3_server {

/// One request as it came over the wire and what became of it.
struct request_record {
  std::uint64_t number = 0;      ///< 1, 2, … in order of arrival of the heads
  std::uint64_t connection = 0;  ///< 1, 2, … in order of acceptance
  std::string method;
  std::string target;     ///< raw, as on the wire
  std::string operation;  ///< AWS's name, e.g. "GetObject"; "Unknown"
  std::string bucket;
  std::string key;                                           ///< decoded
  std::vector<std::pair<std::string, std::string>> query;    ///< decoded
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  int status = 0;                                            ///< 0: no answer was begun
  bool finished = false;  ///< its answer was handed to the network to its end
  bool has_authorization = false;
  bool signed_ok = false;                           ///< the signature was there and right
  std::uint64_t bytes_in = 0;                       ///< of the body, as on the wire
  std::uint64_t bytes_out = 0;                      ///< of the body
  std::chrono::steady_clock::time_point arrived{};  ///< when its head was read
  std::string fault;  ///< name of the fault that was applied, else empty

  /// The first header of this name (lower case), or nothing.
  std::optional<std::string> header(std::string_view name) const;
  /// The first query value of this name, or nothing.
  std::optional<std::string> parameter(std::string_view name) const;
};

/// Sums since the start or the last reset.
struct counters {
  std::map<std::string, std::uint64_t> requests;  ///< by operation
  std::map<int, std::uint64_t> statuses;
  std::uint64_t total = 0;
  std::uint64_t connections = 0;
  std::uint64_t handshakes = 0;   ///< TLS, full ones and resumptions
  std::uint64_t resumptions = 0;  ///< TLS
  std::uint64_t failed_handshakes = 0;
  std::uint64_t bytes_in = 0;   ///< bodies
  std::uint64_t bytes_out = 0;  ///< bodies
  /// By operation: when the head of its first request was here, after the first head of all.
  std::map<std::string, std::chrono::milliseconds> first;

  std::uint64_t operator[](const std::string& operation) const;
};

class request_log {
 public:
  explicit request_log(std::size_t limit) : limit_(limit) {}

  std::uint64_t next_number() noexcept { return ++numbers_; }
  /// Adds the record when its answer begins; returns where it stands.
  std::size_t begin(request_record record);
  /// The last bytes are about to go out (so that a client that has them finds this in the log).
  void finish(std::size_t place, std::uint64_t bytes_out);
  void count_connection() noexcept;
  void count_handshake(bool ok, bool resumed) noexcept;

  std::vector<request_record> records() const;  ///< in order of their answers
  counters sums() const;
  void clear();

 private:
  const std::size_t limit_;
  std::atomic<std::uint64_t> numbers_{0};
  mutable std::mutex mutex_;
  std::vector<request_record> records_;
  std::size_t cleared_ = 0;  ///< places given before the last clear()
  counters sums_;            ///< but for `first`
  std::map<std::string, std::chrono::steady_clock::time_point> first_;
};

/// The sums as one JSON object.
std::string to_json(const counters& sums);

}  // namespace beatsync::s3_server
