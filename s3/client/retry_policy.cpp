#include "s3/client/retry_policy.hpp"

#include <algorithm>
#include <array>

namespace beatsync::s3 {
namespace {

struct row {
  std::string_view code;
  judgement verdict;
};

/// Codes with a meaning of their own, whatever the status they come with.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; MinIO: cmd/api-errors.go.
constexpr std::array table = std::to_array<row>({
    // The store is busy or broken.
    {"SlowDown", {remedy::retry_later, errc::throttled}},
    {"SlowDownRead", {remedy::retry_later, errc::throttled}},
    {"SlowDownWrite", {remedy::retry_later, errc::throttled}},
    {"Throttling", {remedy::retry_later, errc::throttled}},
    {"ThrottlingException", {remedy::retry_later, errc::throttled}},
    {"ThrottledException", {remedy::retry_later, errc::throttled}},
    {"RequestThrottled", {remedy::retry_later, errc::throttled}},
    {"RequestThrottledException", {remedy::retry_later, errc::throttled}},
    {"RequestLimitExceeded", {remedy::retry_later, errc::throttled}},
    {"BandwidthLimitExceeded", {remedy::retry_later, errc::throttled}},
    {"TooManyRequests", {remedy::retry_later, errc::throttled}},
    {"TooManyRequestsException", {remedy::retry_later, errc::throttled}},
    {"ServiceUnavailable", {remedy::retry_later, errc::throttled}},
    {"InternalError", {remedy::retry, errc::server_failed}},
    {"InternalFailure", {remedy::retry, errc::server_failed}},
    {"OperationAborted", {remedy::retry, errc::server_failed}},
    {"XMinioServerNotInitialized", {remedy::retry, errc::server_failed}},
    {"XMinioBackendDown", {remedy::retry_later, errc::server_failed}},
    {"XMinioStorageFull", {remedy::give_up, errc::refused}},
    // The body did not arrive as it was sent, or not in time.
    {"RequestTimeout", {remedy::retry, errc::timed_out}},
    {"IncompleteBody", {remedy::retry, errc::connection_lost}},
    {"BadDigest", {remedy::retry, errc::checksum_mismatch}},
    {"InvalidDigest", {remedy::retry, errc::checksum_mismatch}},  // as Garage has it
    {"XAmzContentSHA256Mismatch", {remedy::retry, errc::checksum_mismatch}},
    {"XAmzContentChecksumMismatch", {remedy::retry, errc::checksum_mismatch}},
    // Who we are and when.
    {"RequestTimeTooSkewed", {remedy::use_server_clock, errc::clock_skew}},
    {"RequestExpired", {remedy::use_server_clock, errc::clock_skew}},
    {"ExpiredToken", {remedy::reload_credentials, errc::expired_token}},
    {"ExpiredTokenException", {remedy::reload_credentials, errc::expired_token}},
    {"TokenRefreshRequired", {remedy::reload_credentials, errc::expired_token}},
    {"InvalidToken", {remedy::reload_credentials, errc::bad_credentials}},
    {"InvalidAccessKeyId", {remedy::give_up, errc::bad_credentials}},
    {"SignatureDoesNotMatch", {remedy::give_up, errc::bad_credentials}},
    {"AccessDenied", {remedy::give_up, errc::access_denied}},
    {"AllAccessDisabled", {remedy::give_up, errc::access_denied}},
    {"AccountProblem", {remedy::give_up, errc::access_denied}},
    // Where the bucket is.
    {"PermanentRedirect", {remedy::change_region, errc::redirected}},
    {"TemporaryRedirect", {remedy::change_region, errc::redirected}},
    {"Redirect", {remedy::change_region, errc::redirected}},
    {"AuthorizationHeaderMalformed", {remedy::change_region, errc::wrong_region}},
    {"IllegalLocationConstraintException", {remedy::change_region, errc::wrong_region}},
    {"InvalidRegion", {remedy::change_region, errc::wrong_region}},
    // What is there and what may be done with it.
    {"NoSuchKey", {remedy::give_up, errc::no_such_key}},
    {"NoSuchBucket", {remedy::give_up, errc::no_such_bucket}},
    {"NoSuchUpload", {remedy::give_up, errc::no_such_upload}},
    {"InvalidObjectState", {remedy::give_up, errc::archived}},
    {"PreconditionFailed", {remedy::give_up, errc::precondition_failed}},
    {"ConditionalRequestConflict", {remedy::retry, errc::precondition_failed}},
    {"EntityTooLarge", {remedy::give_up, errc::too_large}},
    {"MaxMessageLengthExceeded", {remedy::give_up, errc::too_large}},
});

judgement by_status(int http) noexcept {
  switch (http) {
    case 401:
      return {remedy::give_up, errc::bad_credentials};
    case 403:
      return {remedy::give_up, errc::access_denied};
    case 404:
      return {remedy::give_up, errc::no_such_key};
    case 408:
      return {remedy::retry, errc::timed_out};
    case 412:
      return {remedy::give_up, errc::precondition_failed};
    case 413:
      return {remedy::give_up, errc::too_large};
    case 429:
    case 503:
      return {remedy::retry_later, errc::throttled};
    case 501:  // not implemented
    case 505:  // nor this version of HTTP
    case 507:  // no storage left
      return {remedy::give_up, errc::server_failed};
    default:
      break;
  }
  if (http >= 300 && http < 400) return {remedy::change_region, errc::redirected};
  // Also 520 to 524, with which Cloudflare says that the store behind it did not answer well.
  if (http >= 500) return {remedy::retry, errc::server_failed};
  if (http >= 400) return {remedy::give_up, errc::refused};
  return {remedy::retry_once, errc::bad_reply};  // 1xx or 2xx where it makes no sense
}

/// No connection came about, or not even an address: there is nobody whom a retry could burden.
bool is_absence(const judgement& why) noexcept {
  return why.what == remedy::retry &&
         (why.code == errc::connect_failed || why.code == errc::resolve_failed);
}

constexpr int tokens_for_retry = 5;
constexpr int tokens_for_first_success = 1;

/// Remedies that change the request; a second time would be the same request again.
bool only_once(remedy what) noexcept {
  return what == remedy::retry_once || what == remedy::use_server_clock ||
         what == remedy::reload_credentials || what == remedy::change_region ||
         what == remedy::drop_checksum;
}

bool contains_ignoring_case(std::string_view text, std::string_view lower_case) noexcept {
  return std::search(text.begin(), text.end(), lower_case.begin(), lower_case.end(),
                     [](char a, char b) {
                       return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b;
                     }) != text.end();
}

}  // namespace

judgement classify(int http, std::string_view service_code, bool other_region_named) noexcept {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [service_code](const row& r) { return r.code == service_code; });
  const judgement verdict = found != table.end() ? found->verdict : by_status(http);
  const bool about_region = verdict.what == remedy::change_region ||
                            (verdict.what == remedy::give_up && (http == 400 || http == 403));
  if (other_region_named && about_region) return {remedy::change_region, errc::wrong_region};
  return verdict;
}

