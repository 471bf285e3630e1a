#include "s3/replies/reply_xml.hpp"

#include "s3/http_date.hpp"
#include "s3/printable.hpp"
#include "s3/replies/reply_tree.hpp"
#include "s3/uri.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace beatsync::s3 {
namespace {

error bad(const std::string& what) { return make_error(errc::bad_reply, what); }

std::string unquoted(std::string text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return text.substr(1, text.size() - 2);
  return text;
}

error_reply error_from(const reply_element& element) {
  error_reply reply;
  reply.code = element.text_of("Code");
  reply.message = element.text_of("Message");
  reply.request_id = element.text_of("RequestId");
  reply.region = element.text_of("Region");
  reply.endpoint = element.text_of("Endpoint");
  reply.server_time = element.text_of("ServerTime");
  reply.header = element.text_of("Header");
  return reply;
}

/// The document, if its root has that name (or the other one).
result<reply_element> document(std::string_view body, std::string_view root,
                               std::string_view other_root = {}) {
  auto tree = parse_reply(body);
  if (!tree)
    return bad("the store's answer is not well-formed XML (" + std::to_string(body.size()) +
               " bytes)");
  if (tree->name != root && tree->name != other_root)
    return bad("the store's answer is a <" + printable(tree->name, 100) + ">, not a <" +
               std::string(root) + ">");
  return *std::move(tree);
}

std::optional<std::int64_t> number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || text.empty() || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

/// The sum of the whole body, where the answer has one that is not a checksum of checksums.
checksum sum_in(const reply_element& element) {
  if (element.text_of("ChecksumType") == "COMPOSITE") return checksum();
  static constexpr std::array<std::pair<std::string_view, checksum_algorithm>, 3> names = {
      {{"ChecksumCRC64NVME", checksum_algorithm::crc64nvme},
       {"ChecksumCRC32C", checksum_algorithm::crc32c},
       {"ChecksumCRC32", checksum_algorithm::crc32}}};
  for (const auto& [name, algorithm] : names)
    if (const auto sum = checksum_from_base64(algorithm, element.text_of(name))) return *sum;
  return checksum();
}

result<completion> parse_outcome(std::string_view body, std::string_view root,
                                 std::string_view other_root) {
  const auto tree = parse_reply(body);
  if (!tree)
    return bad("the answer is not well-formed to its end (" + std::to_string(body.size()) +
               " bytes)");
  completion outcome;
  if (tree->name == "Error") {
    outcome.refusal = error_from(*tree);
    return outcome;
  }
  if (tree->name != root && tree->name != other_root)
    return bad("the answer is a <" + printable(tree->name, 100) + ">, not a <" + std::string(root) +
               ">");
  outcome.etag = unquoted(tree->text_of("ETag"));
  if (outcome.etag.empty()) return bad("the answer has no ETag");
  outcome.sum = sum_in(*tree);
  outcome.done = true;
  return outcome;
}

/// Decodes names of a listing whose answer says that they are encoded.
class name_decoder {
 public:
  explicit name_decoder(const reply_element& document)
      : encoded_(document.text_of("EncodingType") == "url") {}

  result<std::string> operator()(const std::string& text) const {
    if (!encoded_) return text;
    auto decoded = percent_decode(text, plus_sign::blank);
    if (!decoded) return bad("broken percent-encoding in \"" + printable(text, 200) + "\"");
    return *std::move(decoded);
  }

