#include "s3/http_date.hpp"
#include "tests/s3_server/object_headers.hpp"
#include "tests/s3_server/receive.hpp"
#include "tests/s3_server/refusal.hpp"
#include "tests/s3_server/request.hpp"
#include "tests/s3_server/xml_reader.hpp"
#include "tests/s3_server/xml_writer.hpp"

#include <utility>

namespace beatsync::s3_server {

namespace asio = boost::asio;

asio::awaitable<reply> put_object(service& shared, request& call, body_reader& body) {
  const auto when = read_conditions(call);
  shared.objects.check(call.bucket, call.key, when);
  auto object = object_from_headers(call);
  auto content = co_await receive_body(shared, call, body, "");
  object.body = std::move(content.body);
  object.etag = make_etag(content.md5);
  object.last_modified = shared.now();
  object.checksum_algorithm = content.checksum_algorithm;
  object.checksum = content.checksum;
  if (!object.checksum.empty()) object.checksum_type = "FULL_OBJECT";
  reply answer;
  answer.set("ETag", '"' + object.etag + '"');
  add_checksum_headers(answer, object);
  shared.objects.put(call.bucket, call.key, std::move(object), when);
  co_return answer;
}

asio::awaitable<reply> copy_object(service& shared, request& call, body_reader&) {
  const auto source = find_copy_source(shared, call);
  const auto when = read_conditions(call);
  stored_object object = *source;
  if (to_lower(call.head.header("x-amz-metadata-directive")) == "replace") {
    const auto given = object_from_headers(call);
    object.metadata = given.metadata;
    object.headers = given.headers;
    object.content_type = given.content_type;
  } else if (find_source_name(call) == std::pair(call.bucket, call.key)) {
    throw refusal{400, "InvalidRequest",
                  "This copy request is illegal because it is trying to copy an object to itself "
                  "without changing the object's metadata."};
  }
  object.body = shared.objects.join({source->body});
  object.last_modified = shared.now();
  object.part_sizes.clear();
  xml_writer xml("CopyObjectResult");
  xml.element("LastModified", s3::format_iso8601(object.last_modified));
  xml.element("ETag", '"' + object.etag + '"');
  shared.objects.put(call.bucket, call.key, std::move(object), when);
  co_return xml_reply(std::move(xml).finish());
}

asio::awaitable<reply> delete_object(service& shared, request& call, body_reader&) {
  shared.objects.erase(call.bucket, call.key);
  reply answer;
  answer.status = 204;
  co_return answer;
}

asio::awaitable<reply> delete_objects(service& shared, request& call, body_reader& body) {
  constexpr std::size_t most = 1000;
  if (shared.options.strict && !call.head.has("content-md5") &&
      find_checksum(call.head).algorithm.empty()) {
    throw refusal{400, "InvalidRequest", "Missing required header for this request: Content-MD5"};
  }
  auto announced = find_checksum(call.head);
  const auto text = co_await receive_text(call, body, std::move(announced));
  const auto document = parse_xml(text);
  const refusal malformed{400, "MalformedXML", "The XML you provided was not well-formed"};
  if (!document || document->name != "Delete") throw malformed;
  const bool quiet = document->child("Quiet") == "true";
  xml_writer xml("DeleteResult");
  std::size_t count = 0;
  for (const auto& node : document->children) {
    if (node.name != "Object") continue;
    const std::string key(node.child("Key"));
    if (key.empty() || ++count > most) throw malformed;
    shared.objects.erase(call.bucket, key);
    if (!quiet) xml.open("Deleted").element("Key", key).close("Deleted");
  }
  if (count == 0) throw malformed;
  co_return xml_reply(std::move(xml).finish());
}

}  // namespace beatsync::s3_server
