#pragma once

/// Credentials as a value, and where they come from.
///
/// The chain, first found, in botocore's order: a profile chosen by flag or config (it beats the
/// environment, as `aws --profile` does); AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; the profile
/// that AWS_DEFAULT_PROFILE or AWS_PROFILE names; the profile `default`. Within a profile: role_arn
/// (source_profile, credential_source = Environment), web identity (AWS_WEB_IDENTITY_TOKEN_FILE and
/// kin, where no profile was chosen, else web_identity_token_file), SSO, keys of the credentials
/// file, credential_process, keys of the config file. What a profile asks for and we do not support
/// is refused by name, never skipped.
/// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
///
/// Blocking (files, a child process, HTTP through the port): call at start or on a file thread,
/// never on an I/O thread. credentials_provider is thread-safe; one refresh runs at a time, the
/// others wait for it.
///
/// Errors: no_credentials (none found, or what was found is unusable; the text says what to do),
/// bad_configuration (files that do not parse, unknown profile), and those of the HTTP port.

#include "s3/error.hpp"
#include "s3/identity/environment.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::s3 {

struct credentials {
  std::string access_key;
  std::string secret_key;
  std::string session_token;                          ///< empty: long-term keys
  std::optional<std::chrono::sys_seconds> expires{};  ///< nothing: they do not, as far as we know
  std::string source;  ///< for people: `profile "dj" (~/.aws/credentials)`
};

/// A call to STS or SSO. Small and rare; the implementation may open a connection for each.
struct http_call {
  std::string method;  ///< GET or POST
  std::string url;     ///< https://host[:port]/path?query, encoded
  std::vector<std::pair<std::string, std::string>> headers;  ///< without Host and Content-Length
  std::string body;
};

struct http_reply {
  int status = 0;
  std::string body;
};

/// Any HTTP status is a reply; an error means that there was none. Bodies over 1 MiB may be
/// refused.
using http_port = std::function<result<http_reply>(const http_call&)>;

struct credentials_options {
  std::string profile;  ///< chosen by flag or config; empty: AWS_PROFILE, else `default`
  std::string region;   ///< for STS where neither environment nor profile names one
  http_port http;       ///< needed by roles and SSO only; empty: they are refused
  std::function<std::chrono::sys_seconds()> now;                        ///< empty: the system clock
  std::chrono::milliseconds process_timeout{std::chrono::seconds(60)};  ///< of credential_process
};

class credentials_provider {
 public:
  credentials_provider(environment env, credentials_options options);
  ~credentials_provider();
  credentials_provider(const credentials_provider&) = delete;
  credentials_provider& operator=(const credentials_provider&) = delete;

  /// The credentials in use (also where their end has passed by this clock: whether they are good
  /// is for the store to say); fetched at first use, and again when less than 5 minutes of their
  /// life are left (a failing early refresh is no error as long as the old ones live).
  result<credentials> get();

  /// Reads everything anew: the store said ExpiredToken, or the files may have changed. Callers who
  /// saw `stale` fail pass it: if somebody else has refreshed meanwhile, the newer ones are
  /// returned at once.
  result<credentials> refresh(const credentials& stale);
  result<credentials> refresh();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace beatsync::s3
