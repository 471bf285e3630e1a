#pragma once

/// Names of downloads that are not whole yet: `.beatsync-<random>.part` beside the target. Short on
/// purpose: the target's own name may already have the 255 bytes a name can have. Pure.

#include <cstdint>
#include <string>
#include <string_view>

namespace beatsync::engine {

/// `.beatsync-0123456789abcdef.part`
std::string temporary_name(std::uint64_t random);

/// True for every name temporary_name() can make and every `.beatsync-*.part`.
bool is_temporary_name(std::string_view name) noexcept;

}  // namespace beatsync::engine
