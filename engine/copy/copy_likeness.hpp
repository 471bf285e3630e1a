#pragma once

/// Are two objects the same bytes, as far as their heads tell? Pure.

#include "s3/types.hpp"

#include <cstdint>

namespace beatsync::engine {

enum class likeness : std::uint8_t { same, different, unknown };

/// By size, then by the first that both have: a checksum of one algorithm, MD5 ETags, equal ETags,
/// or the ETag that a copy of one part gets (`md5(md5(source))-1`).
likeness likeness_of(const s3::object_head& source, const s3::object_head& copy);

}  // namespace beatsync::engine
