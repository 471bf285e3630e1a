#pragma once

/// Errors of the S3 port as values: a code to branch on, and texts to show.
///
/// Server text is kept apart from our own words (`service_message`): it may contain anything, and
/// whoever prints it escapes it.

#include <boost/system/result.hpp>

#include <string>
#include <string_view>

namespace beatsync::s3 {

enum class errc {
  // The store said no.
  no_such_key = 1,
  no_such_bucket,
  no_such_upload,
  access_denied,
  bad_credentials,      ///< InvalidAccessKeyId, SignatureDoesNotMatch
  expired_token,        ///< still so after the credentials were read again
  precondition_failed,  ///< 412, or 409 ConditionalRequestConflict
  archived,             ///< InvalidObjectState
  checksum_refused,     ///< the store does not know this checksum; ask upload_checksum() again
  checksum_mismatch,    ///< BadDigest and kin: the body was damaged on its way
  too_large,            ///< EntityTooLarge
  wrong_region,         ///< and the right one could not be found out
  clock_skew,           ///< RequestTimeTooSkewed although signed with the server's clock
  throttled,            ///< SlowDown, 429, 503 until the tries were used up
  server_failed,        ///< 500, 502, 504, InternalError until the tries were used up
  redirected,           ///< a redirect that we do not follow
  refused,              ///< any other 4xx

  // The way there is broken (after all tries).
  resolve_failed,
  connect_failed,
  tls_failed,
  certificate_rejected,
  connection_lost,
  timed_out,  ///< no byte of progress in the time allowed for the phase
  cancelled,  ///< stop() was called

  // The answer cannot be trusted.
  bad_reply,     ///< not HTTP, not the XML it should be, or contradicting itself
  short_body,    ///< fewer bytes than announced
  corrupt_body,  ///< bytes do not match their checksum

  // Our side.
  source_failed,  ///< body_source could not deliver; the message says why
  sink_failed,    ///< body_sink could not take; the message says why
  no_credentials,
  bad_configuration,
};

/// What went wrong with one operation.
struct error {
  errc code = errc::refused;
  std::string message;          ///< our words: what happened and, where we know it, what to do
  int http = 0;                 ///< status, 0 when there was no answer
  std::string service_code;     ///< e.g. `AccessDenied`
  std::string service_message;  ///< the server's words, unescaped
  std::string request_id;
};

/// An error of our own, without an answer from the store.
error make_error(errc code, std::string message);

/// Stable lower-case name of a code, as `--json` prints it: `no_such_key`, …
std::string_view name_of(errc code) noexcept;

/// True when the whole run is pointless after this error: nothing else will work either
/// (credentials, bucket, permission on the listing, network).
bool stops_everything(errc code) noexcept;

/// One line for people: our message, then the server's code and words, escaped.
std::string describe(const error& e);

template <class T>
using result = boost::system::result<T, error>;

/// Called by result<T>::value() on an error; throws std::runtime_error with describe(e).
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& loc);

}  // namespace beatsync::s3
