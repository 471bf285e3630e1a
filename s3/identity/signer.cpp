#include "s3/identity/signer.hpp"

#include "s3/http_date.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace beatsync::s3 {
namespace {

using header = std::pair<std::string_view, std::string>;

/// Blanks at both ends go, runs of blanks become one (SigV4's Trimall).
std::string trim_all(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c != ' ' && c != '\t')
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::vector<header> signed_headers(const signable_request& request, const credentials& keys,
                                   const std::string& date, bool is_s3) {
  std::vector<header> all;
  all.reserve(request.headers.size() + 4);
  all.emplace_back("host", request.host);
  all.emplace_back("x-amz-date", date);
  if (is_s3) all.emplace_back("x-amz-content-sha256", request.payload_hash);
  if (!keys.session_token.empty()) all.emplace_back("x-amz-security-token", keys.session_token);
  for (const auto& [name, value] : request.headers) all.emplace_back(name, trim_all(value));
  std::sort(all.begin(), all.end(),
            [](const header& a, const header& b) { return a.first < b.first; });
  return all;
}

std::string names_of(const std::vector<header>& headers) {
  std::string names;
  for (const auto& [name, value] : headers) {
    if (!names.empty()) names += ';';
    names += name;
  }
  return names;
}

std::string canonical(const signable_request& request, const std::vector<header>& headers,
                      const std::string& names) {
  std::string text;
  text.reserve(512);
  text.append(request.method).append("\n");
  text.append(request.path).append("\n");
  text.append(request.query).append("\n");
  for (const auto& [name, value] : headers)
    text.append(name).append(":").append(value).append("\n");
  text.append("\n").append(names).append("\n").append(request.payload_hash);
  return text;
}

std::string scope_of(std::string_view day, std::string_view region, const std::string& service) {
  std::string scope;
  scope.append(day).append("/").append(region).append("/").append(service).append("/aws4_request");
  return scope;
}

std::string to_sign(std::string_view canonical_request, const std::string& date,
                    const std::string& scope) {
  std::string text = "AWS4-HMAC-SHA256\n";
  text.append(date).append("\n").append(scope).append("\n").append(
      to_hex(sha256(canonical_request)));
  return text;
}

constexpr std::size_t day_size = 8;  // YYYYMMDD of x-amz-date

}  // namespace

signer::signer(std::string service) : service_(std::move(service)) {}

std::string signer::canonical_request(const signable_request& request, const credentials& keys,
                                      std::chrono::sys_seconds now) const {
  const auto headers = signed_headers(request, keys, format_amz_date(now), service_ == "s3");
  return canonical(request, headers, names_of(headers));
}

std::string signer::string_to_sign(std::string_view canonical_request, std::string_view region,
                                   std::chrono::sys_seconds now) const {
  const std::string date = format_amz_date(now);
  return to_sign(canonical_request, date,
                 scope_of(std::string_view(date).substr(0, day_size), region, service_));
}

hmac_sha256_key& signer::signing_key(std::string_view day, std::string_view region,
                                     const std::string& secret) {
  if (cached_key_ && cached_day_ == day && cached_region_ == region && cached_secret_ == secret)
    return *cached_key_;
  const std::string start = "AWS4" + secret;
  const auto by_day = hmac_sha256(std::as_bytes(std::span(start.data(), start.size())), day);
  const auto by_region = hmac_sha256(by_day, region);
  const auto by_service = hmac_sha256(by_region, service_);
  const auto key = hmac_sha256(by_service, "aws4_request");
  cached_key_.emplace(key);
  cached_day_ = day;
  cached_region_ = region;
  cached_secret_ = secret;
  return *cached_key_;
}

std::string signer::sign(const signable_request& request, const credentials& keys,
                         std::string_view region, std::chrono::sys_seconds now) {
  const std::string date = format_amz_date(now);
  const std::string_view day = std::string_view(date).substr(0, day_size);
  const auto headers = signed_headers(request, keys, date, service_ == "s3");
  const std::string names = names_of(headers);
  const std::string scope = scope_of(day, region, service_);
  const std::string text = to_sign(canonical(request, headers, names), date, scope);
  const std::string signature = to_hex(signing_key(day, region, keys.secret_key).sign(text));

  std::string lines;
  lines.reserve(512 + keys.session_token.size());
  lines.append("x-amz-date: ").append(date).append("\r\n");
  if (service_ == "s3")
    lines.append("x-amz-content-sha256: ").append(request.payload_hash).append("\r\n");
  if (!keys.session_token.empty())
    lines.append("x-amz-security-token: ").append(keys.session_token).append("\r\n");
  lines.append("Authorization: AWS4-HMAC-SHA256 Credential=").append(keys.access_key).append("/");
  lines.append(scope).append(", SignedHeaders=").append(names);
  lines.append(", Signature=").append(signature).append("\r\n");
  return lines;
}

}  // namespace beatsync::s3
