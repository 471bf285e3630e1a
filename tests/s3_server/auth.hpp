#pragma once

/// Verifies AWS Signature Version 4 from the raw bytes of a request. Pure.
/// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
///
/// Written without a look at s3/identity/signer: the client must not be checked with its own code.

#include "tests/s3_server/http_head.hpp"
#include "tests/s3_server/options.hpp"
#include "tests/s3_server/stored_object.hpp"

#include <map>
#include <string>

namespace beatsync::s3_server {

struct auth_context {
  const std::map<std::string, secret>& credentials;
  std::string region;  ///< that the request has to be signed for
  time_stamp now;
  bool tls = false;
  bool strict = true;
};

enum class auth_kind { anonymous, header, query };

struct identity {
  auth_kind kind = auth_kind::anonymous;
  std::string access_key;
  std::string date;         ///< as signed: 20130524T000000Z
  std::string scope;        ///< 20130524/us-east-1/s3/aws4_request
  std::string signing_key;  ///< raw
  std::string signature;    ///< hex; seeds the chain of a streaming payload
  std::string payload;      ///< x-amz-content-sha256, or UNSIGNED-PAYLOAD for presigned ones
};

/// Who signed this. Throws refusal: AccessDenied, InvalidAccessKeyId, SignatureDoesNotMatch,
/// RequestTimeTooSkewed, AuthorizationHeaderMalformed, ExpiredToken, InvalidToken and kin.
identity authenticate(const request_head& head, const auth_context& context);

}  // namespace beatsync::s3_server
