#include "s3/identity/credential_sources.hpp"
#include "s3/identity/service_url.hpp"
#include "s3/printable.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::s3 {

bool has_control_character(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

result<credentials> sendable(credentials keys, const key_names& names) {
  const std::pair<const char*, const std::string*> parts[] = {{names.access, &keys.access_key},
                                                              {names.secret, &keys.secret_key},
                                                              {names.token, &keys.session_token}};
  for (const auto& [name, value] : parts)
    if (has_control_character(*value))
      return make_error(errc::no_credentials,
                        printable(keys.source) + ": " + name +
                            " has a line break or another control character, which cannot be "
                            "sent; set it again without");
  return keys;
}

result<std::optional<credentials>> from_environment(const environment& env) {
  credentials keys;
  keys.access_key = env.text("AWS_ACCESS_KEY_ID");
  keys.secret_key = env.text("AWS_SECRET_ACCESS_KEY");
  if (keys.access_key.empty() && keys.secret_key.empty()) return std::optional<credentials>();
  if (keys.access_key.empty() || keys.secret_key.empty()) {
    const bool no_secret = keys.secret_key.empty();
    return make_error(errc::no_credentials,
                      std::string(no_secret ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY") +
                          " is set, but " +
                          (no_secret ? "AWS_SECRET_ACCESS_KEY" : "AWS_ACCESS_KEY_ID") +
                          " is not; set both or neither");
  }
  key_names names{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
  if (env.text(names.token).empty()) names.token = "AWS_SECURITY_TOKEN";  // the older name
  keys.session_token = env.text(names.token);
  keys.source = "environment (AWS_ACCESS_KEY_ID)";
  auto checked = sendable(std::move(keys), names);
  if (!checked) return checked.error();
  return std::optional<credentials>(*std::move(checked));
}

result<std::optional<credentials>> from_keys(const aws_section& profile, const std::string& name) {
  const auto access = profile.get("aws_access_key_id");
  const auto secret = profile.get("aws_secret_access_key");
  if (!access && !secret) return std::optional<credentials>();
  const aws_setting& given = *profile.find(access ? "aws_access_key_id" : "aws_secret_access_key");
  if (!access || !secret)
    return make_error(errc::no_credentials,
                      given.file + ", line " + std::to_string(given.line) + ": profile \"" +
                          printable(name) + "\" has no " +
                          (access ? "aws_secret_access_key" : "aws_access_key_id"));
  credentials keys;
  keys.access_key = *access;
  keys.secret_key = *secret;
  key_names names{"aws_access_key_id", "aws_secret_access_key", "aws_session_token"};
  if (!profile.get(names.token)) names.token = "aws_security_token";
  keys.session_token = profile.text(names.token);
  keys.source = "profile \"" + printable(name) + "\" (" + given.file + ")";
  auto checked = sendable(std::move(keys), names);
  if (!checked) return checked.error();
  return std::optional<credentials>(*std::move(checked));
}

result<http_reply> call(const service_calls& calls, const http_call& what,
                        const std::string& service) {
  if (!calls.http)
    return make_error(errc::no_credentials, "these credentials need a call to " + service +
                                                ", which is not possible here");
  auto reply = calls.http(what);
  if (!reply) {
    error why = reply.error();
    why.message = service + ": " + why.message;
    return why;
  }
  return reply;
}

std::string url_of_service(const std::string& service, const std::string& usual,
                           const service_calls& calls) {
  auto found = url_from_environment(service, calls.env, calls.profile);
  if (!found) found = url_from_profile(service, calls.env, calls.files, calls.profile);
  if (!found) return usual;
  while (found->url.ends_with('/')) found->url.pop_back();
  return found->url;
}

}  // namespace beatsync::s3
