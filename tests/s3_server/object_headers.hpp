#pragma once

/// What requests that write say about the object to be, and what answers say about it.

#include "tests/s3_server/body_sums.hpp"
#include "tests/s3_server/request.hpp"
#include "tests/s3_server/stored_object.hpp"

#include <string>
#include <utility>

namespace beatsync::s3_server {

/// Content type, metadata, storage class and the headers that are kept. Throws refusal.
stored_object object_from_headers(const request& call);

/// If-Match and If-None-Match of a write. Throws refusal where the quirks say so.
write_conditions read_conditions(const request& call);

/// An ETag from the raw MD5; without one, something that does not look like an MD5.
std::string make_etag(const std::string& md5);

void add_checksum_headers(reply& answer, const stored_object& object);

std::pair<std::string, std::string> find_source_name(const request& call);
/// The object that x-amz-copy-source names, its conditions checked. Throws refusal.
object_ptr find_copy_source(const service& shared, const request& call);

}  // namespace beatsync::s3_server
