// The retry loop; one try is in exchange_try.cpp, connections are made in exchange_connect.cpp, how
// long anything may take is in exchange_times.cpp.
#include "s3/client/exchange.hpp"

#include "s3/client/explain.hpp"
#include "s3/printable.hpp"
#include "s3/redact.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <utility>

namespace beatsync::s3 {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

client::exchange::exchange(asio::any_io_executor executor, std::shared_ptr<session> shared)
    : executor_(std::move(executor)),
      shared_(std::move(shared)),
      dog_(executor_, shared_->internals().options.timeouts.tick),
      pool_(shared_->internals().options.timeouts.idle),
      place_(shared_->internals().place),
      keys_(shared_->internals().keys),
      generator_(std::random_device{}()),
      last_call_(executor_) {}

double client::exchange::random() {
  const auto& from_outside = shared().options.random;
  if (from_outside) return from_outside();
  return std::uniform_real_distribution<double>(0.0, 1.0)(generator_);
}

bool client::exchange::interrupted(const operation& op) const noexcept {
  if (!stop_asked_.load(std::memory_order_relaxed)) return false;
  if (!op.cleanup) return true;
  return stopped_ &&
         steady_clock::now() >= stopped_at_ + shared_->internals().options.timeouts.cleanup;
}

asio::awaitable<result<void>> client::exchange::run(operation& op) {
  const retry_limits limits = limits_of(op);
  retry_state tries(limits, shared().budget, steady_clock::now());
  // Waiting adds up over the tries until one of them gets further than all before it. (While bytes
  // that were moved before are moved again, nobody waits.)
  milliseconds silence{0};
  std::uint64_t furthest = 0;
  bool want_fresh = false;
  bool hurries = true;  // until an answer was late
  for (;;) {
    if (interrupted(op)) co_return make_error(errc::cancelled, "stopped");
    trial facts;
    facts.want_fresh = want_fresh;
    facts.moved = steady_clock::now();
    const steady_time began = facts.moved;
    set_times(op, facts, time_left(op, silence));
    if (hurries) hurry(facts);
    op.prepare();
    failure_ptr bad = co_await try_once(op, facts);
    if (shared().options.log) log_try(op, facts, bad, began);
    if (!bad) {
      tries.succeeded();
      co_return result<void>();
    }
    if (interrupted(op)) co_return make_error(errc::cancelled, "stopped");
    if (bad->what.code == errc::cancelled) {
      if (!op.cleanup) co_return bad->what;
      continue;  // cut by stop(); what is left of the time for cleaning up counts from there
    }
    if (facts.was_stale && !want_fresh && tries.tries_made() == 0) {
      want_fresh = true;  // not counted: the server closed it before this request
      continue;
    }
    if (bad->maybe_done) {
      const bool settled = co_await op.settle(*bad);
      if (settled) co_return result<void>();
      if (interrupted(op)) co_return make_error(errc::cancelled, "stopped");
    }
    if (op.progress() > furthest) {
      furthest = op.progress();
      silence = milliseconds(0);
    }
    const steady_time now = steady_clock::now();
    silence += std::chrono::duration_cast<milliseconds>(now - std::max(began, facts.moved));
    tries.progress(now - silence);
    if (facts.was_late) {
      hurries = false;  // not counted either: the next one is waited for as long as any
      shared().budget.take(retry_budget::of_timeout);
      if (shared().options.log) log_retry(op, *bad, milliseconds(0));
      continue;
    }
    if (bad->why.what == remedy::retry_later) ++shared().slow_downs;
    const auto next = tries.failed(bad->why, now, random(), bad->retry_after);
    bool again = next.again;
    if (again) {
      const result<void> remedied = co_await remedy_of(*bad, next.what, op, facts);
      if (interrupted(op)) co_return make_error(errc::cancelled, "stopped");
      if (remedied.has_error()) {
        bad->what = remedied.error();
        again = false;
      }
    }
    if (next.pause > pause_left(op)) again = false;  // no time would be left for another try
    if (!again) {
      if (tries.tries_made() > 1) {
        bad->what.message += " (tried " + std::to_string(tries.tries_made()) + " times)";
      }
      co_return bad->what;
    }
    if (shared().options.log) log_retry(op, *bad, next.pause);
    silence += next.pause;
    if (next.pause.count() > 0) co_await pause(next.pause);
    want_fresh = false;
  }
}

asio::awaitable<result<void>> client::exchange::remedy_of(const failure& why, remedy what,
                                                          operation& op, trial& facts) {
  switch (what) {
    case remedy::use_server_clock:
      if (!facts.server_time) co_return why.what;
      shared().set_clock(*facts.server_time);
      break;
    case remedy::reload_credentials: {
      const std::shared_ptr<const credentials> stale = facts.keys;
      const result<void> reloaded = co_await reload_credentials(*stale);
      if (reloaded.has_error()) co_return reloaded;
      break;
    }
    case remedy::change_region:
      if (!shared().learn_region(facts.region, *facts.place)) co_return why.what;
      break;
    case remedy::drop_checksum: {
      // The body's checksum in another algorithm is for the caller to compute.
      shared().refuse_checksum(op.checksum_sent);
      error refused = why.what;
      refused.code = errc::checksum_refused;
      co_return refused;
    }
    case remedy::give_up:
    case remedy::retry:
    case remedy::retry_once:
    case remedy::retry_later:
      break;
  }
  co_return result<void>();
}

asio::awaitable<result<void>> client::exchange::reload_credentials(const credentials& stale) {
  const std::shared_ptr<credentials_refresh> refresh = shared().refresh_credentials(stale);
  const bool done = co_await refresh->job->wait(std::chrono::minutes(2), &stopped_);
  if (!done) co_return make_error(errc::no_credentials, "the credentials could not be read again");
  if (refresh->outcome.has_error()) co_return refresh->outcome.error();
  shared().set_keys(*refresh->outcome);
  co_return result<void>();
}

/// Temporary credentials are replaced five minutes before they end (credentials_provider), by the
/// store's clock where that is known.
bool client::exchange::credentials_run_out() {
  constexpr std::chrono::minutes early{5};
  const std::shared_ptr<const credentials>& keys = keys_.current();
  return keys->expires && *keys->expires - early <= shared().signing_time();
}

asio::awaitable<result<void>> client::exchange::fresh_credentials() {
  const std::shared_ptr<const credentials> keys = keys_.current();
  const bool alive = *keys->expires > shared().signing_time();
  if (!shared().may_ask_for_successors(alive)) co_return result<void>();
  const result<void> reloaded = co_await reload_credentials(*keys);
  // As long as the old ones live, a refresh that fails is no failure.
  if (reloaded.has_error() && !alive) co_return reloaded;
  co_return result<void>();
}

/// After stop() none sleeps, but for who cleans up: within its time.
milliseconds client::exchange::pause_left(const operation& op) const {
  if (!stopped_) return milliseconds::max();
  if (!op.cleanup) return milliseconds(0);
  const auto end = stopped_at_ + shared_->internals().options.timeouts.cleanup;
  const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
  return std::max(left, milliseconds(0));
}

asio::awaitable<void> client::exchange::pause(milliseconds time) {
  asio::steady_timer timer(executor_, time);
  sleeping_.push_back(&timer);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  std::erase(sleeping_, &timer);
}

void client::exchange::stop() noexcept {
  if (stop_asked_.exchange(true)) return;
  try {
    asio::post(executor_, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) self->on_stop();
    });
  } catch (...) {
    // Out of memory: what is in flight runs into its deadlines, nothing new begins.
  }
}

