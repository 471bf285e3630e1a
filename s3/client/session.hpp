#pragma once

/// What all clients of one run share: where the bucket is, who we are, and what was learned on the
/// way (region, the server's clock, which checksums the store takes, TLS sessions, addresses).
///
/// Threads: a session may be used by any number of clients on any threads. open_session() blocks
/// (files, `credential_process`, STS); call it before the I/O threads start.
///
/// Errors of open_session: bad_configuration (endpoint, region, CA file, profile),
/// no_credentials, and what STS or SSO answered.

#include "s3/client/retry_policy.hpp"
#include "s3/error.hpp"
#include "s3/http/timeouts.hpp"
#include "s3/identity/endpoint.hpp"
#include "s3/identity/environment.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3 {

struct session_options {
  std::string bucket;
  std::string endpoint_url;             ///< of the flag: beats the environment's
  std::string endpoint_source;          ///< who gave it, for people; empty: `--endpoint-url`
  std::string configured_endpoint_url;  ///< of the config: the environment's beats it
  std::string region;                   ///< of the flag: beats the environment's
  std::string configured_region;        ///< of the config; nobody names one: the bucket's answer
  std::string profile;                  ///< empty: AWS_PROFILE, else `default`
  bool profile_is_explicit = false;  ///< from a flag or the config: beats keys in the environment
  std::string ca_bundle;             ///< PEM file; empty: AWS_CA_BUNDLE, else the system's store
  std::string ca_bundle_source;      ///< who gave it, for people; empty: `--ca-bundle`
  addressing_style style = addressing_style::automatic;
  session_timeouts timeouts;
  retry_limits retry;

  /// One line per request and retry, without secrets. Called from any I/O thread.
  std::function<void(std::string_view)> log;

  std::function<std::chrono::sys_seconds()> now;  ///< for signatures; empty: the system clock
  /// A host's addresses as they are written, any thread; empty: the system's resolver.
  std::function<std::vector<std::string>(const std::string& host)> look_up;
  std::function<double()> random;  ///< in [0, 1), any thread; empty: a generator for each client
};

class session {
 public:
  struct state;

  explicit session(std::unique_ptr<state> s);
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// Endpoint, region, addressing, source of the credentials, TLS roots: one line, no secrets.
  std::string describe() const;

  /// Which store this is: `https://host[:port][/path]`, or `aws` for Amazon's own, whatever the
  /// region.
  std::string store_name() const;

  state& internals() noexcept { return *state_; }

 private:
  std::unique_ptr<state> state_;
};

result<std::shared_ptr<session>> open_session(const session_options& options,
                                              const environment& env);

}  // namespace beatsync::s3
