#pragma once

/// The head of a request as one contiguous text: request line, fields, signature. Pure; any thread.

#include "s3/client/operation.hpp"
#include "s3/client/session_state.hpp"
#include "s3/identity/signer.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace beatsync::s3 {

///     PUT /bucket/key?partNumber=1&uploadId=x HTTP/1.1
///     Host: s3.example.com
///     x-amz-date: …                     (signer)
///     x-amz-content-sha256: UNSIGNED-PAYLOAD
///     Authorization: AWS4-HMAC-SHA256 …
///     x-amz-checksum-crc64nvme: …       (operation::headers)
///     User-Agent: beatsync/0.1.0
///     Content-Length: 8388608           (methods with a body)
///     Expect: 100-continue              (where wished)
///
/// There is `room` for so many bytes more in its memory.
std::string request_head(const operation& op, const location& place, signer& sign,
                         const credentials& keys, std::string_view payload_hash,
                         std::uint64_t body_size, std::chrono::sys_seconds now,
                         std::size_t room = 0);

/// A field's value that would end the line or hide something must not go out.
bool is_header_safe(std::string_view value) noexcept;

}  // namespace beatsync::s3
