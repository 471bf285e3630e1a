#pragma once

/// The two ways in which a temporary file ends: it gets its name, or it is found as a leftover of a
/// run that was killed. Another run may look for the second while this one is about the first.

#include "engine/files/file_system.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace beatsync::engine {

/// Gives a closed temporary file of `where` its name. Its lock goes only then, so that no other run
/// takes it for a leftover in between. Null afterwards; after an error it may still
/// be there.
fs_result<void> give_name(folder& where, std::unique_ptr<output_file>& closed,
                          std::string_view name, replace existing);

/// Whether somebody may be about to rename this temporary file although nobody has it locked: it
/// changed less than a minute ago. A minute ahead counts as well, for servers have clocks of their
/// own; more is a clock that is wrong, and must not keep leftovers for ever.
bool changed_just_now(const file_status& status, std::int64_t now_ns) noexcept;

/// Nanoseconds since 1970.
std::int64_t time_now_ns();

}  // namespace beatsync::engine
