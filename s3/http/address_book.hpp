#pragma once

/// Host names and their addresses: each name is looked up once and kept for five minutes, all
/// addresses are used in turn, and those that failed within the last five minutes come last.
///
/// Thread-safe; shared by all clients of a session. Errors: resolve_failed (with the resolver's
/// words), timed_out.

#include "s3/error.hpp"
#include "s3/http/blocking_job.hpp"
#include "s3/http/host_addresses.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::s3 {

/// Addresses as they are written, none for a name that has none; on a thread of its own.
using name_lookup = std::function<std::vector<std::string>(const std::string& host)>;

class address_book {
 public:
  using address_list = host_addresses::list;

  /// Empty: the system's resolver.
  explicit address_book(name_lookup look_up = {}) : look_up_(std::move(look_up)) {}

  /// In the order in which they should be tried.
  boost::asio::awaitable<result<address_list>> find(const std::string& host, std::uint16_t port,
                                                    std::chrono::milliseconds limit,
                                                    const bool* give_up);

  /// It did not answer: the others are tried before it.
  void failed(const std::string& host, const boost::asio::ip::tcp::endpoint& where);
  /// None of them answered: look it up again.
  void forget(const std::string& host);

 private:
  struct lookup;
  struct entry {
    host_addresses addresses;
    std::shared_ptr<lookup> under_way;
  };

  const name_lookup look_up_;
  std::mutex mutex_;
  std::map<std::string, entry> entries_;
};

}  // namespace beatsync::s3
