#pragma once

/// How a test server is set up, and what of that can be changed while it runs.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace beatsync::s3_server {

/// A secret and, for temporary credentials, the session token that must come with it.
struct secret {
  std::string key;
  std::string session_token;  ///< empty: long-lived credentials
  bool expired = false;       ///< answers ExpiredToken
};

/// Where this store differs from AWS. All false: like AWS.
struct quirks {
  bool ignore_encoding_type = false;  ///< raw keys in listings and no EncodingType (Versity)
  bool ranged_checksums = false;      ///< checksum headers on partial answers too
  bool drop_user_metadata = false;    ///< x-amz-meta-* is taken and forgotten
  bool no_conditional_put = false;    ///< If-Match / If-None-Match on PUT answer 501
  bool close_after_refusal = false;   ///< `Connection: close` on 412 (Versity)
  bool no_continue = false;           ///< never sends `100 Continue`
  bool default_checksum = false;      ///< adds a CRC64NVME where the client sent none (AWS)
  bool fast_etags = false;            ///< no MD5: ETags that do not look like one (benchmarks)
  /// Checksum header names without `x-amz-checksum-` that are refused, e.g. "crc64nvme"; "*": all.
  std::set<std::string> refused_checksums;
  int checksum_refusal_status = 400;  ///< 400 InvalidRequest or 501 NotImplemented
};

/// What the network between us and the client is like.
struct network_conditions {
  std::chrono::milliseconds latency{0};  ///< before each answer begins
  std::uint64_t bandwidth = 0;           ///< bytes per second and connection, each way; 0: no cap
  double rate_503 = 0;                   ///< share of requests answered 503 SlowDown
  double stall_rate = 0;                 ///< share of requests that first wait for `stall`
  std::chrono::milliseconds stall{5000};
  double reset_rate = 0;          ///< share of requests that end in a reset instead of an answer
  std::uint64_t close_after = 0;  ///< requests per connection; 0: no limit
  std::uint64_t seed = 1;         ///< of the rates
};

struct server_options {
  std::uint16_t port = 0;  ///< 0: a free one
  std::string address = "127.0.0.1";
  bool tls = false;
  std::filesystem::path certificate;  ///< PEM chain, with tls
  std::filesystem::path key;          ///< PEM, with tls
  int tls_min_version = 0x0303;       ///< wire numbers: 0x0301 is TLS 1.0, 0x0304 is TLS 1.3
  int tls_max_version = 0x0304;
  std::string tls_ciphers;  ///< OpenSSL cipher list for TLS 1.2 and older; empty: default
  std::map<std::string, secret> credentials = {{"test-access-key", {"test-secret-key", "", false}}};
  std::string region = "us-east-1";
  std::filesystem::path folder;  ///< objects are kept here; empty: in memory
  /// Strict: 5 MiB minimum part size, UNSIGNED-PAYLOAD over TLS only, every x-amz-* header signed.
  bool strict = true;
  std::size_t threads = 1;
  std::size_t log_limit = 200'000;  ///< requests kept in the log; later ones are only counted
  quirks differences;
  network_conditions conditions;
};

}  // namespace beatsync::s3_server
