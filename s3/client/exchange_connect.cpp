// Where connections come from: the pool, or an address, a TCP connection and a TLS handshake.
#include "s3/client/exchange.hpp"
#include "s3/client/exchange_presence.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;
using std::chrono::milliseconds;

asio::awaitable<client::exchange::connection_ptr> client::exchange::acquire(operation& op,
                                                                            trial& facts,
                                                                            error& problem) {
  const endpoint& where = facts.place->where;
  if (!facts.want_fresh) {
    connection_ptr kept = pool_.take(where.connect_host(), where.port, where.tls);
    if (kept) co_return kept;
  }
  co_return co_await open_connection(op, facts, problem);
}

asio::awaitable<client::exchange::connection_ptr> client::exchange::open_connection(
    operation& op, trial& facts, error& problem) {
  const session_timeouts& limits = shared().options.timeouts;
  const std::string host = facts.place->where.connect_host();
  const std::uint16_t port = facts.place->where.port;
  const milliseconds resolve_limit = std::min(limits.resolve, facts.connect_limit);
  const bool* give_up = op.cleanup ? nullptr : &stopped_;
  const result<address_book::address_list> found =
      co_await shared().addresses.find(host, port, resolve_limit, give_up);
  if (found.has_error()) {
    problem = found.error();
    co_return nullptr;
  }
  // A host with many addresses must not use up the time of all tries in one.
  constexpr std::size_t most_addresses = 4;
  const std::size_t n = std::min(found->size(), most_addresses);
  for (std::size_t i = 0; i < n; ++i) {
    if (interrupted(op)) break;
    const asio::ip::tcp::endpoint where = (*found)[i];
    auto fresh = std::make_unique<http_connection>(executor_, dog_, host, port);
    const presence here(*this, *fresh);
    bool ok = co_await fresh->connect(where, std::min(limits.connect, facts.connect_limit));
    if (!ok) {
      problem = fresh->failure();
      shared().addresses.failed(host, where);
      continue;
    }
    if (shared().tls && facts.place->where.tls) {
      ok = co_await fresh->shake_hands(shared().tls,
                                       std::min(limits.handshake, facts.connect_limit));
    }
    if (ok) co_return fresh;
    problem = fresh->failure();
    co_return nullptr;  // another address of the same host has the same certificate
  }
  shared().addresses.forget(host);
  co_return nullptr;
}

}  // namespace beatsync::s3
