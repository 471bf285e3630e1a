#pragma once

/// Heads of HTTP/1.1 requests and answers. Beast parses; what it finds is kept raw.

#include "tests/s3_server/uri.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::s3_server {

struct request_head {
  std::string method;
  std::string target;     ///< raw
  std::string path;       ///< raw, before the `?`
  std::string raw_query;  ///< raw, behind it
  text_pairs headers;     ///< names in lower case, in order of arrival
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;

  std::string_view header(std::string_view name) const noexcept;  ///< first one, or empty
  bool has(std::string_view name) const noexcept;
};

enum class head_state { complete, incomplete, malformed };

struct parsed_head {
  head_state state = head_state::incomplete;
  request_head head;
  std::size_t consumed = 0;  ///< bytes of the head
};

/// Looks at the bytes received so far.
parsed_head parse_head(std::string_view bytes);

std::string_view reason_phrase(int status) noexcept;
std::string to_lower(std::string_view text);

}  // namespace beatsync::s3_server
