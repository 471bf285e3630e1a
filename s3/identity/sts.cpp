#include "s3/hash.hpp"
#include "s3/http_date.hpp"
#include "s3/identity/credential_sources.hpp"
#include "s3/identity/endpoint.hpp"
#include "s3/identity/signer.hpp"
#include "s3/printable.hpp"
#include "s3/replies/reply_tree.hpp"
#include "s3/uri.hpp"

#include <fstream>
#include <iterator>
#include <utility>

namespace beatsync::s3 {
namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded; charset=utf-8";
/// Web identity tokens have at most 20,000 characters (AssumeRoleWithWebIdentity's API reference).
constexpr std::size_t longest_token = 20'000;

error sts_error(const role_request& role, const std::string& what) {
  return make_error(errc::no_credentials, "role " + printable(role.role_arn) + ": " + what);
}

struct sts_server {
  std::string url;
  std::string region;  ///< to sign for
};

sts_server server_for(const service_calls& calls) {
  const bool known = is_region_name(calls.region);
  const std::string region = known ? calls.region : "us-east-1";
  std::string usual = "https://sts.";
  if (known) usual += region + ".";
  usual += dns_suffix(region);
  return {url_of_service("sts", usual, calls), region};
}

query_parameters common_parameters(const char* action, const role_request& role,
                                   const service_calls& calls) {
  query_parameters form;
  form.emplace_back("Action", action);
  form.emplace_back("Version", "2011-06-15");
  form.emplace_back("RoleArn", role.role_arn);
  const auto epoch = calls.now.time_since_epoch().count();
  form.emplace_back("RoleSessionName", role.session_name.empty()
                                           ? "beatsync-" + std::to_string(epoch)
                                           : role.session_name);
  if (!role.duration.empty()) form.emplace_back("DurationSeconds", role.duration);
  if (!role.external_id.empty()) form.emplace_back("ExternalId", role.external_id);
  return form;
}

http_call form_call(const sts_server& server, const query_parameters& form) {
  http_call what;
  what.method = "POST";
  what.url = server.url + "/";
  what.headers.emplace_back("content-type", form_type);
  what.headers.emplace_back("accept", "text/xml");  // MinIO and AWS can both do JSON too
  what.body = canonical_query(form);
  return what;
}

result<void> sign(http_call& what, const sts_server& server, const credentials& source,
                  const service_calls& calls) {
  const auto parts = parse_url(what.url);
  if (!parts) return parts.error();
  std::string host =
      parts->host.find(':') == std::string::npos ? parts->host : "[" + parts->host + "]";
  if (parts->port != (parts->tls ? 443 : 80)) host += ":" + std::to_string(parts->port);
  const std::string hash = to_hex(sha256(what.body));
  signable_request request;
  request.method = what.method;
  request.host = host;
  request.path = parts->target;
  request.headers = what.headers;
  request.payload_hash = hash;
  std::string lines = signer("sts").sign(request, source, server.region, calls.now);
  for (std::size_t at = 0, end; (end = lines.find("\r\n", at)) != std::string::npos; at = end + 2) {
    const std::size_t colon = lines.find(": ", at);
    what.headers.emplace_back(lines.substr(at, colon - at),
                              lines.substr(colon + 2, end - colon - 2));
  }
  return {};
}

error refusal(const role_request& role, const http_reply& reply) {
  error why = sts_error(role, "STS refused");
  why.http = reply.status;
  const auto tree = parse_reply(reply.body);
  const reply_element* const inner = tree ? tree->child("Error") : nullptr;
  if (inner != nullptr) {
    why.service_code = inner->text_of("Code");
    why.service_message = inner->text_of("Message");
    why.request_id = tree->text_of("RequestId");
  }
  return why;
}

result<credentials> keys_from(const role_request& role, const http_reply& reply,
                              const char* outcome) {
  if (reply.status != 200) return refusal(role, reply);
  const auto tree = parse_reply(reply.body);
  const reply_element* const inner = tree ? tree->child(outcome) : nullptr;
  const reply_element* const given = inner != nullptr ? inner->child("Credentials") : nullptr;
  if (given == nullptr) return sts_error(role, "the answer of STS is not what it should be");
  credentials keys;
  keys.access_key = given->text_of("AccessKeyId");
  keys.secret_key = given->text_of("SecretAccessKey");
  keys.session_token = given->text_of("SessionToken");
  const auto expires = parse_iso8601(given->text_of("Expiration"));
  if (keys.access_key.empty() || keys.secret_key.empty() || !expires)
    return sts_error(role, "the answer of STS lacks keys or their expiration");
  keys.expires = std::chrono::floor<std::chrono::seconds>(*expires);
  keys.source = "role " + role.role_arn;
  return sendable(std::move(keys));
}

}  // namespace

result<credentials> assume_role(const role_request& role, const credentials& source,
                                const service_calls& calls) {
  const sts_server server = server_for(calls);
  http_call what = form_call(server, common_parameters("AssumeRole", role, calls));
  const auto is_signed = sign(what, server, source, calls);
  if (!is_signed) return is_signed.error();
  const auto reply = call(calls, what, "STS");
  if (!reply) return reply.error();
  auto keys = keys_from(role, *reply, "AssumeRoleResult");
  if (keys) keys->source += ", through " + source.source;
  return keys;
}

result<credentials> assume_role_with_token(const role_request& role, const std::string& token_file,
                                           const service_calls& calls) {
  const std::string path = calls.env.expand_home(token_file);
  std::ifstream in(path, std::ios::binary);
  std::string token(std::istreambuf_iterator<char>(in), {});
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r' || token.back() == ' '))
    token.pop_back();
  if (token.empty())
    return sts_error(
        role, "the web identity token file " + printable(path) + " cannot be read or is empty");
  if (token.size() > longest_token)
    return sts_error(role, "the web identity token file " + printable(path) + " is too large");
  query_parameters form = common_parameters("AssumeRoleWithWebIdentity", role, calls);
  form.emplace_back("WebIdentityToken", token);
  const auto reply = call(calls, form_call(server_for(calls), form), "STS");
  if (!reply) return reply.error();
  return keys_from(role, *reply, "AssumeRoleWithWebIdentityResult");
}

}  // namespace beatsync::s3