judgement classify(errc transport) noexcept {
  switch (transport) {
    case errc::resolve_failed:
    case errc::connect_failed:
    case errc::tls_failed:
    case errc::connection_lost:
    case errc::timed_out:
    case errc::short_body:
    case errc::corrupt_body:
    case errc::checksum_mismatch:
    case errc::server_failed:
      return {remedy::retry, transport};
    case errc::throttled:
      return {remedy::retry_later, transport};
    case errc::bad_reply:
      return {remedy::retry_once, transport};
    default:
      return {remedy::give_up, transport};
  }
}

bool is_checksum_refusal(int http, std::string_view service_code, std::string_view service_message,
                         std::string_view refused_header, bool with_body) noexcept {
  if (with_body && service_code == "InvalidDigest") return false;
  if (contains_ignoring_case(refused_header, "checksum")) return true;
  if (http != 400 && http != 501) return false;
  const bool about_headers = service_code == "NotImplemented" || service_code == "InvalidRequest" ||
                             service_code == "InvalidArgument" || service_code == "InvalidDigest" ||
                             service_code == "UnsupportedHeader" || service_code == "NotSupported";
  return about_headers && contains_ignoring_case(service_message, "checksum");
}

retry_limits slow_operation_limits() noexcept {
  retry_limits limits;
  limits.silence = std::chrono::minutes(10);
  return limits;
}

