#pragma once

/// Holding what was downloaded against what the store says of the object: a checksum of the whole,
/// else MD5 where the ETag is one, else nothing.
///
/// expected_of and matches are pure; the others block and belong on a file thread.

#include "engine/files/file_system.hpp"
#include "s3/types.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace beatsync::engine {

enum class evidence : std::uint8_t { checksum, md5, none };

/// What there is to verify an object by. A damaged ETag (not 32 hex digits) is none.
evidence evidence_of(const s3::object_head& head) noexcept;

/// Of bytes in memory. True where there is no evidence.
bool matches(std::span<const std::byte> bytes, const s3::object_head& head);

/// Of a file that was written: one pass over it. True where there is no evidence.
fs_result<bool> file_matches(folder& where, const std::string& name, const s3::object_head& head,
                             std::span<std::byte> buffer);

}  // namespace beatsync::engine
