#pragma once

/// CRC-64/NVME: reflected polynomial 0x9A6C9329AC4BC9B5 (normal form 0xAD93D23594C93659), all-ones
/// before and after. ISA-L 2.30 does not have it, so it is ours: carry-less multiplication where
/// the CPU has it, two at once where it can (Ice Lake, Alder Lake, Zen 3 and later), a table
/// elsewhere. NVM Express NVM Command Set 1.0, 5.2.1.3.4; check value of "123456789":
/// AE8B14860A799888. Pure; any thread.

#include <cstddef>
#include <cstdint>
#include <span>

namespace beatsync::s3 {

inline constexpr std::uint64_t crc64nvme_polynomial = 0x9A6C9329AC4BC9B5;

/// Continues from `crc` (0 for an empty message), by the fastest way this CPU has.
std::uint64_t crc64nvme(std::uint64_t crc, std::span<const std::byte> data) noexcept;

/// The ways there are, each for CPUs that also know those before it.
enum class crc64_way : std::uint8_t {
  table,    ///< byte by byte: any CPU, and the reference in tests
  fold,     ///< PCLMULQDQ, 16 bytes at a time
  fold_two  ///< VPCLMULQDQ with AVX2, 32 bytes at a time
};

bool cpu_knows(crc64_way way) noexcept;

/// By a way that the CPU must know; for tests and benchmarks.
std::uint64_t crc64nvme(crc64_way way, std::uint64_t crc, std::span<const std::byte> data) noexcept;

}  // namespace beatsync::s3
