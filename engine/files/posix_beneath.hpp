#pragma once

/// Opening and making folders strictly beneath another one, without following any link on the way:
/// a link planted on the stick cannot lead a download outside (reliability.md §2.2). Private to
/// posix_*.cpp.

#include "engine/files/posix_handle.hpp"

#include <cstddef>
#include <string_view>

namespace beatsync::engine {

/// How a path is resolved. by_hand exists for kernels before 5.6 and for sandboxes without openat2,
/// and is chosen then by automatic.
enum class resolution : std::uint8_t { automatic, by_hand };

/// Opens the folder `path` beneath `root_fd`; with `made`, makes what is missing and counts it
/// there. On failure the descriptor is empty and `code` the errno: ELOOP a link, EXDEV outside,
/// ENOTDIR a file on the way.
unique_fd open_folder_beneath(int root_fd, std::string_view path, std::size_t* made, int& code,
                              resolution how = resolution::automatic);

}  // namespace beatsync::engine
