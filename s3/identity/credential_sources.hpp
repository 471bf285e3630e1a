#pragma once

/// The single places credentials come from; which of them is asked, and in which order, is the
/// chain's business (credential_chain.cpp). Internal to credentials.hpp. Blocking; any thread that
/// may block. Errors as there.

#include "s3/identity/aws_config.hpp"
#include "s3/identity/credentials.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace beatsync::s3 {

/// The HTTP port and what the calls need beside it.
struct service_calls {
  const environment& env;
  const http_port& http;
  const aws_config& files;
  const aws_section& profile;  ///< the chosen one, whose endpoint_url holds for all calls
  std::string region;          ///< may be empty: STS's global endpoint
  std::chrono::sys_seconds now;
};

/// What the three texts are called where they were found, for messages.
struct key_names {
  const char* access = "the access key id";
  const char* secret = "the secret access key";
  const char* token = "the session token";
};
/// The keys, or an error where one could not stand in a header: a line break would end it, and what
/// follows would be a header of its own.
result<credentials> sendable(credentials keys, const key_names& names = {});
bool has_control_character(std::string_view text) noexcept;

/// AWS_ACCESS_KEY_ID and kin. Nothing where neither key is set; an error where one is missing.
result<std::optional<credentials>> from_environment(const environment& env);

/// aws_access_key_id and kin of a profile; likewise.
result<std::optional<credentials>> from_keys(const aws_section& profile, const std::string& name);

/// Runs the command of credential_process. `name` of the profile, for messages.
result<credentials> from_process(const std::string& command, const std::string& name,
                                 std::chrono::milliseconds timeout);
/// What such a program printed.
result<credentials> parse_process_output(std::string_view json, const std::string& name);

struct role_request {
  std::string role_arn;
  std::string session_name;  ///< empty: one of ours
  std::string external_id;
  std::string duration;  ///< in seconds, as configured
};
/// STS AssumeRole, signed by `source`.
result<credentials> assume_role(const role_request& role, const credentials& source,
                                const service_calls& calls);
/// STS AssumeRoleWithWebIdentity with the token in a file.
result<credentials> assume_role_with_token(const role_request& role, const std::string& token_file,
                                           const service_calls& calls);

struct sso_request {
  std::string profile;  ///< for messages
  std::string session;  ///< sso_session, empty in the older form
  std::string start_url;
  std::string region;
  std::string account_id;
  std::string role_name;
};
/// GetRoleCredentials with the token that `aws sso login` cached.
result<credentials> from_sso(const sso_request& request, const service_calls& calls);

/// Calls through the port, or says that this build of the chain has none.
result<http_reply> call(const service_calls& calls, const http_call& what,
                        const std::string& service);

/// What service_url.hpp finds for `sts` or `sso`, without a slash at its end; else `usual`.
std::string url_of_service(const std::string& service, const std::string& usual,
                           const service_calls& calls);

}  // namespace beatsync::s3
