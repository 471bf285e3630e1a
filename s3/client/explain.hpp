#pragma once

/// Our words for what went wrong with a request. Pure; any thread.

#include "s3/client/operation.hpp"
#include "s3/client/session_state.hpp"
#include "s3/error.hpp"

#include <string>

namespace beatsync::s3 {

/// For a refusal of the store: what was refused, and what to do about it.
std::string explain_refusal(errc code, const operation& op, const location& place);

/// `the object 'a/b.mp3'` or `the bucket 'dj'`, made safe to show.
std::string subject_of(const operation& op, const location& place);

}  // namespace beatsync::s3