 private:
  bool encoded_;
};

result<uploaded_part> part_from(const reply_element& element, int number_before) {
  uploaded_part part;
  const auto part_number = number(element.text_of("PartNumber"));
  const auto size = number(element.text_of("Size"));
  // 10,000 parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
  if (!part_number || *part_number < 1 || *part_number > 10'000 || !size)
    return bad("a part without number or size");
  part.number = static_cast<int>(*part_number);
  if (part.number <= number_before) return bad("parts that do not rise");
  part.size = static_cast<std::uint64_t>(*size);
  part.etag = unquoted(element.text_of("ETag"));
  part.sum = sum_in(element);
  return part;
}

}  // namespace

std::optional<error_reply> parse_error(std::string_view body) {
  const auto tree = parse_reply(body);
  if (!tree) return std::nullopt;
  if (tree->name == "Error") return error_from(*tree);
  const reply_element* const inner = tree->name == "ErrorResponse" ? tree->child("Error") : nullptr;
  if (inner == nullptr) return std::nullopt;
  error_reply reply = error_from(*inner);
  if (reply.request_id.empty()) reply.request_id = tree->text_of("RequestId");
  return reply;
}

result<std::string> parse_initiate(std::string_view body) {
  // The other one is gofakes3's, and so that of `rclone serve s3`.
  const auto tree = document(body, "InitiateMultipartUploadResult", "InitiateMultipartUpload");
  if (!tree) return tree.error();
  std::string id = tree->text_of("UploadId");
  if (id.empty()) return bad("the answer has no UploadId");
  return id;
}

result<completion> parse_complete(std::string_view body) {
  return parse_outcome(body, "CompleteMultipartUploadResult", {});
}

result<completion> parse_copy(std::string_view body) {
  return parse_outcome(body, "CopyObjectResult", "CopyPartResult");
}

result<uploads_page> parse_uploads(std::string_view body) {
  const auto tree = document(body, "ListMultipartUploadsResult");
  if (!tree) return tree.error();
  if (tree->mended) return bad("a key with a character that XML does not have");
  const name_decoder decode(*tree);
  uploads_page page;
  page.truncated = tree->text_of("IsTruncated") == "true";
  auto marker = decode(tree->text_of("NextKeyMarker"));
  if (!marker) return marker.error();
  page.next_key_marker = *std::move(marker);
  page.next_upload_id_marker = tree->text_of("NextUploadIdMarker");
  if (page.truncated && page.next_key_marker.empty())
    return bad("the list of uploads goes on, but has no NextKeyMarker");
  for (const reply_element& element : tree->children) {
    if (element.name != "Upload") continue;
    auto key = decode(element.text_of("Key"));
    if (!key) return key.error();
    pending_upload upload;
    upload.key = *std::move(key);
    upload.upload_id = element.text_of("UploadId");
    if (upload.key.empty() || upload.upload_id.empty())
      return bad("an upload without Key or UploadId");
    if (const auto time = parse_iso8601(element.text_of("Initiated"))) upload.initiated = *time;
    page.uploads.push_back(std::move(upload));
  }
  return page;
}

result<parts_page> parse_parts(std::string_view body) {
  const auto tree = document(body, "ListPartsResult");
  if (!tree) return tree.error();
  parts_page page;
  for (const reply_element& element : tree->children) {
    if (element.name != "Part") continue;
    auto part = part_from(element, page.parts.empty() ? 0 : page.parts.back().number);
    if (!part) return part.error();
    page.parts.push_back(*std::move(part));
  }
  page.truncated = tree->text_of("IsTruncated") == "true";
  if (!page.truncated) return page;
  const auto marker = number(tree->text_of("NextPartNumberMarker"));
  if (!marker || *marker < 1 || *marker > 10'000)
    return bad("the list of parts goes on, but has no NextPartNumberMarker");
  page.next_part_number_marker = static_cast<int>(*marker);
  return page;
}

result<std::vector<delete_refusal>> parse_delete(std::string_view body) {
  const auto tree = document(body, "DeleteResult");
  if (!tree) return tree.error();
  if (tree->mended) return bad("a key with a character that XML does not have");
  std::vector<delete_refusal> refused;
  for (const reply_element& element : tree->children)
    if (element.name == "Error") refused.push_back({element.text_of("Key"), error_from(element)});
  return refused;
}

result<std::string> parse_location(std::string_view body) {
  const auto tree = document(body, "LocationConstraint");
  if (!tree) return tree.error();
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
  if (tree->text.empty()) return std::string("us-east-1");
  if (tree->text == "EU") return std::string("eu-west-1");
  return tree->text;
}

}  // namespace beatsync::s3
