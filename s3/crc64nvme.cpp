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
consteval fold_constants over(int distance) {
  return {power_of_x(distance + 64 - 1), power_of_x(distance - 1)};
}

#define FOLDS __attribute__((target("pclmul,sse2")))
#define FOLDS_TWO __attribute__((target("avx2,pclmul,vpclmulqdq")))

FOLDS inline __m128i load(const std::byte* from) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

FOLDS inline __m128i both(fold_constants k) noexcept {
  return _mm_set_epi64x(static_cast<long long>(k.high), static_cast<long long>(k.low));
}

FOLDS inline __m128i fold(__m128i piece, __m128i constants, __m128i onto) noexcept {
  const __m128i low = _mm_clmulepi64_si128(piece, constants, 0x00);
  const __m128i high = _mm_clmulepi64_si128(piece, constants, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), onto);
}

/// The end of both: the message was folded into `left`, `data` is the rest of it.
FOLDS inline std::uint64_t finish_folding(__m128i left, const std::byte* data,
                                          std::size_t size) noexcept {
  const __m128i by_1 = both(over(128));
  for (; size >= 16; data += 16, size -= 16) left = fold(left, by_1, load(data));
  // What is left of the folded message is a message of 16 bytes, followed by the rest.
  std::byte bytes[16];
  std::memcpy(bytes, &left, sizeof bytes);
  return advance_by_table(advance_by_table(0, bytes, sizeof bytes), data, size);
}

constexpr std::size_t fold_least = 64;

FOLDS std::uint64_t advance_by_folding(std::uint64_t crc, const std::byte* data,
                                       std::size_t size) noexcept {
  const __m128i far = both(over(512)), near = both(over(128));
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
  return finish_folding(a, data, size);
}

FOLDS_TWO inline __m256i load_two(const std::byte* from) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

FOLDS_TWO inline __m256i fold_two(__m256i pieces, __m256i constants, __m256i onto) noexcept {
  const __m256i low = _mm256_clmulepi64_epi128(pieces, constants, 0x00);
  const __m256i high = _mm256_clmulepi64_epi128(pieces, constants, 0x11);
  return _mm256_xor_si256(_mm256_xor_si256(low, high), onto);
}

constexpr std::size_t fold_two_least = 128;

FOLDS_TWO std::uint64_t advance_by_folding_two(std::uint64_t crc, const std::byte* data,
                                               std::size_t size) noexcept {
  const __m256i far = _mm256_broadcastsi128_si256(both(over(1024)));
  const __m256i near = _mm256_broadcastsi128_si256(both(over(256)));
  __m256i a =
      _mm256_xor_si256(load_two(data), _mm256_set_epi64x(0, 0, 0, static_cast<long long>(crc)));
  __m256i b = load_two(data + 32), c = load_two(data + 64), d = load_two(data + 96);
  for (data += 128, size -= 128; size >= 128; data += 128, size -= 128) {
    a = fold_two(a, far, load_two(data));
    b = fold_two(b, far, load_two(data + 32));
    c = fold_two(c, far, load_two(data + 64));
    d = fold_two(d, far, load_two(data + 96));
  }
  a = fold_two(fold_two(fold_two(a, near, b), near, c), near, d);
  const __m128i first = _mm256_castsi256_si128(a), second = _mm256_extracti128_si256(a, 1);
  return finish_folding(fold(first, both(over(128)), second), data, size);
}

#undef FOLDS
#undef FOLDS_TWO

#endif

}  // namespace

bool cpu_knows(crc64_way way) noexcept {
#if defined(__x86_64__)
  static const bool folds = __builtin_cpu_supports("pclmul") != 0;
  static const bool folds_two =
      folds && __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("vpclmulqdq") != 0;
  if (way == crc64_way::fold) return folds;
  if (way == crc64_way::fold_two) return folds_two;
#endif
  return way == crc64_way::table;
}

std::uint64_t crc64nvme(crc64_way way, std::uint64_t crc,
                        std::span<const std::byte> data) noexcept {
#if defined(__x86_64__)
  if (way == crc64_way::fold_two && data.size() >= fold_two_least) {
    return ~advance_by_folding_two(~crc, data.data(), data.size());
  }
  if (way != crc64_way::table && data.size() >= fold_least) {
    return ~advance_by_folding(~crc, data.data(), data.size());
  }
#endif
  return ~advance_by_table(~crc, data.data(), data.size());
}

std::uint64_t crc64nvme(std::uint64_t crc, std::span<const std::byte> data) noexcept {
  static const crc64_way best = cpu_knows(crc64_way::fold_two) ? crc64_way::fold_two
                                : cpu_knows(crc64_way::fold)   ? crc64_way::fold
                                                               : crc64_way::table;
  return crc64nvme(best, crc, data);
}

}  // namespace beatsync::s3
