#include "s3/http_date.hpp"
#include "tests/s3_server/body_sums.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/object_headers.hpp"
#include "tests/s3_server/receive.hpp"
#include "tests/s3_server/refusal.hpp"
#include "tests/s3_server/request.hpp"
#include "tests/s3_server/xml_writer.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::s3_server {

namespace asio = boost::asio;

namespace {

constexpr int most_parts = 10'000;

/// Algorithm and type as declared; the defaults are AWS's.
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
void read_declared_checksum(const request& call, stored_object& prototype) {
  auto& algorithm = prototype.checksum_algorithm;
  auto& type = prototype.checksum_type;
  algorithm = call.head.header("x-amz-checksum-algorithm");
  type = call.head.header("x-amz-checksum-type");
  if (algorithm.empty()) {
    if (type.empty()) return;
    throw refusal{400, "InvalidRequest",
                  "The x-amz-checksum-type header can only be used with the "
                  "x-amz-checksum-algorithm header."};
  }
  if (!is_checksum_algorithm(algorithm)) {
    throw refusal{400, "InvalidRequest", "Checksum algorithm provided is unsupported."};
  }
  const bool hash = algorithm.starts_with("SHA");
  const bool nvme = algorithm == "CRC64NVME";
  if (type.empty()) type = nvme ? "FULL_OBJECT" : "COMPOSITE";
  if ((hash && type != "COMPOSITE") || (nvme && type != "FULL_OBJECT") ||
      (type != "COMPOSITE" && type != "FULL_OBJECT")) {
    throw refusal{400, "InvalidRequest",
                  "The " + type + " checksum type cannot be used with the " + algorithm +
                      " checksum algorithm."};
  }
}

void refuse_declared_checksum(const request& call) {
  const auto& refused = call.differences.refused_checksums;
  const auto name = to_lower(call.head.header("x-amz-checksum-algorithm"));
  if (name.empty() || (!refused.contains("*") && !refused.contains(name))) return;
  throw refusal{
      call.differences.checksum_refusal_status,
      call.differences.checksum_refusal_status == 501 ? "NotImplemented" : "InvalidRequest",
      "The checksum algorithm " + name + " is not supported."};
}

std::pair<std::uint64_t, std::uint64_t> copy_range(const request& call, std::uint64_t size) {
  const std::string text(call.head.header("x-amz-copy-source-range"));
  if (text.empty()) return {0, size};
  unsigned long long first = 0;
  unsigned long long last = 0;
  if (std::sscanf(text.c_str(), "bytes=%llu-%llu", &first, &last) != 2 || first > last ||
      last >= size) {
    throw refusal{400, "InvalidArgument", "The x-amz-copy-source-range value is not valid"};
  }
  return {first, last - first + 1};
}

}  // namespace

asio::awaitable<reply> create_upload(service& shared, request& call, body_reader& body) {
  auto announced = find_checksum(call.head);
  co_await receive_text(call, body, std::move(announced));
  refuse_declared_checksum(call);
  stored_upload upload;
  upload.key = call.key;
  upload.initiated = shared.now();
  upload.prototype = object_from_headers(call);
  read_declared_checksum(call, upload.prototype);
  reply answer;
  if (!upload.prototype.checksum_algorithm.empty()) {
    answer.set("x-amz-checksum-algorithm", upload.prototype.checksum_algorithm);
    answer.set("x-amz-checksum-type", upload.prototype.checksum_type);
  }
  const auto id = shared.objects.begin_upload(call.bucket, std::move(upload));
  xml_writer xml("InitiateMultipartUploadResult");
  xml.element("Bucket", call.bucket).element("Key", call.key).element("UploadId", id);
  answer.set("Content-Type", "application/xml");
  answer.text = std::move(xml).finish();
  co_return answer;
}

asio::awaitable<reply> upload_part(service& shared, request& call, body_reader& body) {
  const int number = call.number("partNumber", 1, most_parts, 0);
  const auto id = call.parameter("uploadId");
  const auto upload = shared.objects.upload(call.bucket, call.key, id);
  const auto& declared = upload.prototype.checksum_algorithm;
  const auto announced = find_checksum(call.head).algorithm;
  if (number == 0) throw refusal{400, "InvalidArgument", "A part number is required"};
  if (!declared.empty() && announced != declared) {
    throw refusal{
        400, "InvalidRequest",
        "Checksum Type mismatch occurred, expected checksum Type: " + to_lower(declared) +
            ", actual checksum Type: " + (announced.empty() ? "null" : to_lower(announced))};
  }
  auto content = co_await receive_body(shared, call, body, declared);
  stored_part part;
  part.body = std::move(content.body);
  part.etag = content.md5.empty() ? random_hex(16) : to_hex(content.md5);
  part.last_modified = shared.now();
  reply answer;
  answer.set("ETag", '"' + part.etag + '"');
  if (!content.checksum_algorithm.empty()) {
    answer.set("x-amz-checksum-" + to_lower(content.checksum_algorithm), content.checksum);
    if (content.checksum_algorithm == declared) part.checksum = content.checksum;
  }
  shared.objects.put_part(call.bucket, call.key, id, number, std::move(part));
  co_return answer;
}

