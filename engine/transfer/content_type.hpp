#pragma once

/// The Content-Type of an upload, by the extension of its name. Pure.

#include <string_view>

namespace beatsync::engine {

/// Types as registered at https://www.iana.org/assignments/media-types; what is not known is
/// application/octet-stream.
std::string_view content_type_of(std::string_view path) noexcept;

}  // namespace beatsync::engine
