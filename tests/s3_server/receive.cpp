#include "tests/s3_server/receive.hpp"

#include "tests/s3_server/aws_chunked.hpp"
#include "tests/s3_server/body_sums.hpp"
#include "tests/s3_server/refusal.hpp"

#include <charconv>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace beatsync::s3_server {
namespace {

namespace asio = boost::asio;

/// The length of the payload as announced: its own, or that within aws-chunked.
std::optional<std::uint64_t> announced_length(const request& call) {
  if (!is_aws_chunked(call.who)) return call.head.content_length;
  const auto text = call.head.header("x-amz-decoded-content-length");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) {
    throw refusal{411, "MissingContentLength",
                  "You must provide the x-amz-decoded-content-length HTTP header."};
  }
  return length;
}

void refuse_checksums(const request& call) {
  const auto& refused = call.differences.refused_checksums;
  if (refused.empty()) return;
  constexpr std::string_view prefix = "x-amz-checksum-";
  const auto refuse = [&](std::string_view name) {
    if (!refused.contains("*") && !refused.contains(to_lower(name))) return;
    const bool unknown = call.differences.checksum_refusal_status == 501;
    throw refusal{call.differences.checksum_refusal_status,
                  unknown ? "NotImplemented" : "InvalidRequest",
                  "The checksum header " + std::string(name) + " is not supported."};
  };
  for (const auto& [name, value] : call.head.headers) {
    const auto tail = name.starts_with(prefix) ? name.substr(prefix.size()) : std::string();
    if (!tail.empty() && tail != "algorithm" && tail != "type" && tail != "mode") refuse(tail);
    if (tail == "algorithm") refuse(value);
    if (name == "x-amz-trailer" && value.starts_with(prefix)) refuse(value.substr(prefix.size()));
  }
}

asio::awaitable<void> receive_plain(body_reader& body, blob_writer& out, body_sums& sums) {
  while (true) {
    const auto room = out.prepare();
    const auto size = co_await body.read_some(room);
    if (size == 0) co_return;
    sums.update(room.first(size));
    out.commit(size);
    if (body.finished()) co_return;
  }
}

asio::awaitable<text_pairs> receive_chunked(const request& call, body_reader& body,
                                            blob_writer& out, body_sums& sums) {
  constexpr std::size_t block = std::size_t{256} * 1024;
  std::vector<std::byte> scratch(block);
  aws_chunked_decoder decoder(call.who);
  const aws_chunked_decoder::data_handler on_data = [&](std::span<const std::byte> data) {
    sums.update(data);
    out.write(data);
  };
  while (!body.finished()) {
    const auto size = co_await body.read_some(scratch);
    decoder.feed(std::span(scratch).first(size), on_data);
  }
  if (!decoder.finished()) {
    throw refusal{400, "IncompleteBody", "The request body terminated unexpectedly"};
  }
  co_return decoder.trailers();
}

}  // namespace

asio::awaitable<received> receive_body(service& shared, request& call, body_reader& body,
                                       std::string algorithm) {
  constexpr std::uint64_t largest = std::uint64_t{5} << 30U;  // one PUT or part: 5 GiB
  refuse_checksums(call);
  const auto length = announced_length(call);
  if (!length && !call.head.chunked) {
    throw refusal{411, "MissingContentLength", "You must provide the Content-Length HTTP header."};
  }
  if (length.value_or(0) > largest) {
    throw refusal{400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"};
  }
  if (algorithm.empty() && call.differences.default_checksum) algorithm = "CRC64NVME";
  body_sums sums(call.head, call.who.payload, find_checksum(call.head), algorithm,
                 !call.differences.fast_etags);
  const auto out = shared.objects.new_body(length.value_or(0));
  text_pairs trailers;
  if (is_aws_chunked(call.who)) {
    trailers = co_await receive_chunked(call, body, *out, sums);
  } else {
    co_await receive_plain(body, *out, sums);
  }
  sums.verify(trailers);
  received result;
  result.body = out->finish();
  result.size = result.body->size();
  result.md5 = sums.md5();
  result.checksum_algorithm = sums.algorithm();
  result.checksum = sums.checksum();
  if (length && *length != result.size) {
    throw refusal{400, "IncompleteBody", "The body is not as long as announced."};
  }
  co_return result;
}

asio::awaitable<std::string> receive_text(request& call, body_reader& body,
                                          announced_checksum announced) {
  constexpr std::uint64_t largest = std::uint64_t{2} << 20U;
  if (call.head.content_length.value_or(0) > largest) {
    throw refusal{400, "MaxMessageLengthExceeded", "Your request was too big."};
  }
  body_sums sums(call.head, call.who.payload, std::move(announced), "", false);
  const auto out = make_memory_writer(0);
  text_pairs trailers;
  if (is_aws_chunked(call.who)) {
    trailers = co_await receive_chunked(call, body, *out, sums);
  } else {
    co_await receive_plain(body, *out, sums);
  }
  sums.verify(trailers);
  const auto whole = out->finish();
  co_return to_string(*whole);
}

}  // namespace beatsync::s3_server