asio::awaitable<reply> upload_part_copy(service& shared, request& call, body_reader&) {
  constexpr std::size_t block = std::size_t{1} << 20U;
  const int number = call.number("partNumber", 1, most_parts, 0);
  const auto id = call.parameter("uploadId");
  const auto upload = shared.objects.upload(call.bucket, call.key, id);
  const auto source = find_copy_source(shared, call);
  const auto [first, size] = copy_range(call, source->body->size());
  if (number == 0) throw refusal{400, "InvalidArgument", "A part number is required"};
  const auto out = shared.objects.new_body(size);
  const auto reader = source->body->open();
  std::vector<std::byte> scratch(block);
  digest md5("MD5");
  std::optional<checksum_stream> sum;
  if (!upload.prototype.checksum_algorithm.empty())
    sum.emplace(upload.prototype.checksum_algorithm);
  for (std::uint64_t done = 0; done < size;) {
    const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(block, size - done));
    const auto data = reader->read(first + done, std::span(scratch).first(room));
    md5.update(data);
    if (sum) sum->update(data);
    out->write(data);
    done += data.size();
  }
  stored_part part;
  part.body = out->finish();
  part.etag = to_hex(md5.finish());
  part.last_modified = shared.now();
  if (sum) part.checksum = sum->finish();
  xml_writer xml("CopyPartResult");
  xml.element("LastModified", s3::format_iso8601(part.last_modified));
  xml.element("ETag", '"' + part.etag + '"');
  if (sum) xml.element("Checksum" + upload.prototype.checksum_algorithm, part.checksum);
  shared.objects.put_part(call.bucket, call.key, id, number, std::move(part));
  co_return xml_reply(std::move(xml).finish());
}

asio::awaitable<reply> abort_upload(service& shared, request& call, body_reader&) {
  const auto id = call.parameter("uploadId");
  shared.objects.upload(call.bucket, call.key, id);
  shared.objects.end_upload(call.bucket, id);
  reply answer;
  answer.status = 204;
  co_return answer;
}

asio::awaitable<reply> list_parts(service& shared, request& call, body_reader&) {
  constexpr int page = 1000;
  const auto id = call.parameter("uploadId");
  const auto upload = shared.objects.upload(call.bucket, call.key, id);
  const int marker = call.number("part-number-marker", 0, 2147483647, 0);
  const int most = std::min(page, call.number("max-parts", 0, 2147483647, page));
  xml_writer xml("ListPartsResult");
  xml.element("Bucket", call.bucket).element("Key", call.key).element("UploadId", id);
  xml.element("PartNumberMarker", marker).element("MaxParts", most);
  int count = 0;
  int last = marker;
  bool truncated = false;
  for (const auto& [number, part] : upload.parts) {
    if (number <= marker) continue;
    truncated = count == most;
    if (truncated) break;
    ++count;
    last = number;
    xml.open("Part").element("PartNumber", number);
    xml.element("LastModified", s3::format_iso8601(part.last_modified));
    xml.element("ETag", '"' + part.etag + '"').element("Size", part.body->size());
    const auto& algorithm = upload.prototype.checksum_algorithm;
    if (!part.checksum.empty()) xml.element("Checksum" + algorithm, part.checksum);
    xml.close("Part");
  }
  xml.element("NextPartNumberMarker", last).element("IsTruncated", truncated);
  xml.element("StorageClass", upload.prototype.storage_class);
  if (!upload.prototype.checksum_algorithm.empty()) {
    xml.element("ChecksumAlgorithm", upload.prototype.checksum_algorithm);
    xml.element("ChecksumType", upload.prototype.checksum_type);
  }
  co_return xml_reply(std::move(xml).finish());
}

asio::awaitable<reply> list_uploads(service& shared, request& call, body_reader&) {
  constexpr int page = 1000;
  const auto prefix = call.parameter("prefix");
  const auto key_marker = call.parameter("key-marker");
  const auto id_marker = call.parameter("upload-id-marker");
  const int most = std::min(page, call.number("max-uploads", 0, 2147483647, page));
  const bool url =
      call.parameter("encoding-type") == "url" && !call.differences.ignore_encoding_type;
  const auto spelled = [&](const std::string& text) { return url ? listing_encode(text) : text; };
  xml_writer xml("ListMultipartUploadsResult");
  xml.element("Bucket", call.bucket).element("KeyMarker", spelled(key_marker));
  xml.element("UploadIdMarker", id_marker).element("Prefix", spelled(prefix));
  if (url) xml.element("EncodingType", "url");
  int count = 0;
  bool truncated = false;
  bool past_marker = id_marker.empty();
  std::pair<std::string, std::string> last;
  for (const auto& upload : shared.objects.uploads(call.bucket)) {
    if (!upload.key.starts_with(prefix) || upload.key < key_marker) continue;
    if (!key_marker.empty() && upload.key == key_marker) {
      const bool shown = id_marker.empty() || !past_marker;
      if (upload.id == id_marker) past_marker = true;
      if (shown) continue;
    }
    truncated = count == most;
    if (truncated) break;
    ++count;
    last = {upload.key, upload.id};
    xml.open("Upload").element("Key", spelled(upload.key)).element("UploadId", upload.id);
    xml.element("StorageClass", upload.prototype.storage_class);
    xml.element("Initiated", s3::format_iso8601(upload.initiated)).close("Upload");
  }
  xml.element("MaxUploads", most).element("IsTruncated", truncated);
  if (truncated) {
    xml.element("NextKeyMarker", spelled(last.first)).element("NextUploadIdMarker", last.second);
  }
  co_return xml_reply(std::move(xml).finish());
}

}  // namespace beatsync::s3_server
