#pragma once

/// The things a run can do, by name. `upload-music` and `upload_music` are the same. Pure.

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace beatsync::cli {

enum class operation : std::uint8_t {
  upload_music,
  download_music,
  upload_xml,
  download_xml,
  sync,
  rewrite_xml,
  plan,
  apply,
  status,
};

/// The four that `SYNC_OPERATIONS` may name.
inline constexpr std::array<std::string_view, 4> dj_operations = {"upload_music", "download_music",
                                                                  "upload_xml", "download_xml"};

/// As `--json` prints it: with underscores.
std::string_view name_of(operation what) noexcept;

/// One of the four DJ operations.
std::optional<operation> operation_from(std::string_view text) noexcept;

}  // namespace beatsync::cli
