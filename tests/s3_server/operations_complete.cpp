// CompleteMultipartUpload: the operation with the most rules has a file of its own.
#include "tests/s3_server/body_sums.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/object_headers.hpp"
#include "tests/s3_server/receive.hpp"
#include "tests/s3_server/refusal.hpp"
#include "tests/s3_server/request.hpp"
#include "tests/s3_server/xml_reader.hpp"
#include "tests/s3_server/xml_writer.hpp"

#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace beatsync::s3_server {

namespace asio = boost::asio;

namespace {

struct chosen_part {
  int number = 0;
  const stored_part* part = nullptr;
};

refusal invalid_part(int number) {
  return {400,
          "InvalidPart",
          "One or more of the specified parts could not be found. The part may not have been "
          "uploaded, or the specified entity tag may not match the part's entity tag.",
          {{"PartNumber", std::to_string(number)}}};
}

chosen_part choose(const xml_node& node, const stored_upload& upload) {
  chosen_part chosen;
  chosen.number = std::atoi(std::string(node.child("PartNumber")).c_str());
  const auto found = upload.parts.find(chosen.number);
  if (found == upload.parts.end()) throw invalid_part(chosen.number);
  chosen.part = &found->second;
  const auto etag = node.child("ETag");
  if (etag != chosen.part->etag && etag != '"' + chosen.part->etag + '"') {
    throw invalid_part(chosen.number);
  }
  const auto& algorithm = upload.prototype.checksum_algorithm;
  if (algorithm.empty()) return chosen;
  const auto given = node.child("Checksum" + algorithm);
  if (given.empty() && upload.prototype.checksum_type == "COMPOSITE") {
    throw refusal{400, "InvalidRequest",
                  "The upload was created using a " + to_lower(algorithm) +
                      " checksum. The complete request must include the checksum for each part. "
                      "It was missing for part " +
                      std::to_string(chosen.number) + " in the request."};
  }
  if (!given.empty() && given != chosen.part->checksum) throw invalid_part(chosen.number);
  return chosen;
}

std::vector<chosen_part> choose_parts(const xml_node& document, const stored_upload& upload,
                                      bool strict) {
  constexpr std::uint64_t least = std::uint64_t{5} << 20U;  // all but the last part: 5 MiB
  std::vector<chosen_part> parts;
  for (const auto& node : document.children) {
    if (node.name != "Part") continue;
    const auto chosen = choose(node, upload);
    if (!parts.empty() && chosen.number <= parts.back().number) {
      throw refusal{400, "InvalidPartOrder",
                    "The list of parts was not in ascending order. Parts must be ordered by part "
                    "number."};
    }
    if (strict && !parts.empty() && parts.back().part->body->size() < least) {
      throw refusal{400,
                    "EntityTooSmall",
                    "Your proposed upload is smaller than the minimum allowed size",
                    {{"ProposedSize", std::to_string(parts.back().part->body->size())},
                     {"MinSizeAllowed", std::to_string(least)},
                     {"PartNumber", std::to_string(parts.back().number)}}};
    }
    parts.push_back(chosen);
  }
  if (parts.empty()) {
    throw refusal{400, "MalformedXML", "You must specify at least one part"};
  }
  return parts;
}

std::string composite_checksum(const std::string& algorithm,
                               const std::vector<chosen_part>& parts) {
  checksum_stream sum(algorithm);
  for (const auto& chosen : parts) {
    const auto raw = from_base64(chosen.part->checksum).value_or("");
    sum.update(as_bytes(raw));
  }
  return sum.finish() + '-' + std::to_string(parts.size());
}

/// The checksum of the whole, held against what the request says of it.
std::string whole_checksum(const request& call, const stored_upload& upload,
                           const std::vector<chosen_part>& parts) {
  const auto& algorithm = upload.prototype.checksum_algorithm;
  const auto announced = find_checksum(call.head);
  const auto type = call.head.header("x-amz-checksum-type");
  if (!type.empty() && type != upload.prototype.checksum_type) {
    throw refusal{400, "InvalidRequest", "The checksum type is not that of the upload."};
  }
  if (!announced.algorithm.empty() && announced.algorithm != algorithm) {
    throw refusal{400, "InvalidRequest", "The checksum algorithm is not that of the upload."};
  }
  if (algorithm.empty()) return {};
  if (upload.prototype.checksum_type == "COMPOSITE") return composite_checksum(algorithm, parts);
  std::vector<piece_sum> pieces;
  for (const auto& chosen : parts) {
    pieces.push_back({chosen.part->checksum, chosen.part->body->size()});
  }
  auto sum = combine(algorithm, pieces).value_or("");
  if (!announced.value.empty() && announced.value != sum) {
    throw refusal{400, "BadDigest",
                  "The " + algorithm + " you specified did not match the calculated checksum."};
  }
  return sum;
}

stored_object assemble(service& shared, const request& call, const stored_upload& upload,
                       const std::vector<chosen_part>& parts) {
  auto object = upload.prototype;
  object.checksum = whole_checksum(call, upload, parts);
  std::vector<blob_ptr> bodies;
  std::uint64_t size = 0;
  digest md5("MD5");
  for (const auto& chosen : parts) {
    bodies.push_back(chosen.part->body);
    object.part_sizes.push_back(chosen.part->body->size());
    size += chosen.part->body->size();
    md5.update(from_hex(chosen.part->etag).value_or(""));
  }
  const auto announced = call.head.header("x-amz-mp-object-size");
  if (!announced.empty() && announced != std::to_string(size)) {
    throw refusal{400, "InvalidRequest", "The object size is not x-amz-mp-object-size."};
  }
  object.body = shared.objects.join(std::move(bodies));
  object.etag = to_hex(md5.finish()) + '-' + std::to_string(parts.size());
  object.last_modified = shared.now();
  return object;
}

}  // namespace

asio::awaitable<reply> complete_upload(service& shared, request& call, body_reader& body) {
  const auto when = read_conditions(call);
  const auto id = call.parameter("uploadId");
  const auto upload = shared.objects.upload(call.bucket, call.key, id);
  announced_checksum none;
  const auto text = co_await receive_text(call, body, std::move(none));
  const auto document = parse_xml(text);
  if (!document || document->name != "CompleteMultipartUpload") {
    throw refusal{400, "MalformedXML", "The XML you provided was not well-formed"};
  }
  shared.objects.check(call.bucket, call.key, when);
  const auto parts = choose_parts(*document, upload, shared.options.strict);
  auto object = assemble(shared, call, upload, parts);
  xml_writer xml("CompleteMultipartUploadResult");
  xml.element("Location", "/" + call.bucket + '/' + call.key);
  xml.element("Bucket", call.bucket).element("Key", call.key);
  xml.element("ETag", '"' + object.etag + '"');
  if (!object.checksum.empty()) {
    xml.element("Checksum" + object.checksum_algorithm, object.checksum);
    xml.element("ChecksumType", object.checksum_type);
  }
  shared.objects.put(call.bucket, call.key, std::move(object), when);
  shared.objects.end_upload(call.bucket, id);
  co_return xml_reply(std::move(xml).finish());
}

}  // namespace beatsync::s3_server
