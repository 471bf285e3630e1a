#pragma once

/// Numbers as people read them, the same in every locale. Pure.

#include <cstdint>
#include <string>
#include <string_view>

namespace beatsync::cli {

/// `4,310`
std::string with_commas(std::uint64_t value);

/// `0 bytes`, `999 bytes`, `9.1 MB`: powers of 1,000, as shops and file managers count.
std::string human_bytes(std::uint64_t bytes);

/// `0:44`, `12:03`, `1:02:03`
std::string human_seconds(std::uint64_t seconds);

/// `1 file`, `12 files`
std::string counted(std::uint64_t count, std::string_view one, std::string_view many);

}  // namespace beatsync::cli
