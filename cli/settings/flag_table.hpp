#pragma once

/// Every flag there is, with the commands it means something to. options.cpp reads the command line
/// by it; suggestions and tests look at the same table. Pure.

#include <cstdint>
#include <span>
#include <string_view>

namespace beatsync::cli {

enum class flag_shape : std::uint8_t {
  value,   ///< takes a text; given twice, the last one counts
  values,  ///< takes a text, adds to a list by repeating
  truth,   ///< takes nothing
};

/// Bits of flag_spec::commands.
inline constexpr std::uint8_t for_operations = 1;
inline constexpr std::uint8_t for_sync = 2;
inline constexpr std::uint8_t for_rewrite = 4;
inline constexpr std::uint8_t for_plan = 8;
inline constexpr std::uint8_t for_apply = 16;
inline constexpr std::uint8_t for_status = 32;
/// What compares names.
inline constexpr std::uint8_t for_difference = for_operations | for_sync | for_plan;
inline constexpr std::uint8_t for_store = for_difference | for_apply | for_status;
inline constexpr std::uint8_t for_all = for_store | for_rewrite;

struct flag_spec {
  std::string_view names;  ///< `-n,--dry-run`: as CLI11 takes them; the last is the one to show
  flag_shape shape;
  std::uint8_t commands;

  /// `--dry-run`
  std::string_view shown() const noexcept;
};

std::span<const flag_spec> flag_table() noexcept;

}  // namespace beatsync::cli
