#pragma once

/// A strict S3 server in one process, for tests, benchmarks and the demo.
///
/// It verifies SigV4, checksums and conditional headers, keeps objects in memory or in a folder,
/// and injects faults and latency by script. It listens from construction (loopback by default) to
/// destruction, on threads of its own. All members may be called from any thread, also from hooks
/// of faults. Construction throws std::exception where the port, the certificate or the folder
/// cannot be used; everything later is answered to the client over HTTP.

#include "tests/s3_server/faults.hpp"
#include "tests/s3_server/options.hpp"
#include "tests/s3_server/request_log.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::s3_server {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// An object that a test puts into the store without HTTP, or reads from it.
struct object_content {
  std::string body;
  std::string content_type = "binary/octet-stream";
  header_list metadata;  ///< names in lower case without `x-amz-meta-`
  header_list
      headers;  ///< other headers that GET and HEAD carry, e.g. x-amz-server-side-encryption
  std::optional<std::chrono::sys_time<std::chrono::milliseconds>> last_modified;
  std::string storage_class = "STANDARD";  ///< GLACIER and DEEP_ARCHIVE refuse GET
  std::string etag;                        ///< without quotes; empty: the MD5
  std::string
      checksum_algorithm;  ///< "CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"; empty: none
  std::string checksum_type = "FULL_OBJECT";  ///< or COMPOSITE
  std::string checksum;                       ///< base64; empty: computed from the body
};

struct pending_upload {
  std::string key;
  std::string upload_id;
  std::vector<int> parts;
};

class server {
 public:
  explicit server(server_options options);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  std::uint16_t port() const noexcept;
  /// `https://127.0.0.1:PORT`, or with another host name.
  std::string url(std::string_view host = "127.0.0.1") const;

  // The store, without HTTP. Unknown buckets throw std::out_of_range.
  void create_bucket(const std::string& bucket, const std::string& region = "");
  void put(const std::string& bucket, const std::string& key, object_content content);
  void put(const std::string& bucket, const std::string& key, std::string_view body);
  /// An object of any size that takes no memory: 1 MiB of pseudo-random bytes, repeated.
  void put_pattern(const std::string& bucket, const std::string& key, std::uint64_t size,
                   std::uint64_t seed = 1);
  /// Empty objects PREFIXd000000/track 00000000.mp3 and so on that take no memory
  /// (synthetic_keys.hpp); one such set for each bucket. `per_folder` 0: all in one folder.
  void put_synthetic(const std::string& bucket, const std::string& prefix, std::uint64_t count,
                     std::uint64_t per_folder);
  std::optional<object_content> get(const std::string& bucket, const std::string& key) const;
  bool erase(const std::string& bucket, const std::string& key);
  std::vector<std::string> keys(const std::string& bucket) const;
  std::vector<pending_upload> uploads(const std::string& bucket) const;
  /// Flips one bit of the stored body; ETag and checksum stay as they were.
  void corrupt(const std::string& bucket, const std::string& key, std::uint64_t bit);

  // The script.
  std::size_t add_fault(fault_rule rule);
  std::uint64_t fault_hits(std::size_t id) const;
  void clear_faults();
  void set_connection_fault(connection_fault kind, std::uint64_t times, std::uint64_t skip = 0);
  void set_conditions(const network_conditions& conditions);
  void set_quirks(const quirks& differences);
  void set_credentials(std::map<std::string, secret> credentials);
  /// The server's clock runs ahead by this much (Date headers, signature check, LastModified).
  void set_clock_offset(std::chrono::seconds offset);
  /// Ends all open connections with RST; new ones are accepted.
  void close_connections();

  // What was seen.
  std::vector<request_record> requests() const;
  counters sums() const;
  void clear_log();

 private:
  class implementation;
  std::unique_ptr<implementation> impl_;
};

}  // namespace beatsync::s3_server
