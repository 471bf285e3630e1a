#pragma once

/// Takes the payload of a request: out of aws-chunked where it is in it, through all sums that
/// were asked for, into the store or into a string.

#include "tests/s3_server/body_sums.hpp"
#include "tests/s3_server/request.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>

namespace beatsync::s3_server {

struct received {
  blob_ptr body;
  std::uint64_t size = 0;
  std::string md5;                 ///< raw; empty where no MD5 was needed
  std::string checksum_algorithm;  ///< empty: none
  std::string checksum;            ///< base64
};

/// Throws refusal: BadDigest and kin, IncompleteBody, EntityTooLarge, MissingContentLength.
/// `algorithm`: computed even where the request does not announce it.
boost::asio::awaitable<received> receive_body(service& shared, request& call, body_reader& body,
                                              std::string algorithm);

/// Small documents, at most 2 MiB. `announced`: of the document; on CompleteMultipartUpload the
/// header speaks of the object instead.
boost::asio::awaitable<std::string> receive_text(request& call, body_reader& body,
                                                 announced_checksum announced);

}  // namespace beatsync::s3_server
