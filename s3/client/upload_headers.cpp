#include "s3/client/upload_headers.hpp"

#include "s3/client/request_head.hpp"

namespace beatsync::s3 {

void add_object_headers(header_list& headers, const std::string& content_type,
                        const metadata_map& described, const metadata_map& metadata) {
  if (!content_type.empty()) headers.emplace_back("content-type", content_type);
  headers.insert(headers.end(), described.begin(), described.end());
  for (const auto& [name, value] : metadata) headers.emplace_back("x-amz-meta-" + name, value);
}

void add_checksum(header_list& headers, const checksum& sum) {
  if (sum.known()) headers.emplace_back(checksum_header(sum.algorithm), to_base64(sum));
}

void add_conditions(header_list& headers, bool if_none_match, const std::string& if_match) {
  if (if_none_match) headers.emplace_back("if-none-match", "*");
  if (!if_match.empty()) headers.emplace_back("if-match", '"' + if_match + '"');
}

std::optional<error> unsafe_header(const header_list& headers) {
  for (const auto& [name, value] : headers) {
    if (is_header_safe(name) && is_header_safe(value)) continue;
    return make_error(errc::refused, "the value of " + name.substr(0, name.find('\n')) +
                                         " holds control characters and cannot be sent");
  }
  return std::nullopt;
}

}  // namespace beatsync::s3
