#include "s3/error.hpp"

#include "s3/printable.hpp"

#include <boost/throw_exception.hpp>

#include <stdexcept>
#include <utility>

namespace beatsync::s3 {

error make_error(errc code, std::string message) {
  error made;
  made.code = code;
  made.message = std::move(message);
  return made;
}

std::string_view name_of(errc code) noexcept {
  switch (code) {
    case errc::no_such_key:
      return "no_such_key";
    case errc::no_such_bucket:
      return "no_such_bucket";
    case errc::no_such_upload:
      return "no_such_upload";
    case errc::access_denied:
      return "access_denied";
    case errc::bad_credentials:
      return "bad_credentials";
    case errc::expired_token:
      return "expired_token";
    case errc::precondition_failed:
      return "precondition_failed";
    case errc::archived:
      return "archived";
    case errc::checksum_refused:
      return "checksum_refused";
    case errc::checksum_mismatch:
      return "checksum_mismatch";
    case errc::too_large:
      return "too_large";
    case errc::wrong_region:
      return "wrong_region";
    case errc::clock_skew:
      return "clock_skew";
    case errc::throttled:
      return "throttled";
    case errc::server_failed:
      return "server_failed";
    case errc::redirected:
      return "redirected";
    case errc::refused:
      return "refused";
    case errc::resolve_failed:
      return "resolve_failed";
    case errc::connect_failed:
      return "connect_failed";
    case errc::tls_failed:
      return "tls_failed";
    case errc::certificate_rejected:
      return "certificate_rejected";
    case errc::connection_lost:
      return "connection_lost";
    case errc::timed_out:
      return "timed_out";
    case errc::cancelled:
      return "cancelled";
    case errc::bad_reply:
      return "bad_reply";
    case errc::short_body:
      return "short_body";
    case errc::corrupt_body:
      return "corrupt_body";
    case errc::source_failed:
      return "source_failed";
    case errc::sink_failed:
      return "sink_failed";
    case errc::no_credentials:
      return "no_credentials";
    case errc::bad_configuration:
      return "bad_configuration";
  }
  return "unknown";
}

bool stops_everything(errc code) noexcept {
  switch (code) {
    case errc::no_such_bucket:
    case errc::bad_credentials:
    case errc::expired_token:
    case errc::wrong_region:
    case errc::clock_skew:
    case errc::redirected:
    case errc::resolve_failed:
    case errc::connect_failed:
    case errc::tls_failed:
    case errc::certificate_rejected:
    case errc::cancelled:
    case errc::no_credentials:
    case errc::bad_configuration:
      return true;
    default:
      return false;  // one object's trouble (access_denied may be a policy on one prefix)
  }
}

std::string describe(const error& e) {
  std::string text = printable(e.message.empty() ? std::string(name_of(e.code)) : e.message);
  std::string details;
  const auto add = [&details](const std::string& piece) {
    if (piece.empty()) return;
    if (!details.empty()) details += ", ";
    details += piece;
  };
  if (!e.service_code.empty() || !e.service_message.empty()) {
    std::string said = printable(e.service_code);
    if (!e.service_code.empty() && !e.service_message.empty()) said += ": ";
    add("the store says " + said + printable(e.service_message));
  }
  if (e.http != 0) add("HTTP " + std::to_string(e.http));
  if (!e.request_id.empty()) add("request " + printable(e.request_id));
  if (!details.empty()) text += " (" + details + ")";
  return text;
}

void throw_exception_from_error(const error& e, const boost::source_location& loc) {
  boost::throw_exception(std::runtime_error(describe(e)), loc);
}

}  // namespace beatsync::s3
