#pragma once

/// The heart of a client: carries out operations, try after try, over kept or new connections.
///
///     run ──► one try ──► connection (pool, else address, connect, TLS)
///      ▲         │        head (signed anew) ──► send ──► read head ──► take the answer
///      └── verdict of retry_policy: pause, new clock, new credentials, other region ◄── refusal
///
/// Belongs to the thread of its executor, but for stop() and the atomics behind it.

#include "s3/client/answer_pace.hpp"
#include "s3/client/client.hpp"
#include "s3/client/operation.hpp"
#include "s3/client/session_state.hpp"
#include "s3/http/connection_pool.hpp"
#include "s3/http/watchdog.hpp"
#include "s3/identity/signer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace beatsync::s3 {

class client::exchange : public std::enable_shared_from_this<client::exchange> {
 public:
  exchange(boost::asio::any_io_executor executor, std::shared_ptr<session> shared);

  /// Until it has worked or nothing more is to be tried.
  awaitable<result<void>> run(operation& op);

  /// Thread-safe; see object_store.
  void stop() noexcept;

  session::state& shared() noexcept { return shared_->internals(); }

 private:
  using connection_ptr = std::unique_ptr<http_connection>;

  /// What the retry loop wants to know of a try besides its failure.
  struct trial {
    std::shared_ptr<const location> place;
    std::shared_ptr<const credentials> keys;
    request_times times;
    std::chrono::milliseconds connect_limit{};
    bool want_fresh = false;
    bool was_stale = false;  ///< a kept connection that the server had closed
    bool prompt = false;     ///< answers to the like of it all take about the same time
    bool was_late = false;   ///< this one took longer: asked again, it may be answered at once
    int status = 0;
    std::optional<std::chrono::sys_seconds> server_time;
    std::string region;   ///< that the answer names
    steady_time moved{};  ///< when the last bytes did
  };

  /// Puts a connection on the list of those that stop() cuts.
  class presence;

  awaitable<failure_ptr> try_once(operation& op, trial& facts);
  awaitable<failure_ptr> talk(operation& op, trial& facts, http_connection& connection);
  awaitable<failure_ptr> read_refusal(operation& op, trial& facts, http_connection& connection);
  awaitable<connection_ptr> acquire(operation& op, trial& facts, error& problem);
  awaitable<connection_ptr> open_connection(operation& op, trial& facts, error& problem);
  awaitable<result<std::string>> hash_of_body(operation& op);
  awaitable<result<void>> remedy_of(const failure& why, remedy what, operation& op, trial& facts);
  awaitable<result<void>> reload_credentials(const credentials& stale);
  bool credentials_run_out();
  awaitable<result<void>> fresh_credentials();
  std::chrono::milliseconds pause_left(const operation& op) const;
  awaitable<void> pause(std::chrono::milliseconds time);

  bool interrupted(const operation& op) const noexcept;
  std::chrono::milliseconds time_left(const operation& op, std::chrono::milliseconds silence) const;
  retry_limits limits_of(const operation& op) const;
  void set_times(const operation& op, trial& facts, std::chrono::milliseconds left) const;
  void hurry(trial& facts);
  void waited(answer_pace::milliseconds time);
  void on_stop();
  static void cut(std::vector<http_connection*> connections);
  double random();
  void log_try(const operation& op, const trial& facts, const failure_ptr& f,
               steady_time began) const;
  void log_retry(const operation& op, const failure& f, std::chrono::milliseconds pause) const;

  boost::asio::any_io_executor executor_;
  std::shared_ptr<session> shared_;
  watchdog dog_;
  connection_pool pool_;
  signer signer_;
  answer_pace pace_;                                   ///< of prompt requests
  std::optional<std::chrono::milliseconds> patience_;  ///< with them, as it is known now
  subscription<location> place_;
  subscription<credentials> keys_;
  std::minstd_rand generator_;

  std::vector<http_connection*> busy_;
  std::vector<http_connection*> lasting_;  ///< with operations that stop() lets be answered
  boost::asio::steady_timer last_call_;    ///< when they are cut, too
  std::vector<boost::asio::steady_timer*> sleeping_;
  std::atomic<bool> stop_asked_{false};
  bool stopped_ = false;  ///< the same, on our thread
  steady_time stopped_at_{};
};

}  // namespace beatsync::s3
