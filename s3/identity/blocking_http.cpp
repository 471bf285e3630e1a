#include "s3/identity/blocking_http.hpp"

#include "s3/http/address_book.hpp"
#include "s3/http/http_connection.hpp"
#include "s3/identity/endpoint.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <mutex>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;

namespace {

constexpr std::size_t largest_reply = 1024 * 1024;
constexpr std::chrono::seconds phase_limit{10};
constexpr std::chrono::milliseconds tick{250};
/// As many as the standard mode of the AWS SDKs makes.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
constexpr int tries = 3;
/// After the first try; after the second one twice that.
constexpr std::chrono::milliseconds pause{200};
/// No try begins later than this after the first: somebody waits for the keys.
constexpr std::chrono::seconds longest_trying{20};

struct caller {
  std::string ca_bundle;
  std::mutex mutex;
  std::shared_ptr<tls_context> tls;

  result<std::shared_ptr<tls_context>> context() {
    const std::lock_guard lock(mutex);
    if (tls == nullptr) {
      auto made = tls_context::create(ca_bundle);
      if (made.has_error()) return made.error();
      tls = *std::move(made);
    }
    return tls;
  }
};

std::string head_of(const http_call& call, const url_parts& url) {
  std::string host = url.host.find(':') == std::string::npos ? url.host : '[' + url.host + ']';
  if (url.port != (url.tls ? 443 : 80)) host += ':' + std::to_string(url.port);
  std::string head = call.method + ' ' + url.target + " HTTP/1.1\r\nHost: " + host + "\r\n";
  for (const auto& [name, value] : call.headers) head += name + ": " + value + "\r\n";
  head += "Content-Length: " + std::to_string(call.body.size()) + "\r\nConnection: close\r\n\r\n";
  return head;
}

asio::awaitable<result<http_reply>> exchange(http_connection& connection, const http_call& call,
                                             const url_parts& url) {
  request_times times;
  times.first_byte = times.no_progress = phase_limit;
  connection.begin(times);
  const std::string head = head_of(call, url);
  outgoing request;
  request.head = head;
  request.content = std::as_bytes(std::span(call.body));
  bool ok = co_await connection.send(request);
  if (ok) ok = co_await connection.read_head();
  std::vector<char> body;
  if (ok) ok = co_await connection.read_text(body, largest_reply);
  if (!ok) co_return connection.failure();
  http_reply reply;
  reply.status = connection.head().status;
  reply.body.assign(body.begin(), body.end());
  connection.end();
  co_return reply;
}

/// Address by address until one takes the request; the book begins with another at each call.
asio::awaitable<result<http_reply>> call_once(watchdog& dog, address_book& book,
                                              const http_call& call, const url_parts& url,
                                              std::shared_ptr<tls_context> tls) {
  const auto executor = co_await asio::this_coro::executor;
  const auto found = co_await book.find(url.host, url.port, phase_limit, nullptr);
  if (found.has_error()) co_return found.error();
  result<http_reply> outcome = make_error(errc::connect_failed, "no address of " + url.host);
  for (const auto& where : *found) {
    http_connection connection(executor, dog, url.host, url.port);
    bool ok = co_await connection.connect(where, phase_limit);
    if (ok && tls) ok = co_await connection.shake_hands(tls, phase_limit);
    if (ok) co_return co_await exchange(connection, call, url);
    outcome = connection.failure();
  }
  co_return outcome;
}

/// What another try may mend: a way that is broken, a service that is busy or down.
bool may_pass(const result<http_reply>& outcome) {
  if (outcome) return outcome->status == 429 || outcome->status >= 500;
  const errc code = outcome.error().code;
  return code != errc::certificate_rejected && code != errc::bad_configuration &&
         code != errc::bad_reply;
}

asio::awaitable<result<http_reply>> call_with_tries(watchdog& dog, const http_call& call,
                                                    const url_parts& url,
                                                    std::shared_ptr<tls_context> tls) {
  address_book book;
  asio::steady_timer timer(co_await asio::this_coro::executor);
  const auto last_start = std::chrono::steady_clock::now() + longest_trying;
  for (int made = 1;; ++made) {
    result<http_reply> outcome = co_await call_once(dog, book, call, url, tls);
    if (made == tries || !may_pass(outcome)) co_return outcome;
    if (std::chrono::steady_clock::now() > last_start) co_return outcome;
    timer.expires_after(made * pause);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

result<http_reply> run(caller& self, const http_call& call) {
  const auto url = parse_url(call.url);
  if (url.has_error()) return url.error();
  std::shared_ptr<tls_context> tls;
  if (url->tls) {
    auto context = self.context();
    if (context.has_error()) return context.error();
    tls = *std::move(context);
  }
  result<http_reply> outcome = make_error(errc::connection_lost, "no answer from " + url->host);
  asio::io_context context(1);
  watchdog dog(context.get_executor(), tick);
  asio::co_spawn(context, call_with_tries(dog, call, *url, std::move(tls)),
                 [&](std::exception_ptr problem, result<http_reply> got) {
                   if (problem) std::rethrow_exception(problem);
                   outcome = std::move(got);
                 });
  context.run();
  return outcome;
}

}  // namespace

http_port blocking_http(std::string ca_bundle) {
  auto self = std::make_shared<caller>();
  self->ca_bundle = std::move(ca_bundle);
  return [self](const http_call& call) { return run(*self, call); };
}

}  // namespace beatsync::s3
