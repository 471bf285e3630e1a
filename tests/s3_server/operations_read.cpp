#include "s3/http_date.hpp"
#include "tests/s3_server/refusal.hpp"
#include "tests/s3_server/request.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

namespace beatsync::s3_server {

namespace asio = boost::asio;

namespace {

struct span_of_bytes {
  std::uint64_t first = 0;
  std::uint64_t size = 0;
  bool partial = false;
};

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// One range of RFC 7233; what is not one is ignored, as AWS does.
span_of_bytes read_range(std::string_view text, std::uint64_t size) {
  constexpr std::string_view unit = "bytes=";
  const span_of_bytes whole{0, size, false};
  if (!text.starts_with(unit) || text.find(',') != std::string_view::npos) return whole;
  text.remove_prefix(unit.size());
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) return whole;
  const auto first = to_number(text.substr(0, dash));
  const auto last = to_number(text.substr(dash + 1));
  const refusal unsatisfiable{416,
                              "InvalidRange",
                              "The requested range is not satisfiable",
                              {{"ActualObjectSize", std::to_string(size)}},
                              {{"Content-Range", "bytes */" + std::to_string(size)}}};
  if (dash == 0) {
    if (!last) return whole;
    if (*last == 0 || size == 0) throw unsatisfiable;
    const auto length = std::min(*last, size);
    return {size - length, length, true};
  }
  if (!first || (last && *last < *first)) return whole;
  if (dash + 1 < text.size() && !last) return whole;
  if (*first >= size) throw unsatisfiable;
  const auto end = last ? std::min(*last, size - 1) : size - 1;
  return {*first, end - *first + 1, true};
}

/// `partNumber=N`: the part's bytes, or the whole for part 1 of an object that has none.
span_of_bytes read_part(const request& call, const stored_object& object) {
  constexpr int most = 10'000;
  const auto number = static_cast<std::size_t>(call.number("partNumber", 1, most, 1));
  const auto& sizes = object.part_sizes;
  if (sizes.empty() && number == 1) return {0, object.body->size(), true};
  if (number > sizes.size()) {
    throw refusal{416, "InvalidPartNumber", "The requested partnumber is not satisfiable"};
  }
  span_of_bytes part{0, sizes[number - 1], true};
  for (std::size_t i = 0; i + 1 < number; ++i) part.first += sizes[i];
  return part;
}

bool names_etag(std::string_view list, const std::string& etag) {
  return list == "*" || list == etag || list.find('"' + etag + '"') != std::string_view::npos;
}

void check_conditions(const request_head& head, const stored_object& object) {
  const auto modified = std::chrono::floor<std::chrono::seconds>(object.last_modified);
  const auto since = s3::parse_http_date(head.header("if-modified-since"));
  const auto until = s3::parse_http_date(head.header("if-unmodified-since"));
  const refusal failed{412, "PreconditionFailed",
                       "At least one of the pre-conditions you specified did not hold"};
  const refusal unchanged{
      304, "NotModified", "Not Modified", {}, {{"ETag", '"' + object.etag + '"'}}};
  if (head.has("if-match")) {
    if (!names_etag(head.header("if-match"), object.etag)) throw failed;
  } else if (until && modified > *until) {
    throw failed;
  }
  if (head.has("if-none-match")) {
    if (names_etag(head.header("if-none-match"), object.etag)) throw unchanged;
  } else if (since && modified <= *since) {
    throw unchanged;
  }
}

void add_checksum(reply& answer, const stored_object& object) {
  if (object.checksum_algorithm.empty()) return;
  answer.set("x-amz-checksum-" + to_lower(object.checksum_algorithm), object.checksum);
  answer.set("x-amz-checksum-type", object.checksum_type);
}

void add_overrides(reply& answer, const request& call) {
  for (const char* name : {"Content-Type", "Content-Language", "Expires", "Cache-Control",
                           "Content-Disposition", "Content-Encoding"}) {
    const auto parameter = "response-" + to_lower(name);
    if (call.has(parameter)) answer.set(name, call.parameter(parameter));
  }
}

}  // namespace

asio::awaitable<reply> get_object(service& shared, request& call, body_reader&) {
  const auto object = shared.objects.require(call.bucket, call.key);
  const bool reads = call.head.method == "GET";
  if (reads && (object->storage_class == "GLACIER" || object->storage_class == "DEEP_ARCHIVE")) {
    throw refusal{403,
                  "InvalidObjectState",
                  "The operation is not valid for the object's storage class",
                  {{"StorageClass", object->storage_class}}};
  }
  check_conditions(call.head, *object);
  const auto size = object->body->size();
  const auto range = call.has("partNumber") ? read_part(call, *object)
                                            : read_range(call.head.header("range"), size);
  reply answer;
  answer.head_only = !reads;
  if (reads) answer.body = object->body;
  answer.first = range.first;
  answer.size = range.size;
  answer.set("ETag", '"' + object->etag + '"');
  answer.set("Last-Modified",
             s3::format_http_date(std::chrono::floor<std::chrono::seconds>(object->last_modified)));
  answer.set("Content-Type", object->content_type);
  answer.set("Accept-Ranges", "bytes");
  for (const auto& [name, value] : object->metadata) answer.set("x-amz-meta-" + name, value);
  for (const auto& [name, value] : object->headers) answer.set(name, value);
  if (object->storage_class != "STANDARD") answer.set("x-amz-storage-class", object->storage_class);
  if (range.partial) {
    answer.status = 206;
    answer.set("Content-Range",
               "bytes " + std::to_string(range.first) + '-' +
                   std::to_string(range.first + range.size - (range.size ? 1 : 0)) + '/' +
                   std::to_string(size));
  }
  if (call.has("partNumber") && !object->part_sizes.empty()) {
    answer.set("x-amz-mp-parts-count", std::to_string(object->part_sizes.size()));
  }
  const bool whole = !range.partial || call.differences.ranged_checksums;
  if (to_lower(call.head.header("x-amz-checksum-mode")) == "enabled" && whole) {
    add_checksum(answer, *object);
  }
  add_overrides(answer, call);
  co_return answer;
}

}  // namespace beatsync::s3_server
