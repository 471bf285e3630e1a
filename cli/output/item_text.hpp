#pragma once

/// One item as one line for people. Names are escaped for the terminal. Pure.

#include "engine/run/report.hpp"

#include <string>
#include <string_view>

namespace beatsync::cli {

/// `root`: the local folder of the operation; names below it are shown relative to it.
std::string item_text(const engine::item& it, std::string_view root);

std::string difference_text(const engine::difference& d, std::string_view root);

/// What a reason means, where the item brings no message of its own.
std::string_view reason_text(engine::reason why) noexcept;

}  // namespace beatsync::cli
