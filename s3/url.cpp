#include "s3/url.hpp"

#include "s3/printable.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

namespace beatsync::s3 {
namespace {

error bad_url(std::string_view url, const std::string& why) {
  return make_error(errc::bad_configuration,
                    "\"" + printable(url) + "\" is not a usable URL: " + why);
}

bool is_host_name(std::string_view host) noexcept {
  return !host.empty() && host.size() <= 253 &&  // RFC 1035, 2.3.4
         std::all_of(host.begin(), host.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
                  c == '_';
         });
}

bool is_address(int family, const std::string& host) noexcept {
  unsigned char address[sizeof(in6_addr)];
  return inet_pton(family, host.c_str(), address) == 1;
}

}  // namespace

result<url_parts> parse_url(std::string_view url) {
  url_parts parts;
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
    parts.tls = false;
    parts.port = 80;
  } else {
    return bad_url(url, "it has to begin with https:// (or http://, without encryption)");
  }
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
  rest.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos)
    return bad_url(url, "user names and passwords do not belong here");
  if (rest.find_first_of("# \t\r\n") != std::string_view::npos)
    return bad_url(url, "it has a fragment or a blank");

  std::string_view port;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos)
      return bad_url(url, "the `[` of an IPv6 address is not closed");
    parts.host = std::string(authority.substr(1, end - 1));
    parts.ip_address = true;
    if (!is_address(AF_INET6, parts.host)) return bad_url(url, "that is no IPv6 address");
    port = authority.substr(end + 1);
    if (!port.empty() && port.front() != ':') return bad_url(url, "a port needs a `:` before it");
  } else {
    const auto colon = std::min(authority.find(':'), authority.size());
    parts.host = std::string(authority.substr(0, colon));
    for (char& c : parts.host)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!is_host_name(parts.host)) return bad_url(url, "that is no host name");
    parts.ip_address = is_address(AF_INET, parts.host);
    port = authority.substr(colon);
  }
  if (!port.empty()) {
    port.remove_prefix(1);
    const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), parts.port);
    if (failure != std::errc() || end != port.data() + port.size() || parts.port == 0)
      return bad_url(url, "the port has to be a number from 1 to 65535");
  }
  parts.target = std::string(rest);
  if (!parts.target.starts_with('/')) parts.target.insert(0, "/");
  return parts;
}

}  // namespace beatsync::s3
