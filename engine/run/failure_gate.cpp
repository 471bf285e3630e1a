#include "engine/run/failure_gate.hpp"

namespace beatsync::engine {
namespace {

bool is_unanswered(s3::errc code) noexcept {
  switch (code) {
    case s3::errc::throttled:
    case s3::errc::server_failed:
    case s3::errc::resolve_failed:
    case s3::errc::connect_failed:
    case s3::errc::tls_failed:
    case s3::errc::connection_lost:
    case s3::errc::timed_out:
    case s3::errc::bad_reply:
      return true;
    default:
      return false;
  }
}

}  // namespace

void failure_gate::succeeded(time_point now) {
  const std::lock_guard lock(mutex_);
  last_success_ = now;
  unanswered_ = 0;
  denied_ = 0;
  refused_ = 0;
  signature_accepted_ = true;
}

void failure_gate::listed() {
  const std::lock_guard lock(mutex_);
  signature_accepted_ = true;
}

bool failure_gate::too_many_unanswered(time_point now) const {
  if (unanswered_ < most_in_a_row) return false;
  return !last_success_ || now - *last_success_ >= least_silence || unanswered_ >= most_at_once;
}

bool failure_gate::failed(s3::errc code, time_point now) {
  const std::lock_guard lock(mutex_);
  if (shut_) return false;
  if (code == s3::errc::access_denied) {
    // One object may be closed to us; all of them are a missing permission.
    shut_ = ++denied_ >= most_denied && !last_success_;
  } else if (signature_accepted_ &&
             (code == s3::errc::bad_credentials || code == s3::errc::redirected)) {
    // Proxies that write the paths of some names anew break their signatures, and those only.
    shut_ = ++refused_ >= most_denied;
  } else if (s3::stops_everything(code)) {
    shut_ = true;
  } else if (is_unanswered(code)) {
    ++unanswered_;
    shut_ = too_many_unanswered(now);
  }
  return shut_;
}

}  // namespace beatsync::engine
