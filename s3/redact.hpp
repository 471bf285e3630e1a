#pragma once

/// Takes secrets out of text before it is logged or put into an error.
///
/// Removes the values of Authorization, X-Amz-Security-Token, Signature, Credential (headers and
/// query parameters alike), of JSON and XML members that carry keys or tokens, and any secret
/// given. Access key ids are shortened to their first four characters. Pure; any thread.

#include <span>
#include <string>
#include <string_view>

namespace beatsync::s3 {

/// `secrets`: values that must not appear wherever they stand (secret key, session token); short
/// ones (under 8 bytes) are ignored.
std::string redact(std::string_view text, std::span<const std::string> secrets = {});

}  // namespace beatsync::s3
