#pragma once

/// One request on its way through the server, and the operations that answer it.

#include "tests/s3_server/auth.hpp"
#include "tests/s3_server/body_reader.hpp"
#include "tests/s3_server/http_head.hpp"
#include "tests/s3_server/reply.hpp"
#include "tests/s3_server/service.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace beatsync::s3_server {

struct request {
  request_head head;
  text_pairs query;    ///< decoded
  std::string bucket;  ///< empty: the service itself
  std::string key;     ///< decoded; empty: the bucket itself
  identity who;
  quirks differences;
  const fault_action* fault = nullptr;

  bool has(std::string_view parameter) const noexcept;
  std::string parameter(std::string_view name, std::string_view otherwise = {}) const;
  /// Throws refusal (InvalidArgument) unless it is a number from `least` to `most`.
  int number(std::string_view name, int least, int most, int otherwise) const;
};

/// Splits target and Host into bucket and key: path-style, or `BUCKET.localhost` and
/// `BUCKET.s3.localhost`. Throws refusal.
void address(request& call);

using handler = boost::asio::awaitable<reply> (*)(service&, request&, body_reader&);

struct operation {
  std::string_view name;
  handler run;
};

/// The operation a request asks for; `Unknown` answers 501.
operation route(const request& call);

// Each in a file of its kind, operations_*.cpp. All throw refusal.
boost::asio::awaitable<reply> list_buckets(service&, request&, body_reader&);
boost::asio::awaitable<reply> create_bucket(service&, request&, body_reader&);
boost::asio::awaitable<reply> head_bucket(service&, request&, body_reader&);
boost::asio::awaitable<reply> get_bucket_location(service&, request&, body_reader&);
boost::asio::awaitable<reply> list_objects(service&, request&, body_reader&);
boost::asio::awaitable<reply> get_object(service&, request&, body_reader&);  ///< and HEAD
boost::asio::awaitable<reply> put_object(service&, request&, body_reader&);
boost::asio::awaitable<reply> copy_object(service&, request&, body_reader&);
boost::asio::awaitable<reply> delete_object(service&, request&, body_reader&);
boost::asio::awaitable<reply> delete_objects(service&, request&, body_reader&);
boost::asio::awaitable<reply> create_upload(service&, request&, body_reader&);
boost::asio::awaitable<reply> upload_part(service&, request&, body_reader&);
boost::asio::awaitable<reply> upload_part_copy(service&, request&, body_reader&);
boost::asio::awaitable<reply> complete_upload(service&, request&, body_reader&);
boost::asio::awaitable<reply> abort_upload(service&, request&, body_reader&);
boost::asio::awaitable<reply> list_uploads(service&, request&, body_reader&);
boost::asio::awaitable<reply> list_parts(service&, request&, body_reader&);

}  // namespace beatsync::s3_server
