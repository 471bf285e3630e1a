#include "s3/client/request_head.hpp"

#include <algorithm>

namespace beatsync::s3 {

std::string request_head(const operation& op, const location& place, signer& sign,
                         const credentials& keys, std::string_view payload_hash,
                         std::uint64_t body_size, std::chrono::sys_seconds now, std::size_t room) {
  const std::string path = place.where.path_of(op.key);
  const std::string host = place.where.host_header();
  signable_request signable;
  signable.method = op.method;
  signable.host = host;
  signable.path = path;
  signable.query = op.query;
  signable.headers = op.headers;
  signable.payload_hash = payload_hash;

  std::string head;
  head.reserve(1024 + path.size() + op.query.size() + room);
  head.append(op.method).append(" ").append(path);
  if (!op.query.empty()) head.append("?").append(op.query);
  head.append(" HTTP/1.1\r\nHost: ").append(host).append("\r\n");
  head.append(sign.sign(signable, keys, place.region, now));
  for (const auto& [name, value] : op.headers) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
  head.append("User-Agent: beatsync/" BEATSYNC_VERSION "\r\n");
  if (op.sends_body()) {
    head.append("Content-Length: ").append(std::to_string(body_size)).append("\r\n");
  }
  if (op.expect_continue) head.append("Expect: 100-continue\r\n");
  head.append("\r\n");
  return head;
}

bool is_header_safe(std::string_view value) noexcept {
  return std::none_of(value.begin(), value.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
}

}  // namespace beatsync::s3
