#include "tests/s3_server/http_head.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>

#include <algorithm>

namespace beatsync::s3_server {

namespace http = boost::beast::http;

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower;
}

std::string_view request_head::header(std::string_view name) const noexcept {
  for (const auto& [key, value] : headers) {
    if (key == name) return value;
  }
  return {};
}

bool request_head::has(std::string_view name) const noexcept {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& field) { return field.first == name; });
}

parsed_head parse_head(std::string_view bytes) {
  constexpr std::uint32_t limit = 64 * 1024;  // session tokens and presigned targets are long
  parsed_head result;
  if (bytes.find("\r\n\r\n") == std::string_view::npos) {
    if (bytes.size() > limit) result.state = head_state::malformed;
    return result;
  }
  http::request_parser<http::buffer_body> parser;
  parser.header_limit(limit);
  parser.body_limit(boost::none);
  while (!parser.is_header_done()) {
    boost::beast::error_code error;
    result.consumed += parser.put(
        boost::asio::buffer(bytes.data() + result.consumed, bytes.size() - result.consumed), error);
    if (error) {
      result.state = head_state::malformed;
      return result;
    }
  }
  auto& head = result.head;
  const auto& message = parser.get();
  head.method = std::string(message.method_string());
  head.target = std::string(message.target());
  const auto question = head.target.find('?');
  head.path = head.target.substr(0, question);
  if (question != std::string::npos) head.raw_query = head.target.substr(question + 1);
  for (const auto& field : message) {
    const auto value = field.value();
    head.headers.emplace_back(to_lower({field.name_string().data(), field.name_string().size()}),
                              std::string(value.data(), value.size()));
  }
  head.chunked = parser.chunked();
  if (const auto length = parser.content_length(); length && !head.chunked) {
    head.content_length = *length;
  }
  head.keep_alive = parser.keep_alive();
  head.expects_continue = to_lower(head.header("expect")) == "100-continue";
  result.state = head_state::complete;
  return result;
}

std::string_view reason_phrase(int status) noexcept {
  const auto known = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  return {known.data(), known.size()};
}

}  // namespace beatsync::s3_server
