#include "s3/identity/endpoint.hpp"

#include "s3/identity/service_url.hpp"
#include "s3/printable.hpp"
#include "s3/uri.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace beatsync::s3 {
namespace {

bool is_alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

service_url configured_url(const endpoint_wishes& wishes, const environment& env,
                           const aws_config& files, const aws_section& profile) {
  if (!wishes.flag_url.empty()) {
    return {wishes.flag_url, wishes.flag_source.empty() ? "--endpoint-url" : wishes.flag_source};
  }
  if (auto found = url_from_environment("s3", env, profile)) return *std::move(found);
  if (!wishes.configured_url.empty()) return {wishes.configured_url, "ENDPOINT_URL of the config"};
  if (auto found = url_from_profile("s3", env, files, profile)) return *std::move(found);
  return {};
}

/// A bucket can be one label of a host name: then a certificate for `*.s3.<region>.amazonaws.com`
/// covers it.
bool fits_host_label(std::string_view bucket) noexcept {
  return bucket.size() <= 63 &&  // RFC 1035, 2.3.4
         std::all_of(bucket.begin(), bucket.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

result<addressing_style> wished_style(const endpoint_wishes& wishes, const aws_section& profile) {
  if (wishes.style != addressing_style::automatic) return wishes.style;
  const auto text = profile.nested("s3", "addressing_style");
  if (!text) return addressing_style::automatic;
  const auto style = addressing_style_from(*text);
  if (style) return *style;
  const aws_setting* const where = profile.find("s3");
  return make_error(errc::bad_configuration, where->file + ", below line " +
                                                 std::to_string(where->line) +
                                                 ": addressing_style = " + printable(*text) +
                                                 " is unknown; it is one of auto, path, virtual");
}

/// The path of an endpoint as it is sent and signed, without a slash at its end. What servers and
/// proxies on the way may take for another path is refused.
result<std::string> base_path(std::string_view target, std::string_view bucket) {
  const auto refuse = [](const char* why) { return make_error(errc::bad_configuration, why); };
  if (target.find('?') != std::string_view::npos) return refuse("has a query (`?`)");
  if (target.ends_with('/')) target.remove_suffix(1);
  if (target.empty()) return std::string();
  std::string_view last;
  for (std::string_view rest = target; !rest.empty();) {
    rest.remove_prefix(1);
    last = rest.substr(0, rest.find('/'));
    rest.remove_prefix(last.size());
    if (last.empty()) return refuse("has an empty segment (`//`) in its path");
    if (last == "." || last == "..") return refuse("has a `.` or `..` in its path");
    const auto plain = [](char c) { return c > ' ' && c < 0x7f && c != '%' && c != '\\'; };
    if (!std::all_of(last.begin(), last.end(), plain))
      return refuse("has more than visible ASCII without `%` and `\\` in its path");
  }
  // Some consoles show the two in one; `PUT /bucket/bucket/key` would even work, to no avail.
  if (last == bucket)
    return refuse("ends with the name of the bucket; that belongs into s3://bucket only");
  return percent_encode_path(target);
}

result<void> take_url(const service_url& named, endpoint& where) {
  const auto parts = parse_url(named.url);
  if (!parts) {
    error why = parts.error();
    why.message = named.source + ": " + why.message;
    return why;
  }
  const auto base = base_path(parts->target, where.bucket);
  if (!base) {
    return make_error(errc::bad_configuration,
                      named.source + ": \"" + printable(named.url) + "\" " + base.error().message);
  }
  where.tls = parts->tls;
  where.host = parts->host;
  where.port = parts->port;
  where.base = *base;
  where.source = named.source;
  return {};
}

std::string aws_host(std::string_view region) {
  // us-east-1 answers for buckets everywhere with the name of their region.
  const std::string_view known = region.empty() ? std::string_view("us-east-1") : region;
  return std::string("s3.").append(known).append(".").append(dns_suffix(known));
}

std::string server_url(const endpoint& where) {
  std::string text = where.tls ? "https://" : "http://";
  text += where.host.find(':') != std::string::npos ? "[" + where.host + "]" : where.host;
  if (where.port != (where.tls ? 443 : 80)) text += ":" + std::to_string(where.port);
  return text;
}

bool is_ip_address(const endpoint& where) {
  const auto parts = parse_url(server_url(where));
  return parts && parts->ip_address;
}

}  // namespace

std::string endpoint::connect_host() const { return path_style ? host : bucket + "." + host; }

std::string endpoint::host_header() const {
  std::string text = connect_host();
  if (text.find(':') != std::string::npos) text = "[" + text + "]";
  if (port != (tls ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

std::string endpoint::path_of(std::string_view key) const {
  std::string path = base + '/';
  if (path_style) path += bucket;
  if (path_style && !key.empty()) path += '/';
  return path + percent_encode_path(key);
}

std::string endpoint::url() const { return server_url(*this) + base; }

std::string endpoint::url_of(std::string_view key) const {
  return server_url(*this) + path_of(key);
}

result<endpoint> choose_endpoint(const endpoint_wishes& wishes, const environment& env,
                                 const aws_config& files, const aws_section& profile) {
  const auto bucket_is_fine = check_bucket_name(wishes.bucket);
  if (!bucket_is_fine) return bucket_is_fine.error();
  if (!wishes.region.empty() && !is_region_name(wishes.region))
    return make_error(errc::bad_configuration, "\"" + printable(wishes.region) +
                                                   "\" is no region; they look like eu-west-1");
  const auto style = wished_style(wishes, profile);
  if (!style) return style.error();

  endpoint where;
  where.bucket = wishes.bucket;
  const service_url named = configured_url(wishes, env, files, profile);
  if (!named.url.empty()) {
    const auto taken = take_url(named, where);
    if (!taken) return taken.error();
  } else {
    // Who needs validated cryptography must not get the usual servers without a word.
    if (switched_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", env, profile))
      return make_error(errc::bad_configuration,
                        "AWS_USE_FIPS_ENDPOINT (use_fips_endpoint) is not supported; name the "
                        "server: --endpoint-url https://s3-fips.REGION.amazonaws.com");
    where.aws = true;
    where.host = aws_host(wishes.region);
    where.source = wishes.region.empty() ? "AWS, region unknown" : "region " + wishes.region;
  }
  const bool ip_address = is_ip_address(where);
  if (*style == addressing_style::virtual_hosted && ip_address)
    return make_error(errc::bad_configuration,
                      "addressing style `virtual` puts the bucket before the host name, which " +
                          where.url() + " does not have; use `path`");
  if (*style == addressing_style::virtual_hosted && !where.base.empty())
    return make_error(errc::bad_configuration,
                      "addressing style `virtual` puts the bucket before the host name, but at " +
                          where.url() + " it stands behind the path; use `path`");
  where.path_style = *style == addressing_style::path ||
                     (*style == addressing_style::automatic &&
                      (!where.aws || ip_address || !fits_host_label(where.bucket)));
  return where;
}

endpoint in_region(const endpoint& where, std::string_view region) {
  endpoint moved = where;
  if (!where.aws || !is_region_name(region)) return moved;
  moved.host = aws_host(region);
  moved.source = "region " + std::string(region);
  return moved;
}

std::string choose_region(std::string_view flag, std::string_view configured,
                          const environment& env, const aws_section& profile) {
  if (!flag.empty()) return std::string(flag);
  for (const char* const name : {"AWS_REGION", "AWS_DEFAULT_REGION"})
    if (std::string region = env.text(name); !region.empty()) return region;
  if (!configured.empty()) return std::string(configured);
  return profile.text("region");
}

result<void> check_bucket_name(std::string_view bucket) {
  const auto refuse = [bucket](const std::string& why) {
    return make_error(errc::bad_configuration,
                      "\"" + printable(bucket, 300) + "\" cannot be the name of a bucket: " + why);
  };
  if (bucket.size() < 3 || bucket.size() > 255) return refuse("it needs 3 to 255 characters");
  for (const char c : bucket)
    if (!is_alphanumeric(c) && c != '.' && c != '-' && c != '_')
      return refuse("only letters, digits, `.`, `-` and `_` are allowed");
  if (!is_alphanumeric(bucket.front()) || !is_alphanumeric(bucket.back()))
    return refuse("it begins and ends with a letter or digit");
  if (bucket.find("..") != std::string_view::npos) return refuse("two dots in a row");
  return {};
}

bool is_region_name(std::string_view region) noexcept {
  return !region.empty() && region.size() <= 63 && is_alphanumeric(region.front()) &&
         std::all_of(region.begin(), region.end(),
                     [](char c) { return is_alphanumeric(c) || c == '-'; });
}

std::optional<addressing_style> addressing_style_from(std::string_view text) noexcept {
  if (text == "auto") return addressing_style::automatic;
  if (text == "path") return addressing_style::path;
  if (text == "virtual") return addressing_style::virtual_hosted;
  return std::nullopt;
}

std::string_view dns_suffix(std::string_view region) noexcept {
  // botocore's partitions.json.
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> partitions = {{
      {"cn-", "amazonaws.com.cn"},
      {"us-iso-", "c2s.ic.gov"},
      {"us-isob-", "sc2s.sgov.gov"},
      {"eu-isoe-", "cloud.adc-e.uk"},
      {"us-isof-", "csp.hci.ic.gov"},
      {"eusc-", "amazonaws.eu"},
  }};
  for (const auto& [prefix, suffix] : partitions)
    if (region.starts_with(prefix)) return suffix;
  return "amazonaws.com";
}

}  // namespace beatsync::s3
