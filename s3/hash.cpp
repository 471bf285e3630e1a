#include "s3/hash.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <stdexcept>

namespace beatsync::s3 {
namespace detail {
void free_digest_context::operator()(EVP_MD_CTX* context) const noexcept {
  EVP_MD_CTX_free(context);
}
void free_mac_context::operator()(EVP_MAC_CTX* context) const noexcept {
  EVP_MAC_CTX_free(context);
}
}  // namespace detail

namespace {

void require(bool worked) {
  if (!worked) throw std::runtime_error("OpenSSL lacks an algorithm that beatsync needs");
}

/// Fetched once: EVP_sha256() would look the implementation up at every use.
const EVP_MD* fetched(const char* name) {
  const EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  require(algorithm != nullptr);
  return algorithm;
}

const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = fetched("SHA256");
  return algorithm;
}

const EVP_MD* md5_algorithm() {
  static const EVP_MD* const algorithm = fetched("MD5");
  return algorithm;
}

detail::digest_context new_context(const EVP_MD* algorithm) {
  detail::digest_context context(EVP_MD_CTX_new());
  require(context && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1);
  return context;
}

detail::mac_context new_hmac() {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  detail::mac_context made(mac ? EVP_MAC_CTX_new(mac) : nullptr);
  EVP_MAC_free(mac);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  require(made && EVP_MAC_CTX_set_params(made.get(), parameters) == 1);
  return made;
}

const unsigned char* bytes_of(const std::byte* data) {
  return reinterpret_cast<const unsigned char*>(data);
}

}  // namespace

sha256_digest sha256(std::span<const std::byte> data) {
  thread_local const detail::digest_context context = new_context(sha256_algorithm());
  sha256_digest digest;
  require(EVP_DigestInit_ex2(context.get(), nullptr, nullptr) == 1 &&
          EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1 &&
          EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()),
                             nullptr) == 1);
  return digest;
}

sha256_digest sha256(std::string_view text) {
  return sha256(std::as_bytes(std::span(text.data(), text.size())));
}

hmac_sha256_key::hmac_sha256_key(std::span<const std::byte> key) : context_(new_hmac()) {
  // A null key would mean "the one before": an empty one must not be null.
  const unsigned char nothing = 0;
  const unsigned char* const bytes = key.empty() ? &nothing : bytes_of(key.data());
  require(EVP_MAC_init(context_.get(), bytes, key.size(), nullptr) == 1);
}

sha256_digest hmac_sha256_key::sign(std::string_view text) {
  EVP_MAC_CTX* const context = context_.get();
  sha256_digest digest;
  std::size_t size = 0;
  require(EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
          EVP_MAC_update(context, reinterpret_cast<const unsigned char*>(text.data()),
                         text.size()) == 1 &&
          EVP_MAC_final(context, reinterpret_cast<unsigned char*>(digest.data()), &size,
                        digest.size()) == 1 &&
          size == digest.size());
  return digest;
}

sha256_digest hmac_sha256(std::span<const std::byte> key, std::string_view text) {
  return hmac_sha256_key(key).sign(text);
}

std::string to_hex(std::span<const std::byte> data) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(data.size() * 2, '\0');
  char* to = out.data();
  for (const std::byte b : data) {
    *to++ = digits[std::to_integer<unsigned>(b) >> 4];
    *to++ = digits[std::to_integer<unsigned>(b) & 15];
  }
  return out;
}

std::string to_base64(std::span<const std::byte> data) {
  std::string out((data.size() + 2) / 3 * 4 + 1, '\0');  // EVP_EncodeBlock ends with a NUL
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   bytes_of(data.data()), static_cast<int>(data.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  out.resize(static_cast<std::size_t>(size) - padding);
  // EVP_DecodeBlock takes blanks, misplaced padding and stray bits; only the canonical text passes.
  if (to_base64(std::as_bytes(std::span(out.data(), out.size()))) != text) return std::nullopt;
  return out;
}

sha256_stream::sha256_stream() : context_(new_context(sha256_algorithm())) {}

void sha256_stream::update(std::span<const std::byte> data) {
  require(EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1);
}

sha256_digest sha256_stream::finish() {
  sha256_digest digest;
  require(EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()),
                             nullptr) == 1);
  return digest;
}

md5_stream::md5_stream() : context_(new_context(md5_algorithm())) {}

void md5_stream::update(std::span<const std::byte> data) {
  require(EVP_DigestUpdate(context_.get(), data.data(), data.size()) == 1);
}

std::string md5_stream::hex() {
  std::array<std::byte, 16> digest;
  require(EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()),
                             nullptr) == 1);
  return to_hex(digest);
}

std::string md5_base64(std::string_view text) {
  const detail::digest_context context = new_context(md5_algorithm());
  std::array<std::byte, 16> digest;
  require(EVP_DigestUpdate(context.get(), text.data(), text.size()) == 1 &&
          EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()),
                             nullptr) == 1);
  return to_base64(digest);
}

}  // namespace beatsync::s3
