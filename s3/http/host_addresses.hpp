#pragma once

/// The addresses of one host, and in which order the next connection should try them.
///
/// Deciding only: what a resolver has found and the time come in as arguments. One thread at a
/// time.

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <vector>

namespace beatsync::s3 {

class host_addresses {
 public:
  using list = std::vector<boost::asio::ip::tcp::endpoint>;
  using time_point = std::chrono::steady_clock::time_point;

  /// In the resolver's order. What is known of those that failed stays.
  void learn(list found, time_point now);
  /// Some are known, and not from too long ago.
  bool fresh(time_point now) const noexcept;

  /// Those that have not failed lately, each call beginning with the next one; then the others,
  /// the oldest failure first. Where all have failed lately, none of that counts any more.
  list in_turn(time_point now);
  void failed(const boost::asio::ip::address& where, time_point now);
  /// To be looked up again. Whose turn it is and who failed stays: the answer may be the same.
  void forget() noexcept { addresses_.clear(); }

 private:
  list addresses_;
  time_point learned_{};
  std::size_t next_ = 0;
  std::map<boost::asio::ip::address, time_point> failed_;
};

/// IPv4 and IPv6 in turn, beginning with the family of the first: where one of them leads nowhere,
/// the second address works. https://www.rfc-editor.org/rfc/rfc8305#section-4
host_addresses::list families_in_turn(const host_addresses::list& found);

}  // namespace beatsync::s3
