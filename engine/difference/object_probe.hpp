#pragma once

/// One question to the store, asked before or after an operation. Blocks the calling thread, which
/// must not be one of the runtime's.

#include <string>

namespace beatsync::engine {

class runtime;

/// Is there an object of just this key in the bucket that the source is in? An error counts as no:
/// who asks wants a better message.
bool is_object(runtime& rt, const std::string& key);

}  // namespace beatsync::engine
