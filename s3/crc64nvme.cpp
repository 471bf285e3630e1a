#include "s3/crc64nvme.hpp"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace beatsync::s3 {
namespace {

using tables = std::array<std::array<std::uint64_t, 256>, 8>;

/// Slicing-by-8: table n holds the effect of a byte that n more bytes follow.
constexpr tables make_tables() {
  tables made{};
  for (std::uint64_t byte = 0; byte < 256; ++byte) {
    std::uint64_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? crc64nvme_polynomial : 0);
    made[0][byte] = crc;
  }
  for (std::size_t n = 1; n < 8; ++n)
    for (std::size_t byte = 0; byte < 256; ++byte)
      made[n][byte] = made[n - 1][byte] >> 8 ^ made[0][made[n - 1][byte] & 255];
  return made;
}

constexpr tables table = make_tables();

/// Without the inversions before and after.
std::uint64_t advance_by_table(std::uint64_t crc, const std::byte* data,
                               std::size_t size) noexcept {
  for (; size >= 8; data += 8, size -= 8) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i)
      word |= static_cast<std::uint64_t>(data[i]) << 8 * i;  // little-endian on any machine
    word ^= crc;
    crc = 0;
    for (std::size_t i = 0; i < 8; ++i) crc ^= table[7 - i][word >> 8 * i & 255];
  }
  for (; size != 0; ++data, --size)
    crc = crc >> 8 ^ table[0][(crc ^ static_cast<std::uint64_t>(*data)) & 255];
  return crc;
}

#if defined(__x86_64__)

/// x^n mod P; in this reflected form bit 63 is x^0.
constexpr std::uint64_t power_of_x(int n) {
  std::uint64_t r = std::uint64_t{1} << 63;
  for (int i = 0; i < n; ++i) r = r >> 1 ^ (r & 1 ? crc64nvme_polynomial : 0);
  return r;
}

/// Folding moves a 128-bit piece `distance` bits up the message: low half times x^(distance + 64),
/// high half times x^distance. A reflected carry-less product comes out multiplied by x once too
/// often, hence the -1. (Gopal et al., Fast CRC Computation for Generic Polynomials Using
/// PCLMULQDQ, Intel 2009.)
struct fold_constants {
  std::uint64_t low, high;
};
constexpr fold_constants over(int distance) {
  return {power_of_x(distance + 64 - 1), power_of_x(distance - 1)};
}

__attribute__((target("pclmul,sse2"))) inline __m128i fold(__m128i piece, __m128i constants,
                                                           __m128i onto) noexcept {
  const __m128i low = _mm_clmulepi64_si128(piece, constants, 0x00);
  const __m128i high = _mm_clmulepi64_si128(piece, constants, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), onto);
}

__attribute__((target("pclmul,sse2"))) std::uint64_t advance_by_folding(std::uint64_t crc,
                                                                        const std::byte* data,
                                                                        std::size_t size) noexcept {
  constexpr fold_constants by_4 = over(512), by_1 = over(128);
  const auto load = [](const std::byte* from) __attribute__((target("sse2"))) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  };
  const auto pair = [](fold_constants k) __attribute__((target("sse2"))) {
    return _mm_set_epi64x(static_cast<long long>(k.high), static_cast<long long>(k.low));
  };
  const __m128i far = pair(by_4), near = pair(by_1);
  // The register so far is the same as a first word of the message changed by it.
  __m128i a = _mm_xor_si128(load(data), _mm_set_epi64x(0, static_cast<long long>(crc)));
  __m128i b = load(data + 16), c = load(data + 32), d = load(data + 48);
  for (data += 64, size -= 64; size >= 64; data += 64, size -= 64) {
    a = fold(a, far, load(data));
    b = fold(b, far, load(data + 16));
    c = fold(c, far, load(data + 32));
    d = fold(d, far, load(data + 48));
  }
  a = fold(fold(fold(a, near, b), near, c), near, d);
  for (; size >= 16; data += 16, size -= 16) a = fold(a, near, load(data));
  // What is left of the folded message is a message of 16 bytes, followed by the rest.
  std::byte left[16];
  std::memcpy(left, &a, sizeof left);
  return advance_by_table(advance_by_table(0, left, sizeof left), data, size);
}

bool cpu_folds() noexcept {
  static const bool known = __builtin_cpu_supports("pclmul") != 0;
  return known;
}

#endif

}  // namespace

std::uint64_t crc64nvme_by_table(std::uint64_t crc, std::span<const std::byte> data) noexcept {
  return ~advance_by_table(~crc, data.data(), data.size());
}

std::uint64_t crc64nvme(std::uint64_t crc, std::span<const std::byte> data) noexcept {
#if defined(__x86_64__)
  if (data.size() >= 64 && cpu_folds()) return ~advance_by_folding(~crc, data.data(), data.size());
#endif
  return crc64nvme_by_table(crc, data);
}

}  // namespace beatsync::s3
