#include "tests/s3_server/object_headers.hpp"

#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/refusal.hpp"

namespace beatsync::s3_server {
namespace {

std::string unquoted(std::string_view etag) {
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    etag = etag.substr(1, etag.size() - 2);
  }
  return std::string(etag);
}

/// `aws-chunked` describes the transfer, not the object.
std::string content_encoding(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const auto comma = text.find(',');
    auto one = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
    while (one.starts_with(' ')) one.remove_prefix(1);
    while (one.ends_with(' ')) one.remove_suffix(1);
    if (!one.empty() && one != "aws-chunked") (kept += kept.empty() ? "" : ",") += one;
  }
  return kept;
}

}  // namespace

stored_object object_from_headers(const request& call) {
  constexpr std::string_view meta = "x-amz-meta-";
  constexpr std::size_t most_metadata = 2048;  // bytes of names and values, S3's limit
  stored_object object;
  std::size_t metadata_size = 0;
  for (const auto& [name, value] : call.head.headers) {
    if (name == "content-type") object.content_type = value;
    if (name == "x-amz-storage-class") object.storage_class = value;
    if (name == "cache-control" || name == "content-disposition" || name == "content-language" ||
        name == "expires") {
      object.headers.emplace_back(name, value);
    }
    if (name == "content-encoding") {
      const auto kept = content_encoding(value);
      if (!kept.empty()) object.headers.emplace_back(name, kept);
    }
    if (!name.starts_with(meta)) continue;
    metadata_size += name.size() - meta.size() + value.size();
    if (!call.differences.drop_user_metadata) {
      object.metadata.emplace_back(name.substr(meta.size()), value);
    }
  }
  if (metadata_size > most_metadata) {
    throw refusal{400, "MetadataTooLarge",
                  "Your metadata headers exceed the maximum allowed metadata size"};
  }
  return object;
}

write_conditions read_conditions(const request& call) {
  write_conditions when;
  const auto none = call.head.header("if-none-match");
  const auto match = call.head.header("if-match");
  if (none.empty() && match.empty()) return when;
  const refusal unknown{501, "NotImplemented",
                        "A header you provided implies functionality that is not implemented"};
  if (call.differences.no_conditional_put || (!none.empty() && none != "*")) throw unknown;
  when.if_none_match = none == "*";
  when.if_match = unquoted(match);
  return when;
}

std::string make_etag(const std::string& md5) {
  constexpr std::size_t size = 16;
  return md5.empty() ? random_hex(size) + "-1" : to_hex(md5);
}

void add_checksum_headers(reply& answer, const stored_object& object) {
  if (object.checksum.empty()) return;
  answer.set("x-amz-checksum-" + to_lower(object.checksum_algorithm), object.checksum);
  answer.set("x-amz-checksum-type", object.checksum_type);
}

std::pair<std::string, std::string> find_source_name(const request& call) {
  auto text = call.head.header("x-amz-copy-source");
  text = text.substr(0, text.find("?versionId="));
  if (text.starts_with('/')) text.remove_prefix(1);
  const auto path = percent_decode(text);
  const auto slash = path ? path->find('/') : std::string::npos;
  if (slash == std::string::npos) {
    throw refusal{400, "InvalidArgument",
                  "Copy Source must mention the source bucket and key: sourcebucket/sourcekey"};
  }
  return {path->substr(0, slash), path->substr(slash + 1)};
}

object_ptr find_copy_source(const service& shared, const request& call) {
  const auto [bucket, key] = find_source_name(call);
  auto source = shared.objects.require(bucket, key);
  const auto match = call.head.header("x-amz-copy-source-if-match");
  const auto none = call.head.header("x-amz-copy-source-if-none-match");
  if ((!match.empty() && unquoted(match) != source->etag) ||
      (!none.empty() && unquoted(none) == source->etag)) {
    throw refusal{412, "PreconditionFailed",
                  "At least one of the pre-conditions you specified did not hold"};
  }
  return source;
}

}  // namespace beatsync::s3_server
