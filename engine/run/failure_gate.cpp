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

void failure_gate::succeeded() {
  const std::lock_guard lock(mutex_);
  anything_worked_ = true;
  unanswered_ = 0;
  denied_ = 0;
}

bool failure_gate::failed(s3::errc code) {
  const std::lock_guard lock(mutex_);
  if (shut_) return false;
  if (code == s3::errc::access_denied) {
    // One object may be closed to us; all of them are a missing permission.
    shut_ = ++denied_ >= most_denied && !anything_worked_;
  } else if (s3::stops_everything(code)) {
    shut_ = true;
  } else if (is_unanswered(code)) {
    shut_ = ++unanswered_ >= most_in_a_row;
  }
  return shut_;
}

}  // namespace beatsync::engine
