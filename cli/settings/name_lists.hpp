#pragma once

/// The include and exclude lists of one direction. Pure.

#include "cli/settings/options.hpp"
#include "cli/settings/usage_error.hpp"
#include "engine/names/selection.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace beatsync::cli {

/// Entries are relative to `DJ Music`; people also write them with `./`, with a slash at either
/// end, or as whole paths. `way`: UPLOAD or DOWNLOAD. `library`: `DJ Music` with a slash behind it,
/// or empty. `config_path` is for messages, or empty.
result<engine::selection> name_lists(std::string_view way, const std::optional<text_list>& include,
                                     const std::optional<text_list>& exclude,
                                     std::string_view library, const std::string& config_path);

}  // namespace beatsync::cli
