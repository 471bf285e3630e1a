#include "s3/checksum.hpp"

#include "s3/crc64nvme.hpp"

#include <isa-l/crc.h>

#include <algorithm>
#include <array>

namespace beatsync::s3 {
namespace {

int width_of(checksum_algorithm algorithm) noexcept {
  return algorithm == checksum_algorithm::crc64nvme ? 64 : 32;
}

/// Reflected forms: Castagnoli (RFC 3720, B.4) and IEEE 802.3 (RFC 1952, 8).
std::uint64_t polynomial_of(checksum_algorithm algorithm) noexcept {
  switch (algorithm) {
    case checksum_algorithm::crc32:
      return 0xEDB88320;
    case checksum_algorithm::crc32c:
      return 0x82F63B78;
    default:
      return crc64nvme_polynomial;
  }
}

/// Polynomials over GF(2) modulo a CRC's, in reflected form (the highest bit is x^0).
class field {
 public:
  explicit field(checksum_algorithm algorithm) noexcept
      : polynomial_(polynomial_of(algorithm)),
        one_(std::uint64_t{1} << (width_of(algorithm) - 1)) {}

  std::uint64_t multiply(std::uint64_t a, std::uint64_t b) const noexcept {
    std::uint64_t product = 0;
    for (std::uint64_t bit = one_; bit != 0; bit >>= 1) {
      if (a & bit) product ^= b;
      b = b >> 1 ^ (b & 1 ? polynomial_ : 0);
    }
    return product;
  }

  /// x^(8 n): what n further bytes do to a register.
  std::uint64_t after_bytes(std::uint64_t n) const noexcept {
    std::uint64_t result = one_;
    for (std::uint64_t power = one_ >> 8; n != 0; n >>= 1, power = multiply(power, power))
      if (n & 1) result = multiply(result, power);
    return result;
  }

 private:
  std::uint64_t polynomial_;
  std::uint64_t one_;
};

std::uint32_t crc32c(std::uint32_t crc, std::span<const std::byte> data) noexcept {
  // ISA-L takes a length of type int and neither inverts before nor after.
  constexpr std::size_t at_once = std::size_t{1} << 30;
  std::uint32_t raw = ~crc;
  while (!data.empty()) {
    const auto piece = data.first(std::min(data.size(), at_once));
    auto* const bytes = reinterpret_cast<unsigned char*>(const_cast<std::byte*>(piece.data()));
    raw = crc32_iscsi(bytes, static_cast<int>(piece.size()), raw);
    data = data.subspan(piece.size());
  }
  return ~raw;
}

}  // namespace

crc_stream::crc_stream(checksum_algorithm algorithm) noexcept { sum_.algorithm = algorithm; }

void crc_stream::update(std::span<const std::byte> data) noexcept {
  switch (sum_.algorithm) {
    case checksum_algorithm::none:
      break;
    case checksum_algorithm::crc32:  // ISA-L's gzip form inverts before and after, as zlib's does
      sum_.value =
          crc32_gzip_refl(static_cast<std::uint32_t>(sum_.value),
                          reinterpret_cast<const unsigned char*>(data.data()), data.size());
      break;
    case checksum_algorithm::crc32c:
      sum_.value = crc32c(static_cast<std::uint32_t>(sum_.value), data);
      break;
    case checksum_algorithm::crc64nvme:
      sum_.value = crc64nvme(sum_.value, data);
      break;
  }
}

checksum crc_stream::value() const noexcept { return sum_; }

checksum combine(checksum first, checksum second, std::uint64_t second_size) noexcept {
  if (!first.known() || first.algorithm != second.algorithm) return checksum();
  // Inversions before and after cancel out: crc(AB) = crc(A) x^(8|B|) + crc(B).
  const field gf(first.algorithm);
  checksum whole = second;
  whole.value ^= gf.multiply(first.value, gf.after_bytes(second_size));
  return whole;
}

std::string to_base64(const checksum& sum) {
  if (!sum.known()) return std::string();
  std::array<std::byte, 8> bytes{};
  const auto size = static_cast<std::size_t>(width_of(sum.algorithm) / 8);
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<std::byte>(sum.value >> 8 * (size - 1 - i) & 255);
  return to_base64(std::span<const std::byte>(bytes.data(), size));
}

std::optional<checksum> checksum_from_base64(checksum_algorithm algorithm, std::string_view text) {
  if (algorithm == checksum_algorithm::none) return std::nullopt;
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() != static_cast<std::size_t>(width_of(algorithm) / 8))
    return std::nullopt;
  checksum sum;
  sum.algorithm = algorithm;
  for (const char c : *bytes) sum.value = sum.value << 8 | static_cast<unsigned char>(c);
  return sum;
}

std::string_view checksum_header(checksum_algorithm algorithm) noexcept {
  switch (algorithm) {
    case checksum_algorithm::none:
      return {};
    case checksum_algorithm::crc32:
      return "x-amz-checksum-crc32";
    case checksum_algorithm::crc32c:
      return "x-amz-checksum-crc32c";
    case checksum_algorithm::crc64nvme:
      return "x-amz-checksum-crc64nvme";
  }
  return {};
}

std::string_view name_of(checksum_algorithm algorithm) noexcept {
  switch (algorithm) {
    case checksum_algorithm::none:
      return {};
    case checksum_algorithm::crc32:
      return "CRC32";
    case checksum_algorithm::crc32c:
      return "CRC32C";
    case checksum_algorithm::crc64nvme:
      return "CRC64NVME";
  }
  return {};
}

}  // namespace beatsync::s3
