#pragma once

/// Header fields that describe an object being written. Pure; any thread. Errors: refused, where a
/// value could not be a header field.

#include "s3/client/operation.hpp"
#include "s3/error.hpp"
#include "s3/types.hpp"

#include <optional>
#include <string>

namespace beatsync::s3 {

/// `content-type`, those of `described_by`, and `x-amz-meta-*`.
void add_object_headers(header_list& headers, const std::string& content_type,
                        const metadata_map& described, const metadata_map& metadata);
/// `x-amz-checksum-crc64nvme: …`; nothing for a sum that is not known.
void add_checksum(header_list& headers, const checksum& sum);
/// `if-none-match: *`, `if-match: "…"`.
void add_conditions(header_list& headers, bool if_none_match, const std::string& if_match);

/// A value with control characters would end its line: nothing is sent then.
std::optional<error> unsafe_header(const header_list& headers);

}  // namespace beatsync::s3
