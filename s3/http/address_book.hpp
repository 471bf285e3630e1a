#pragma once

/// Host names and their addresses: each name is looked up once and kept for five minutes, all
/// addresses are used in turn, and those that failed go last.
///
/// Thread-safe; shared by all clients of a session. Errors: resolve_failed (with the resolver's
/// words), timed_out.

#include "s3/error.hpp"
#include "s3/http/blocking_job.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace beatsync::s3 {

class address_book {
 public:
  using address_list = std::vector<boost::asio::ip::tcp::endpoint>;

  /// In the order in which they should be tried.
  boost::asio::awaitable<result<address_list>> find(const std::string& host, std::uint16_t port,
                                                    std::chrono::milliseconds limit,
                                                    const bool* give_up);

  /// It did not answer: goes to the end of its list.
  void failed(const std::string& host, const boost::asio::ip::tcp::endpoint& where);
  /// None of them answered: look it up again.
  void forget(const std::string& host);

 private:
  struct lookup;
  struct entry {
    address_list addresses;
    std::chrono::steady_clock::time_point learned{};
    std::size_t next = 0;
    std::shared_ptr<lookup> under_way;
  };

  std::mutex mutex_;
  std::map<std::string, entry> entries_;
};

}  // namespace beatsync::s3