std::chrono::milliseconds backoff(const retry_limits& limits, remedy what, int tries_made,
                                  double random,
                                  std::optional<std::chrono::seconds> retry_after) noexcept {
  using std::chrono::milliseconds;
  const milliseconds base = what == remedy::retry_later ? limits.base_when_throttled : limits.base;
  const int doublings = std::clamp(tries_made - 1, 0, 20);
  const milliseconds ceiling =
      std::min(milliseconds(base.count() << doublings), limits.longest_pause);
  milliseconds pause(static_cast<milliseconds::rep>(static_cast<double>(ceiling.count()) * random));
  if (retry_after && retry_after->count() > 0) {
    // Compared in seconds first: a hostile number must not overflow as milliseconds.
    const auto limit = std::chrono::duration_cast<std::chrono::seconds>(limits.longest_retry_after);
    pause = std::max(pause, milliseconds(std::min(*retry_after, limit)));
  }
  return pause;
}

bool retry_budget::take(int tokens) noexcept {
  int left = left_.load(std::memory_order_relaxed);
  do {
    if (left < tokens) return false;
  } while (!left_.compare_exchange_weak(left, left - tokens, std::memory_order_relaxed));
  return true;
}

void retry_budget::give_back(int tokens) noexcept {
  int left = left_.load(std::memory_order_relaxed);
  while (!left_.compare_exchange_weak(left, std::min(left + tokens, capacity_),
                                      std::memory_order_relaxed)) {
  }
}

retry_state::decision retry_state::failed(
    const judgement& why, time_point now, double random,
    std::optional<std::chrono::seconds> retry_after) noexcept {
  decision give_up;
  ++tries_made_;
  if (is_absence(why) && budget_.worked() && limits_.absence.count() > 0) {
    return failed_to_connect(now, random);
  }
  absent_since_.reset();
  absent_in_a_row_ = 0;
  const int counted = tries_made_ - absent_tries_;
  if (why.what == remedy::give_up || counted >= limits_.tries) return give_up;
  decision next;
  next.what = why.what;
  const std::uint32_t bit = 1U << static_cast<unsigned>(why.what);
  if (only_once(why.what)) {
    if (remedies_used_ & bit) return give_up;
    remedies_used_ |= bit;
  }
  const bool pauses = why.what == remedy::retry || why.what == remedy::retry_later ||
                      why.what == remedy::retry_once;
  if (pauses) next.pause = backoff(limits_, why.what, counted, random, retry_after);
  if (now + next.pause >= deadline()) return give_up;
  if (pauses) {
    const int tokens = why.code == errc::timed_out ? retry_budget::of_timeout : tokens_for_retry;
    if (!budget_.take(tokens)) return give_up;
    tokens_of_last_retry_ = tokens;
  }
  next.again = true;
  return next;
}

/// The store is away: as long as it may be, with pauses that grow from the first such try on.
retry_state::decision retry_state::failed_to_connect(time_point now, double random) noexcept {
  ++absent_tries_;
  ++absent_in_a_row_;
  if (!absent_since_) absent_since_ = now;
  retry_limits limits = limits_;
  limits.longest_pause = std::min(limits.longest_pause, limits.longest_pause_when_absent);
  decision next;
  next.what = remedy::retry;
  next.pause = backoff(limits, remedy::retry, absent_in_a_row_, random, std::nullopt);
  const time_point end = std::min(deadline(), *absent_since_ + limits_.absence);
  next.again = now + next.pause < end;
  return next;
}

void retry_state::succeeded() noexcept {
  budget_.note_success();
  budget_.give_back(tokens_of_last_retry_ != 0 ? tokens_of_last_retry_ : tokens_for_first_success);
  tokens_of_last_retry_ = 0;
}

}  // namespace beatsync::s3
