#include "s3/http/address_book.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <netdb.h>
#include <sys/socket.h>

namespace beatsync::s3 {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

address_book::address_list ask_system(const std::string& host, std::string& problem) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* found = nullptr;
  const int rc = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (rc != 0) {
    problem = ::gai_strerror(rc);
    return {};
  }
  address_book::address_list all;
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    tcp::endpoint e;
    if (a->ai_addrlen > e.capacity()) continue;
    std::memcpy(e.data(), a->ai_addr, a->ai_addrlen);
    e.resize(a->ai_addrlen);
    if (std::find(all.begin(), all.end(), e) == all.end()) all.push_back(e);
  }
  ::freeaddrinfo(found);
  return all;
}

address_book::address_list look_up(const std::string& host, const name_lookup& from_outside,
                                   std::string& problem) {
  if (!from_outside) return ask_system(host, problem);
  address_book::address_list all;
  for (const std::string& address : from_outside(host)) {
    boost::system::error_code not_one;
    const auto parsed = asio::ip::make_address(address, not_one);
    if (!not_one) all.emplace_back(parsed, 0);
  }
  return all;
}

error unresolved(errc code, const std::string& host, const std::string& why) {
  error e;
  e.code = code;
  e.message = "the name " + host + " could not be resolved: " + why +
              ". Is the network up, and the endpoint or region spelt right?";
  return e;
}

address_book::address_list with_port(address_book::address_list list, std::uint16_t port) {
  for (tcp::endpoint& e : list) e.port(port);
  return list;
}

}  // namespace

struct address_book::lookup {
  std::string host;
  address_list addresses;
  std::string problem;
  std::shared_ptr<blocking_job> job;
};

asio::awaitable<result<address_book::address_list>> address_book::find(
    const std::string& host, std::uint16_t port, std::chrono::milliseconds limit,
    const bool* give_up) {
  boost::system::error_code not_literal;
  const auto literal = asio::ip::make_address(host, not_literal);
  if (!not_literal) {
    address_list one(1, tcp::endpoint(literal, port));
    co_return one;
  }
  std::shared_ptr<lookup> mine;
  {
    const std::lock_guard lock(mutex_);
    entry& known = entries_[host];
    const auto now = std::chrono::steady_clock::now();
    if (known.addresses.fresh(now)) co_return with_port(known.addresses.in_turn(now), port);
    if (known.under_way == nullptr) {
      known.under_way = std::make_shared<lookup>();
      known.under_way->host = host;
      // The job must not own the lookup that owns it: it gets the only strong reference while it
      // runs.
      known.under_way->job =
          std::make_shared<blocking_job>([l = known.under_way, from_outside = look_up_] {
            l->addresses = look_up(l->host, from_outside, l->problem);
          });
      known.under_way->job->start();
    }
    mine = known.under_way;
  }
  const bool done = co_await mine->job->wait(limit, give_up);
  const std::lock_guard lock(mutex_);
  entry& known = entries_[host];
  if (known.under_way == mine) known.under_way = nullptr;
  if (!done) {
    co_return unresolved(errc::timed_out, host,
                         "no answer within " + std::to_string(limit.count()) + " ms");
  }
  if (mine->addresses.empty()) {
    if (mine->problem.empty()) mine->problem = "it has no address";
    co_return unresolved(errc::resolve_failed, host, mine->problem);
  }
  const auto now = std::chrono::steady_clock::now();
  known.addresses.learn(mine->addresses, now);
  co_return with_port(known.addresses.in_turn(now), port);
}

void address_book::failed(const std::string& host, const tcp::endpoint& where) {
  const std::lock_guard lock(mutex_);
  entries_[host].addresses.failed(where.address(), std::chrono::steady_clock::now());
}

void address_book::forget(const std::string& host) {
  const std::lock_guard lock(mutex_);
  entries_[host].addresses.forget();
}

}  // namespace beatsync::s3
