#include "s3/replies/object_reply.hpp"

#include "s3/checksum.hpp"
#include "s3/http_date.hpp"

#include <algorithm>
#include <charconv>

namespace beatsync::s3 {
namespace {

constexpr std::string_view meta_prefix = "x-amz-meta-";

bool is_hex_md5(std::string_view etag) noexcept {
  return etag.size() == 32 && std::all_of(etag.begin(), etag.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// Under KMS and customer keys the ETag of a single part is no MD5.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html (ETag)
bool is_encrypted_otherwise(const reply_head& head) {
  return head.field("x-amz-server-side-encryption").starts_with("aws:kms") ||
         !head.field("x-amz-server-side-encryption-customer-algorithm").empty();
}

checksum full_checksum(const reply_head& head) {
  const std::string_view type = head.field("x-amz-checksum-type");
  if (!type.empty() && type != "FULL_OBJECT") return {};
  // Garage shows the sum of the parts' sums without saying so. CRC64NVME has no such form:
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
  const bool in_parts = head.field("etag").find('-') != std::string_view::npos;
  const bool may_be_of_parts = type.empty() && in_parts;
  for (const auto algorithm :
       {checksum_algorithm::crc64nvme, checksum_algorithm::crc32c, checksum_algorithm::crc32}) {
    const std::string_view text = head.field(checksum_header(algorithm));
    if (text.empty()) continue;
    if (may_be_of_parts && algorithm != checksum_algorithm::crc64nvme) continue;
    if (const auto sum = checksum_from_base64(algorithm, text)) return *sum;
  }
  return {};
}

/// Archived objects can be read while a restored copy is there.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (x-amz-restore)
bool is_archived(const reply_head& head) {
  const std::string_view storage = head.field("x-amz-storage-class");
  if (storage != "GLACIER" && storage != "DEEP_ARCHIVE") return false;
  return head.field("x-amz-restore").find("ongoing-request=\"false\"") == std::string_view::npos;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return out;
}

}  // namespace

std::string unquoted_etag(std::string_view field) {
  if (field.starts_with("W/")) field.remove_prefix(2);
  if (field.size() >= 2 && field.front() == '"' && field.back() == '"') {
    field = field.substr(1, field.size() - 2);
  }
  return std::string(field);
}

object_head read_object_head(const reply_head& head) {
  object_head object;
  object.etag = unquoted_etag(head.field("etag"));
  if (const auto time = parse_http_date(head.field("last-modified"))) object.last_modified = *time;
  object.content_type = head.field("content-type");
  for (const std::string_view name : described_by) {
    const std::string_view value = head.field(name);
    if (!value.empty()) object.headers.emplace_back(name, value);
  }
  for (std::size_t i = 0; i < head.fields(); ++i) {
    const auto [name, value] = head.field_at(i);
    if (name.size() <= meta_prefix.size()) continue;
    std::string lower = lower_case(name);
    if (!lower.starts_with(meta_prefix)) continue;
    object.metadata.emplace_back(lower.substr(meta_prefix.size()), value);
  }
  object.full_checksum = full_checksum(head);
  object.etag_is_md5 = is_hex_md5(object.etag) && !is_encrypted_otherwise(head);
  object.archived = is_archived(head);
  return object;
}

std::optional<std::uint64_t> parse_number(std::string_view digits) {
  std::uint64_t value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, ec] = std::from_chars(digits.data(), end, value);
  if (digits.empty() || ec != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::optional<content_range> parse_content_range(std::string_view field) {
  constexpr std::string_view unit = "bytes ";
  if (!field.starts_with(unit)) return std::nullopt;
  field.remove_prefix(unit.size());
  const std::size_t dash = field.find('-');
  const std::size_t slash = field.find('/');
  if (dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) {
    return std::nullopt;
  }
  const auto first = parse_number(field.substr(0, dash));
  const auto last = parse_number(field.substr(dash + 1, slash - dash - 1));
  const auto total = parse_number(field.substr(slash + 1));
  if (!first || !last || !total || *first > *last || *last >= *total) return std::nullopt;
  content_range range;
  range.first = *first;
  range.last = *last;
  range.total = *total;
  return range;
}

}  // namespace beatsync::s3
