#pragma once

/// Names of users: one segment of keys and of file names (contract.md §2). Pure.

#include "cli/settings/usage_error.hpp"

#include <string_view>

namespace beatsync::cli {

/// `what` begins the message: `USER`, `XML_IMPORT_USER`.
result<void> check_user_name(std::string_view name, std::string_view what);

}  // namespace beatsync::cli
