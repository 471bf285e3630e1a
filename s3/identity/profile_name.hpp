#pragma once

/// Which profile the environment names, for all who ask: AWS_DEFAULT_PROFILE, then AWS_PROFILE, in
/// botocore's order. Pure; any thread.

#include "s3/identity/environment.hpp"

#include <string>

namespace beatsync::s3 {

/// Empty where neither is set.
std::string profile_from_environment(const environment& env);

}  // namespace beatsync::s3
