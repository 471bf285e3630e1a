#pragma once

/// The three S3 servers that the suites run against, behind one face: our strict server (in this
/// process), MinIO and Versity Gateway. All speak TLS with a certificate of a throwaway CA.
///
/// Each is started when a test first asks for it and ends with the program.
/// Threads: for the test's main thread.

#include "tests/s3_server/server.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace beatsync::tests {

enum class tls_store_kind { strict, minio, versity };

std::ostream& operator<<(std::ostream& out, tls_store_kind kind);

/// For BOOST_DATA_TEST_CASE: one sample per kind.
std::vector<tls_store_kind> all_tls_stores();

class tls_store {
 public:
  virtual ~tls_store() = default;

  std::string url;  ///< `https://127.0.0.1:PORT`
  std::string ca_file;
  std::string access_key;
  std::string secret_key;

  virtual void make_bucket(const std::string& name) = 0;

  /// The strict server itself, with its log and its script; null for the others.
  virtual s3_server::server* strict() noexcept { return nullptr; }

  /// A new bucket with a name nobody had before.
  std::string fresh_bucket();
};

/// Null where the server is not installed: said once, or a failed test case where servers are
/// required (CI).
tls_store* tls_store_of(tls_store_kind kind);

}  // namespace beatsync::tests
