#pragma once

/// What to say of an exception that ended the run: most of them are threads, handles or memory that
/// the system does not give. Pure; any thread.

#include <exception>
#include <string>

namespace beatsync::cli {

std::string describe_unforeseen(const std::exception& e);

}  // namespace beatsync::cli
