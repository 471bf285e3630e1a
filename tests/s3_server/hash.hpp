#pragma once

/// Digests of the server, straight from OpenSSL and not from s3/: the client must not be checked
/// with its own code. (CRCs are the exception: known answers guard them.) Any thread.

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace beatsync::s3_server {

/// A digest in the making; `name` as OpenSSL spells it: "MD5", "SHA1", "SHA256".
class digest {
 public:
  explicit digest(const char* name);
  ~digest();
  digest(digest&&) noexcept;
  digest& operator=(digest&&) noexcept;
  void update(std::span<const std::byte> data);
  void update(std::string_view text);
  std::string finish();  ///< the raw bytes; once

 private:
  struct context;
  std::unique_ptr<context> context_;
};

std::string sha256(std::string_view data);                             ///< raw bytes
std::string hmac_sha256(std::string_view key, std::string_view data);  ///< raw bytes
std::string to_hex(std::string_view bytes);
std::optional<std::string> from_hex(std::string_view text);
std::string to_base64(std::string_view bytes);
std::optional<std::string> from_base64(std::string_view text);
std::string random_hex(std::size_t bytes);

inline std::span<const std::byte> as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace beatsync::s3_server
