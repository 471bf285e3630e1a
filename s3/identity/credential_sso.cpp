#include "s3/hash.hpp"
#include "s3/http_date.hpp"
#include "s3/identity/credential_sources.hpp"
#include "s3/identity/endpoint.hpp"
#include "s3/printable.hpp"
#include "s3/uri.hpp"

#include <openssl/evp.h>
#include <simdjson.h>

#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace beatsync::s3 {
namespace {

std::string login_command(const sso_request& request) {
  return "`aws sso login --profile " + printable(request.profile) + "`";
}

error sso_error(const sso_request& request, const std::string& what) {
  return make_error(errc::no_credentials,
                    "SSO for profile \"" + printable(request.profile) + "\": " + what);
}

/// The file's name is the SHA-1 of the session's name, or of the start URL in the older form
/// (botocore's SSOTokenLoader).
std::string cache_file(const sso_request& request, const environment& env) {
  const std::string& named = request.session.empty() ? request.start_url : request.session;
  std::array<std::byte, 20> digest{};
  std::size_t size = digest.size();
  EVP_Q_digest(nullptr, "SHA1", nullptr, named.data(), named.size(),
               reinterpret_cast<unsigned char*>(digest.data()), &size);
  return env.expand_home("~/.aws/sso/cache/") + to_hex(digest) + ".json";
}

std::string member(const simdjson::dom::object& object, std::string_view name) {
  std::string_view text;
  if (object[name].get(text) != simdjson::SUCCESS) return std::string();
  return std::string(text);
}

result<std::string> cached_token(const sso_request& request, const service_calls& calls) {
  const std::string path = cache_file(request, calls.env);
  std::ifstream in(path, std::ios::binary);
  if (!in) return sso_error(request, "not logged in; run " + login_command(request));
  const std::string text(std::istreambuf_iterator<char>(in), {});
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(text).get(object) != simdjson::SUCCESS)
    return sso_error(request, path + " is not JSON; run " + login_command(request));
  const std::string token = member(object, "accessToken");
  const auto expires = parse_iso8601(member(object, "expiresAt"));
  if (token.empty() || !expires)
    return sso_error(request, path + " has no token; run " + login_command(request));
  if (has_control_character(token))
    return sso_error(request,
                     "the cached token has a line break or another control character; run " +
                         login_command(request));
  if (*expires <= calls.now)
    return sso_error(request, "the login has expired; run " + login_command(request));
  return token;
}

}  // namespace

result<credentials> from_sso(const sso_request& request, const service_calls& calls) {
  if (!is_region_name(request.region))
    return sso_error(request, "sso_region \"" + printable(request.region) + "\" is no region");
  const auto token = cached_token(request, calls);
  if (!token) return token.error();

  // https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
  const std::string usual =
      "https://portal.sso." + request.region + "." + std::string(dns_suffix(request.region));
  query_parameters parameters;
  parameters.emplace_back("account_id", request.account_id);
  parameters.emplace_back("role_name", request.role_name);
  http_call what;
  what.method = "GET";
  what.url = url_of_service("sso", usual, calls) + "/federation/credentials?" +
             canonical_query(parameters);
  what.headers.emplace_back("x-amz-sso_bearer_token", *token);
  const auto reply = call(calls, what, "SSO");
  if (!reply) return reply.error();
  if (reply->status == 401)
    return sso_error(request, "the login is not valid any more; run " + login_command(request));

  simdjson::dom::parser parser;
  simdjson::dom::object object;
  const bool is_object = parser.parse(reply->body).get(object) == simdjson::SUCCESS;
  if (reply->status != 200) {
    error why = sso_error(request, "role \"" + printable(request.role_name) + "\" of account " +
                                       printable(request.account_id) + " was refused");
    why.http = reply->status;
    if (is_object) why.service_message = member(object, "message");
    return why;
  }
  simdjson::dom::object role;
  std::int64_t expiration = 0;
  if (!is_object || object["roleCredentials"].get(role) != simdjson::SUCCESS ||
      role["expiration"].get(expiration) != simdjson::SUCCESS)
    return sso_error(request, "the answer is not what GetRoleCredentials should say");
  credentials keys;
  keys.access_key = member(role, "accessKeyId");
  keys.secret_key = member(role, "secretAccessKey");
  keys.session_token = member(role, "sessionToken");
  if (keys.access_key.empty() || keys.secret_key.empty())
    return sso_error(request, "the answer lacks keys");
  keys.expires =
      std::chrono::sys_seconds(std::chrono::seconds(expiration / 1000));  // in milliseconds
  keys.source = "SSO for profile \"" + printable(request.profile) + "\"";
  return sendable(std::move(keys));
}

}  // namespace beatsync::s3
