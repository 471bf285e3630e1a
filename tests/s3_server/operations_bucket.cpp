#include "s3/http_date.hpp"
#include "tests/s3_server/receive.hpp"
#include "tests/s3_server/refusal.hpp"
#include "tests/s3_server/request.hpp"
#include "tests/s3_server/xml_reader.hpp"
#include "tests/s3_server/xml_writer.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::s3_server {

namespace asio = boost::asio;

namespace {

/// Throws NoSuchBucket.
std::string region_of(const service& shared, const std::string& bucket) {
  const auto region = shared.objects.region_of(bucket);
  if (!region) {
    throw refusal{
        404, "NoSuchBucket", "The specified bucket does not exist", {{"BucketName", bucket}}};
  }
  return region->empty() ? shared.options.region : *region;
}

/// A time as text. Neighbours in a listing mostly have the same one.
struct written_time {
  time_stamp time{};
  std::string text;

  const std::string& of(time_stamp wanted) {
    if (text.empty() || wanted != time) {
      time = wanted;
      text = s3::format_iso8601(wanted);
    }
    return text;
  }
};

listing_entry describe(std::pair<std::string, object_ptr> found, written_time& time) {
  const auto& object = *found.second;
  listing_entry entry;
  entry.key = std::move(found.first);
  entry.last_modified = time.of(object.last_modified);
  entry.etag = object.etag;
  entry.size = std::to_string(object.body->size());
  entry.storage_class = object.storage_class;
  entry.checksum_algorithm = object.checksum_algorithm;
  entry.checksum_type = object.checksum_type;
  return entry;
}

}  // namespace

asio::awaitable<reply> list_buckets(service& shared, request&, body_reader&) {
  xml_writer xml("ListAllMyBucketsResult");
  xml.raw("<Owner><ID>beatsync</ID><DisplayName>beatsync</DisplayName></Owner>").open("Buckets");
  for (const auto& name : shared.objects.buckets()) {
    xml.open("Bucket").element("Name", name);
    xml.element("CreationDate", "2024-01-01T00:00:00.000Z").close("Bucket");
  }
  co_return xml_reply(std::move(xml.close("Buckets")).finish());
}

asio::awaitable<reply> create_bucket(service& shared, request& call, body_reader& body) {
  auto announced = find_checksum(call.head);
  const auto text = co_await receive_text(call, body, std::move(announced));
  auto region = shared.options.region;
  if (!text.empty()) {
    const auto document = parse_xml(text);
    if (!document) throw refusal{400, "MalformedXML", "The XML you provided was not well-formed"};
    if (!document->child("LocationConstraint").empty()) {
      region = document->child("LocationConstraint");
    }
  }
  if (!shared.objects.create_bucket(call.bucket, region)) {
    throw refusal{409, "BucketAlreadyOwnedByYou",
                  "Your previous request to create the named bucket succeeded and you already own "
                  "it."};
  }
  reply answer;
  answer.set("Location", "/" + call.bucket);
  co_return answer;
}

asio::awaitable<reply> head_bucket(service& shared, request& call, body_reader&) {
  reply answer;
  answer.head_only = true;
  answer.set("x-amz-bucket-region", region_of(shared, call.bucket));
  co_return answer;
}

asio::awaitable<reply> get_bucket_location(service& shared, request& call, body_reader&) {
  const auto region = region_of(shared, call.bucket);
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<LocationConstraint "
      "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  if (region != "us-east-1") append_xml_text(xml, region);  // AWS says nothing for this one
  co_return xml_reply(xml + "</LocationConstraint>");
}

asio::awaitable<reply> list_objects(service& shared, request& call, body_reader&) {
  listing_query query;
  query.v2 = call.parameter("list-type") == "2";
  query.bucket = call.bucket;
  query.prefix = call.parameter("prefix");
  query.delimiter = call.parameter("delimiter");
  query.start_after = call.parameter(query.v2 ? "start-after" : "marker");
  const bool lies = call.fault != nullptr && call.fault->edit_listing;
  if (query.v2 && call.has("continuation-token"))
    query.token = call.parameter("continuation-token");
  constexpr int most = 1000;
  query.max_keys =
      static_cast<std::size_t>(std::min(most, call.number("max-keys", 0, 2147483647, most)));
  query.fetch_owner = call.parameter("fetch-owner") == "true";
  const auto encoding = call.parameter("encoding-type");
  if (!encoding.empty() && encoding != "url") {
    throw refusal{400, "InvalidArgument", "Invalid Encoding Method specified in Request"};
  }
  query.url_encoding = encoding == "url" && !call.differences.ignore_encoding_type;

  region_of(shared, call.bucket);
  written_time time;
  const entry_source next = [&](const std::string& from, bool inclusive) {
    auto found = shared.objects.next(call.bucket, from, inclusive);
    return found ? std::optional(describe(std::move(*found), time)) : std::nullopt;
  };
  auto page = make_page(query, next);
  if (!page && lies) {  // a token that a fault made up
    query.token.reset();
    page = make_page(query, next);
  }
  if (!page) {
    throw refusal{400, "InvalidArgument", "The continuation token provided is incorrect"};
  }
  if (lies) call.fault->edit_listing(*page);
  co_return xml_reply(to_xml(*page));
}

}  // namespace beatsync::s3_server
