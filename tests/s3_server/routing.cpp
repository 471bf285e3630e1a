#include "tests/s3_server/refusal.hpp"
#include "tests/s3_server/request.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace beatsync::s3_server {
namespace {

boost::asio::awaitable<reply> not_implemented(service&, request&, body_reader&) {
  throw refusal{501, "NotImplemented",
                "A header or query you provided implies functionality that is not implemented."};
  co_return reply();
}

/// Sub-resources of S3 that this server does not have: asking for one must not look like asking
/// for the object.
bool asks_for_more(const request& call) {
  constexpr std::array names = {
      "acl",     "tagging",    "policy",     "versions", "cors",        "lifecycle",
      "website", "attributes", "torrent",    "restore",  "retention",   "legal-hold",
      "select",  "encryption", "versioning", "logging",  "notification"};
  return std::any_of(names.begin(), names.end(), [&](const char* name) { return call.has(name); });
}

operation route_bucket(const request& call) {
  const auto& method = call.head.method;
  if (method == "HEAD") return {"HeadBucket", head_bucket};
  if (method == "PUT") return {"CreateBucket", create_bucket};
  if (method == "POST" && call.has("delete")) return {"DeleteObjects", delete_objects};
  if (method != "GET") return {"Unknown", not_implemented};
  if (call.has("location")) return {"GetBucketLocation", get_bucket_location};
  if (call.has("uploads")) return {"ListMultipartUploads", list_uploads};
  if (call.parameter("list-type") == "2") return {"ListObjectsV2", list_objects};
  return {"ListObjects", list_objects};
}

operation route_object(const request& call) {
  const auto& method = call.head.method;
  const bool copies = call.head.has("x-amz-copy-source");
  if (method == "HEAD") return {"HeadObject", get_object};
  if (method == "GET" && call.has("uploadId")) return {"ListParts", list_parts};
  if (method == "GET") return {"GetObject", get_object};
  if (method == "PUT" && call.has("uploadId")) {
    return copies ? operation{"UploadPartCopy", upload_part_copy}
                  : operation{"UploadPart", upload_part};
  }
  if (method == "PUT" && copies) return {"CopyObject", copy_object};
  if (method == "PUT") return {"PutObject", put_object};
  if (method == "POST" && call.has("uploads")) return {"CreateMultipartUpload", create_upload};
  if (method == "POST" && call.has("uploadId")) return {"CompleteMultipartUpload", complete_upload};
  if (method == "DELETE" && call.has("uploadId")) return {"AbortMultipartUpload", abort_upload};
  if (method == "DELETE") return {"DeleteObject", delete_object};
  return {"Unknown", not_implemented};
}

/// The bucket in a virtual-hosted name, or nothing.
std::string bucket_of_host(std::string_view host) {
  host = host.substr(0, host.rfind(':'));
  for (const std::string_view domain : {".s3.localhost", ".localhost"}) {
    if (host.ends_with(domain) && host != "s3.localhost") {
      return std::string(host.substr(0, host.size() - domain.size()));
    }
  }
  return {};
}

}  // namespace

bool request::has(std::string_view parameter) const noexcept {
  return std::any_of(query.begin(), query.end(),
                     [&](const auto& field) { return field.first == parameter; });
}

std::string request::parameter(std::string_view name, std::string_view otherwise) const {
  for (const auto& [key_name, value] : query) {
    if (key_name == name) return value;
  }
  return std::string(otherwise);
}

int request::number(std::string_view name, int least, int most, int otherwise) const {
  if (!has(name)) return otherwise;
  const auto text = parameter(name);
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    throw refusal{400,
                  "InvalidArgument",
                  std::string(name) + " must be a number from " + std::to_string(least) + " to " +
                      std::to_string(most),
                  {{"ArgumentName", std::string(name)}, {"ArgumentValue", text}}};
  }
  return value;
}

void address(request& call) {
  constexpr std::size_t longest_key = 1024;  // bytes, S3's limit
  auto query = parse_query(call.head.raw_query);
  auto path = percent_decode(call.head.path);
  if (!query || !path || !path->starts_with('/')) {
    throw refusal{400, "InvalidURI", "Couldn't parse the specified URI."};
  }
  call.query = std::move(*query);
  call.bucket = bucket_of_host(call.head.header("host"));
  if (call.bucket.empty()) {
    const auto slash = path->find('/', 1);
    call.bucket = path->substr(1, slash == std::string::npos ? slash : slash - 1);
    call.key = slash == std::string::npos ? "" : path->substr(slash + 1);
  } else {
    call.key = path->substr(1);
  }
  if (call.key.size() > longest_key) {
    throw refusal{400, "KeyTooLongError", "Your key is too long"};
  }
}

operation route(const request& call) {
  if (call.bucket.empty()) {
    if (call.head.method == "GET") return {"ListBuckets", list_buckets};
    return {"Unknown", not_implemented};
  }
  if (asks_for_more(call)) return {"Unknown", not_implemented};
  return call.key.empty() ? route_bucket(call) : route_object(call);
}

}  // namespace beatsync::s3_server
