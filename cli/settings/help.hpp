#pragma once

/// The help pages: examples first, then what there is. Pure.

#include "cli/settings/options.hpp"

#include <string_view>

namespace beatsync::cli {

/// Ends with a newline. docs/commands.md shows the same text.
std::string_view help_for(command what) noexcept;

/// `beatsync 0.1.0`, with a newline.
std::string_view version_text() noexcept;

}  // namespace beatsync::cli