void client::exchange::on_stop() {
  stopped_ = true;
  stopped_at_ = steady_clock::now();
  cut(busy_);
  for (asio::steady_timer* timer : sleeping_) timer->cancel();
  if (lasting_.empty()) return;
  // Half of the time: the other half is for removing what they have made.
  last_call_.expires_after(shared().options.timeouts.cleanup / 2);
  last_call_.async_wait([weak = weak_from_this()](boost::system::error_code) {
    if (const auto self = weak.lock()) cut(self->lasting_);
  });
}

/// By value: who is cut leaves the list.
void client::exchange::cut(std::vector<http_connection*> connections) {
  for (http_connection* c : connections) c->cut(errc::cancelled, "stopped");
}

void client::exchange::log_try(const operation& op, const trial& facts, const failure_ptr& f,
                               steady_time began) const {
  const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
  std::string line(op.name);
  line += ' ' + std::string(op.method) + ' ';
  if (facts.place) line += facts.place->where.url_of(op.key);
  if (!op.query.empty()) line += '?' + op.query;
  line += " -> ";
  line += facts.status == 0 ? std::string("no answer") : std::to_string(facts.status);
  line += " in " + std::to_string(took.count()) + " ms";
  if (f) line += ": " + describe(f->what);
  shared_->internals().options.log(redact(line));
}

void client::exchange::log_retry(const operation& op, const failure& f, milliseconds wait) const {
  const std::string line = std::string(op.name) + " again in " + std::to_string(wait.count()) +
                           " ms, because of " + std::string(name_of(f.why.code));
  shared_->internals().options.log(line);
}

}  // namespace beatsync::s3
