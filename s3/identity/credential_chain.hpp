#pragma once

/// Which source is asked for credentials, in the order that credentials.hpp describes. Internal to
/// it. Reads the shared files anew at each call. Blocking; any thread that may block.

#include "s3/identity/credentials.hpp"

namespace beatsync::s3 {

result<credentials> find_credentials(const environment& env, const credentials_options& options,
                                     std::chrono::sys_seconds now);

}  // namespace beatsync::s3
