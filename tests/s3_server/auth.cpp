#include "tests/s3_server/auth.hpp"

#include "s3/http_date.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/refusal.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <set>
#include <vector>

namespace beatsync::s3_server {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

/// What header and query carry alike.
struct claim {
  std::string access_key;
  std::string day, region, service, terminator;
  std::vector<std::string> signed_headers;
  std::string signature;
  std::string date;
  std::string token;
  std::string payload;
  bool in_query = false;
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  while (true) {
    const auto end = text.find(separator);
    pieces.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

refusal malformed(const std::string& message) {
  return {400, "AuthorizationHeaderMalformed", "The authorization header is malformed; " + message};
}

void read_credential(const std::string& text, claim& out) {
  // The access key may hold slashes; the last four fields do not.
  auto fields = split(text, '/');
  if (fields.size() < 5) throw malformed("the Credential is mal-formed; expecting five fields.");
  const auto n = fields.size();
  out.terminator = fields[n - 1];
  out.service = fields[n - 2];
  out.region = fields[n - 3];
  out.day = fields[n - 4];
  out.access_key = text.substr(0, text.size() - out.terminator.size() - out.service.size() -
                                      out.region.size() - out.day.size() - 4);
}

claim read_header(const request_head& head) {
  std::string_view text = head.header("authorization");
  if (!text.starts_with(algorithm)) {
    throw refusal{400, "InvalidRequest",
                  "The authorization mechanism you have provided is not supported. Please use "
                  "AWS4-HMAC-SHA256."};
  }
  claim out;
  text.remove_prefix(algorithm.size());
  for (auto field : split(text, ',')) {
    field.erase(0, field.find_first_not_of(' '));
    const auto equals = field.find('=');
    if (equals == std::string::npos) throw malformed("a field without '='.");
    const auto name = field.substr(0, equals);
    const auto value = field.substr(equals + 1);
    if (name == "Credential") read_credential(value, out);
    if (name == "SignedHeaders") out.signed_headers = split(value, ';');
    if (name == "Signature") out.signature = value;
  }
  out.date = head.header("x-amz-date");
  out.token = head.header("x-amz-security-token");
  out.payload = head.header("x-amz-content-sha256");
  if (out.payload.empty()) {
    throw refusal{400, "InvalidRequest",
                  "Missing required header for this request: x-amz-content-sha256"};
  }
  return out;
}

std::string_view value_of(const text_pairs& pairs, std::string_view name) {
  for (const auto& [key, value] : pairs) {
    if (key == name) return value;
  }
  return {};
}

claim read_query(const request_head& head, const text_pairs& query) {
  if (value_of(query, "X-Amz-Algorithm") != algorithm) {
    throw refusal{400, "AuthorizationQueryParametersError", "X-Amz-Algorithm only supports AWS4"};
  }
  claim out;
  out.in_query = true;
  read_credential(std::string(value_of(query, "X-Amz-Credential")), out);
  out.signed_headers = split(value_of(query, "X-Amz-SignedHeaders"), ';');
  out.signature = value_of(query, "X-Amz-Signature");
  out.date = value_of(query, "X-Amz-Date");
  out.token = value_of(query, "X-Amz-Security-Token");
  const auto payload = head.header("x-amz-content-sha256");
  out.payload = payload.empty() ? std::string("UNSIGNED-PAYLOAD") : std::string(payload);
  return out;
}

std::string canonical_query(const text_pairs& query) {
  std::vector<std::string> fields;
  for (const auto& [name, value] : query) {
    if (name == "X-Amz-Signature") continue;
    fields.push_back(uri_encode(name, false) + '=' + uri_encode(value, false));
  }
  std::sort(fields.begin(), fields.end());
  std::string text;
  for (const auto& field : fields) text += (text.empty() ? "" : "&") + field;
  return text;
}

/// All values of one header, trimmed, runs of blanks made one, joined by commas.
std::string canonical_value(const request_head& head, const std::string& name) {
  std::string text;
  bool first = true;
  for (const auto& [key, value] : head.headers) {
    if (key != name) continue;
    if (!first) text += ',';
    first = false;
    bool blank = false;
    std::string trimmed;
    for (const char c : value) {
      if (c == ' ' || c == '\t') {
        blank = !trimmed.empty();
        continue;
      }
      if (blank) trimmed += ' ';
      blank = false;
      trimmed += c;
    }
    text += trimmed;
  }
  return text;
}

std::string canonical_request(const request_head& head, const text_pairs& query, const claim& by) {
  const auto path = percent_decode(head.path);
  if (!path) throw refusal{400, "InvalidURI", "Couldn't parse the specified URI."};
  std::string text = head.method + '\n' + uri_encode(*path, true) + '\n' + canonical_query(query);
  text += '\n';
  std::string names;
  for (const auto& name : by.signed_headers) {
    text += name + ':' + canonical_value(head, name) + '\n';
    names += (names.empty() ? "" : ";") + name;
  }
  return text + '\n' + names + '\n' + by.payload;
}

void check_signed_headers(const request_head& head, const claim& by, bool strict) {
  const std::set<std::string> names(by.signed_headers.begin(), by.signed_headers.end());
  if (!std::is_sorted(by.signed_headers.begin(), by.signed_headers.end())) {
    throw malformed("SignedHeaders are not in order.");
  }
  std::string missing;
  for (const auto& [name, value] : head.headers) {
    const bool must = name == "host" || (strict && name.starts_with("x-amz-") &&
                                         !(by.in_query && name == "x-amz-content-sha256"));
    if (must && !names.contains(name)) missing += (missing.empty() ? "" : ", ") + name;
  }
  if (!missing.empty()) {
    throw refusal{403,
                  "AccessDenied",
                  "There were headers present in the request which were not signed",
                  {{"HeadersNotSigned", missing}}};
  }
}

void check_time(const claim& by, const text_pairs& query, time_stamp now) {
  using std::chrono::minutes;
  using std::chrono::seconds;
  const auto signed_at = s3::parse_amz_date(by.date);
  if (!signed_at || !by.date.starts_with(by.day)) {
    throw refusal{403, "AccessDenied",
                  "AWS authentication requires a valid Date or x-amz-date header"};
  }
  // https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html: 15 minutes.
  constexpr minutes window{15};
  const auto age = now - *signed_at;
  if (by.in_query) {
    const auto lifetime = seconds(std::atol(std::string(value_of(query, "X-Amz-Expires")).c_str()));
    if (age > lifetime) throw refusal{403, "AccessDenied", "Request has expired"};
    if (age < -window) throw refusal{403, "AccessDenied", "Request is not valid yet"};
    return;
  }
  if (age > window || age < -window) {
    throw refusal{403,
                  "RequestTimeTooSkewed",
                  "The difference between the request time and the current time is too large.",
                  {{"RequestTime", by.date},
                   {"ServerTime", s3::format_iso8601(now)},
                   {"MaxAllowedSkewMilliseconds", "900000"}}};
  }
}

const secret& find_secret(const claim& by, const auth_context& context) {
  const auto found = context.credentials.find(by.access_key);
  if (found == context.credentials.end()) {
    throw refusal{403,
                  "InvalidAccessKeyId",
                  "The AWS Access Key Id you provided does not exist in our records.",
                  {{"AWSAccessKeyId", by.access_key}}};
  }
  if (found->second.expired) {
    throw refusal{400, "ExpiredToken", "The provided token has expired."};
  }
  if (found->second.session_token != by.token) {
    throw refusal{400, "InvalidToken", "The provided token is malformed or otherwise invalid."};
  }
  return found->second;
}

void check_scope(const claim& by, const auth_context& context) {
  if (by.service != "s3" || by.terminator != "aws4_request") {
    throw malformed("incorrect service or terminator in the scope.");
  }
  if (by.region != context.region) {
    auto refused =
        malformed("the region '" + by.region + "' is wrong; expecting '" + context.region + "'");
    refused.details = {{"Region", context.region}};
    refused.headers = {{"x-amz-bucket-region", context.region}};
    throw refused;
  }
}

void check_payload(const claim& by, const auth_context& context) {
  constexpr std::size_t hash_size = 64;
  static const std::set<std::string, std::less<>> streaming = {
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
      "STREAMING-UNSIGNED-PAYLOAD-TRAILER"};
  const bool unsigned_payload =
      by.payload == "UNSIGNED-PAYLOAD" || by.payload == "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
  if (unsigned_payload && !context.tls && context.strict && !by.in_query) {
    throw refusal{400, "InvalidRequest", "Payload must be signed where the connection is not TLS."};
  }
  const bool hash = by.payload.size() == hash_size && from_hex(by.payload).has_value();
  if (!unsigned_payload && !hash && !streaming.contains(by.payload)) {
    throw refusal{400, "InvalidArgument",
                  "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, a STREAMING-* value or a valid "
                  "sha256 value."};
  }
}

}  // namespace

identity authenticate(const request_head& head, const auth_context& context) {
  const auto query = parse_query(head.raw_query);
  if (!query) throw refusal{400, "InvalidURI", "Couldn't parse the specified URI."};
  identity who;
  const bool in_query = !value_of(*query, "X-Amz-Algorithm").empty();
  if (!head.has("authorization") && !in_query) return who;
  const auto by = in_query ? read_query(head, *query) : read_header(head);
  check_scope(by, context);
  const auto& known = find_secret(by, context);
  check_time(by, *query, context.now);
  check_signed_headers(head, by, context.strict);
  check_payload(by, context);

  const auto canonical = canonical_request(head, *query, by);
  who.scope = by.day + '/' + by.region + '/' + by.service + '/' + by.terminator;
  const auto to_sign =
      std::string(algorithm) + '\n' + by.date + '\n' + who.scope + '\n' + to_hex(sha256(canonical));
  auto key = hmac_sha256("AWS4" + known.key, by.day);
  for (const auto& step : {by.region, by.service, by.terminator}) key = hmac_sha256(key, step);
  if (to_hex(hmac_sha256(key, to_sign)) != by.signature) {
    throw refusal{403,
                  "SignatureDoesNotMatch",
                  "The request signature we calculated does not match the signature you provided. "
                  "Check your key and signing method.",
                  {{"AWSAccessKeyId", by.access_key},
                   {"StringToSign", to_sign},
                   {"SignatureProvided", by.signature},
                   {"CanonicalRequest", canonical}}};
  }
  who.kind = in_query ? auth_kind::query : auth_kind::header;
  who.access_key = by.access_key;
  who.date = by.date;
  who.signing_key = std::move(key);
  who.signature = by.signature;
  who.payload = by.payload;
  return who;
}

}  // namespace beatsync::s3_server
