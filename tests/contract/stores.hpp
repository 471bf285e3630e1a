#pragma once

/// The implementations of s3::object_store that the contract suite runs against: the store in
/// memory, and s3::client talking to our strict server, to MinIO and to Versity Gateway over TLS.
///
/// The servers start with the first case that needs them and end with the program.
/// Threads: the test's own; each case runs its own io_context.

#include "s3/object_store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

namespace beatsync::tests {

enum class store_kind { memory, strict, minio, versity };

std::ostream& operator<<(std::ostream& out, store_kind kind);

/// For BOOST_DATA_TEST_CASE: one sample per kind.
std::vector<store_kind> all_stores();

/// The ones that are reached over HTTPS.
std::vector<store_kind> remote_stores();

/// How to make a client that deviates from the right one.
struct wrong_settings {
  std::string bucket;      ///< instead of the fresh one
  std::string secret_key;  ///< instead of the right one
  bool own_ca = false;     ///< trusts another CA than the server's
};

using store_test = std::function<boost::asio::awaitable<void>(s3::object_store&)>;

/// Runs `test` on a fresh, empty bucket of that store, to its end. An exception, and so a failed
/// BOOST_REQUIRE, leaves through here. A server that is not installed is reported and left out, or
/// fails the case where servers are required.
void on_fresh_bucket(store_kind kind, const store_test& test, const wrong_settings& wrong = {});

}  // namespace beatsync::tests
