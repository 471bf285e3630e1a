#pragma once

/// The one place that says what is tried again, how often and after which pause.
///
/// Deciding only: time, randomness and what was observed come in as arguments. classify() is the
/// table; a retry_state lives for one request over all its tries; a retry_budget is shared by all
/// requests of a session, so that a broken store does not get six times the load. retry_budget is
/// thread-safe, the rest belongs to one thread.
///
/// Where no connection can be made, no store is there to be burdened: once it has answered in this
/// session, such tries are not counted and cost no tokens, they go on for `absence`. Before that,
/// the endpoint is probably wrong, and six tries show it within seconds.

#include "s3/error.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace beatsync::s3 {

/// What to do about a failed try.
enum class remedy : std::uint8_t {
  give_up,             ///< final
  retry,               ///< the same again after a pause
  retry_once,          ///< one more try: an answer that made no sense
  retry_later,         ///< the same, but the store asked for less: longer pauses
  use_server_clock,    ///< take the offset from the answer's time, sign again, no pause; once
  reload_credentials,  ///< credentials_provider::refresh, sign again, no pause; once
  change_region,       ///< the answer (header or body) names the region; sign again, no pause; once
  drop_checksum,  ///< this store does not know the checksum: remember it, and try without; once
};

struct judgement {
  remedy what = remedy::give_up;
  errc code = errc::refused;  ///< the error if it ends here
};

/// An answer that is no success: status, and the code of its `<Error>` (empty where there was none:
/// HEAD). `other_region_named`: the answer names a region (x-amz-bucket-region, `<Region>`) that is
/// not the signed one.
judgement classify(int http, std::string_view service_code,
                   bool other_region_named = false) noexcept;

/// No answer, or none to be trusted.
judgement classify(errc transport) noexcept;

/// True where 400 InvalidRequest, 501 NotImplemented and kin are about our checksum header, which
/// the request carried. `with_body`: it carried the bytes of an object, too. Garage says
/// InvalidDigest of those that do not match; believed to be about the header, they would be sent
/// again without a checksum, and kept.
bool is_checksum_refusal(int http, std::string_view service_code, std::string_view service_message,
                         std::string_view refused_header, bool with_body = false) noexcept;

struct retry_limits {
  int tries = 6;                        ///< reliability.md, section 0
  std::chrono::milliseconds base{100};  ///< pause before try n: random(0, base * 2^(n-1))
  std::chrono::milliseconds base_when_throttled{500};
  std::chrono::milliseconds longest_pause{20'000};  ///< AWS SDKs' standard mode: 20 s
  std::chrono::milliseconds longest_retry_after{30'000};
  std::chrono::milliseconds silence{60'000};  ///< without a byte of progress, over all tries
  /// Without a connection; 0: such tries are counted as all others are.
  std::chrono::milliseconds absence{60'000};
  /// It should be noticed soon that the store is back.
  std::chrono::milliseconds longest_pause_when_absent{5'000};
};

/// Complete and Copy are silent while they work.
retry_limits slow_operation_limits() noexcept;

/// Full jitter. `random` in [0, 1). A Retry-After of the store is the least pause, up to its limit.
std::chrono::milliseconds backoff(const retry_limits& limits, remedy what, int tries_made,
                                  double random,
                                  std::optional<std::chrono::seconds> retry_after) noexcept;

/// Tokens for retries, as the AWS SDKs' standard mode: 5 for a retry (10 after a timeout), what a
/// retry cost is given back when it succeeds, 1 for every first try that does.
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
///
/// The SDKs begin with 500, which is 100 retries: fewer than requests may be in flight here, so one
/// blip that breaks all connections would end most of them without a second try. Two rounds of all
/// of them fit into this budget, even if all have timed out.
class retry_budget {
 public:
  static constexpr int of_timeout = 10;       ///< tokens
  static constexpr int most_in_flight = 256;  ///< requests: the ceiling of --transfers
  static constexpr int usual = 2 * most_in_flight * of_timeout;
  /// So many of them missing are trouble, however large the budget is: half of the SDKs' budget.
  static constexpr int much = 250;

  explicit retry_budget(int capacity = usual) noexcept : capacity_(capacity), left_(capacity) {}
  /// False: no retry now.
  bool take(int tokens) noexcept;
  void give_back(int tokens) noexcept;
  /// Enough is left for what may be done but need not be.
  bool ample() const noexcept { return left() > capacity_ - std::min(capacity_ / 2, much); }
  int left() const noexcept { return left_.load(std::memory_order_relaxed); }

  /// Something has succeeded in this session: the store is there, and may only be away.
  void note_success() noexcept {
    if (!worked()) worked_.store(true, std::memory_order_relaxed);  // no write that threads share
  }
  bool worked() const noexcept { return worked_.load(std::memory_order_relaxed); }

 private:
  int capacity_;
  std::atomic<int> left_;
  std::atomic<bool> worked_{false};
};

/// One request over all its tries.
class retry_state {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  retry_state(const retry_limits& limits, retry_budget& budget, time_point now) noexcept
      : limits_(limits), budget_(budget), last_progress_(now) {}

  /// A byte of body went out or came in (not: was retried).
  void progress(time_point now) noexcept { last_progress_ = now; }

  /// When to stop waiting, whatever is going on.
  time_point deadline() const noexcept { return last_progress_ + limits_.silence; }

  struct decision {
    bool again = false;
    std::chrono::milliseconds pause{0};
    remedy what = remedy::give_up;
  };

  /// After a failed try. Remedies that are allowed once become give_up the second time.
  decision failed(const judgement& why, time_point now, double random,
                  std::optional<std::chrono::seconds> retry_after = std::nullopt) noexcept;

  /// After a try that worked.
  void succeeded() noexcept;

  int tries_made() const noexcept { return tries_made_; }

 private:
  decision failed_to_connect(time_point now, double random) noexcept;

  retry_limits limits_;
  retry_budget& budget_;
  time_point last_progress_;
  int tries_made_ = 0;
  int absent_tries_ = 0;                    ///< of them; not counted
  std::optional<time_point> absent_since_;  ///< no try since then has had a connection
  int absent_in_a_row_ = 0;
  int tokens_of_last_retry_ = 0;
  std::uint32_t remedies_used_ = 0;
};

}  // namespace beatsync::s3
