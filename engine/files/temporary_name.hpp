#pragma once

/// Names of downloads that are not whole yet: `.beatsync-<random>.part` beside the target. Short on
/// purpose: the target's own name may already have the 255 bytes a name can have.
///
/// The first half of the digits is the same for all names this process makes. A scan that runs
/// beside the downloads can so tell what is being written now from what an earlier run left behind:
/// on a stick that merges names, a download may work in a folder that has not been scanned yet.
/// Any thread.

#include <cstdint>
#include <string>
#include <string_view>

namespace beatsync::engine {

/// `.beatsync-0123456789abcdef.part`
std::string temporary_name(std::uint64_t random);

/// The distinct bytes of a name that file systems of sticks refuse: control characters and
/// `"*:<>?\|` (exFAT specification, section 7.7.3, table 31; FAT and NTFS refuse the same).
std::string refused_by_sticks(std::string_view name);

/// One that is_own_temporary_name() knows, with `odd` in it: `.beatsync-0123456789abcdef:?.part`.
/// A download to `What?.mp3` learns so from its first system call, not after the last byte, that
/// this stick takes no such name.
std::string own_temporary_name(std::uint32_t random, std::string_view odd = {});

/// True for the names that temporary_name() and own_temporary_name() make in any process, and for
/// no others: what has such a name is deleted, and `.beatsync-notes.part` is somebody's file.
bool is_temporary_name(std::string_view name) noexcept;

/// True for the names this process made.
bool is_own_temporary_name(std::string_view name);

}  // namespace beatsync::engine
