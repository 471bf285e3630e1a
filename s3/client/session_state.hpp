#pragma once

/// The inside of a session: for the clients and open_session(), not for the engine.
/// Thread-safe where not said otherwise; `options`, `tls` and `provider` never change.

#include "s3/client/published.hpp"
#include "s3/client/session.hpp"
#include "s3/http/address_book.hpp"
#include "s3/http/blocking_job.hpp"
#include "s3/http/tls_context.hpp"
#include "s3/identity/credentials.hpp"
#include "s3/types.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace beatsync::s3 {

/// Where requests go and for which region they are signed.
struct location {
  endpoint where;
  std::string region;
};

/// Credentials read anew on a thread of their own.
struct credentials_refresh {
  result<credentials> outcome = credentials();
  std::shared_ptr<blocking_job> job;
};

struct session::state {
  explicit state(const session_options& o) : options(o), addresses(o.look_up) {}

  session_options options;
  std::shared_ptr<tls_context> tls;  ///< null for plain HTTP
  std::shared_ptr<credentials_provider> provider;
  std::string roots;  ///< for people: which authorities are believed

  published<location> place;
  published<credentials> keys;
  address_book addresses;
  retry_budget budget;
  std::atomic<std::uint64_t> slow_downs{0};  ///< answers that asked for fewer requests
  /// `x-amz-checksum-mode` goes with reads, until the store refuses it.
  std::atomic<bool> shows_checksums{true};

  /// The system clock, set right by what the store said.
  std::chrono::sys_seconds signing_time() const;
  std::chrono::sys_seconds local_time() const;
  void set_clock(std::chrono::sys_seconds server_time);

  checksum_algorithm upload_checksum() const noexcept { return checksum_.load(); }
  /// CRC64NVME, then CRC32C, then none; what was refused before is no news.
  void refuse_checksum(checksum_algorithm refused) noexcept;

  /// From now on requests are signed for `region` (and, on AWS, sent to its endpoint). False: it is
  /// no region's name, or the one that `used` was signed for already.
  bool learn_region(std::string_view region, const location& used);

  /// Half a minute passes between two times that keys near their end are asked for successors, and
  /// after keys have come whose end has passed: whether those are good is for the store to say.
  /// Whose keys have ended meanwhile also waits for a refresh that is under way.
  bool may_ask_for_successors(bool alive);
  /// Keys that have just come.
  void set_keys(credentials fresh);

  /// The refresh under way, or a new one: whoever finds credentials stale shares it.
  std::shared_ptr<credentials_refresh> refresh_credentials(const credentials& stale);

 private:
  std::mutex mutex_;
  std::shared_ptr<credentials_refresh> refresh_;
  std::chrono::steady_clock::time_point next_early_refresh_{};
  bool came_too_late_ = false;                 // the keys had ended when they came
  std::atomic<std::int64_t> clock_offset_{0};  // seconds
  std::atomic<checksum_algorithm> checksum_{checksum_algorithm::crc64nvme};
};

}  // namespace beatsync::s3
