#pragma once

/// An answer before it goes out. A value, so that faults can change it.

#include "tests/s3_server/blob.hpp"
#include "tests/s3_server/refusal.hpp"
#include "tests/s3_server/uri.hpp"

#include <cstdint>
#include <string>

namespace beatsync::s3_server {

struct reply {
  int status = 200;
  text_pairs headers;  ///< without Content-Length, Date, Server, ids and Connection
  std::string text;    ///< the body, where there is no blob
  blob_ptr body;       ///< a range of it is the body
  std::uint64_t first = 0;
  std::uint64_t size = 0;  ///< of the range; Content-Length also when `head_only`
  bool head_only = false;  ///< HEAD: no body follows
  bool close = false;      ///< the connection ends after this

  void set(const std::string& name, std::string value);  ///< replaces, whatever the case
  void remove(const std::string& name);
  std::uint64_t content_length() const noexcept { return body || head_only ? size : text.size(); }
};

reply xml_reply(std::string document);
/// S3's error document. Without a body for HEAD.
reply error_reply(const refusal& why, const std::string& request_id, bool head_only);

}  // namespace beatsync::s3_server
