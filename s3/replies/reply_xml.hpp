#pragma once

/// S3's XML answers as values. A body is hostile until it is parsed to its end: a wrong root
/// element, text that is not well-formed, a number that is none or a listing that contradicts
/// itself is errc::bad_reply, and nothing of it is used.
///
/// Namespaces are ignored, unknown elements too. Pure; any thread. Only bad_reply is returned,
/// except where said.

#include "s3/checksum.hpp"
#include "s3/error.hpp"
#include "s3/types.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3 {

/// ListBucketResult (version 2). Takes the body over. Keys and common prefixes are decoded only
/// where the answer itself says `<EncodingType>url</EncodingType>` (Versity Gateway sends them raw,
/// whatever was asked), once, with `+` as a blank: AWS and MinIO send blanks as `+`, Ceph as `%20`,
/// all three a plus sign as `%2B` (AWS measured in https://github.com/brekkylab/backlot/issues/178;
/// MinIO: s3URLEncode in cmd/api-utils.go). Checked: keys strictly rising and beginning with
/// `prefix` (decoded); common prefixes likewise; sizes below 2^63; that it says whether it is
/// truncated, and a token where it is. That a token does not repeat is for the caller to watch.
result<list_page> parse_list(std::vector<char> body, std::string_view prefix);

/// The same by expat alone, without the fast scanner before it: the reference in tests.
result<list_page> parse_list_by_expat(std::vector<char> body, std::string_view prefix);

/// An `<Error>` document, or STS's `<ErrorResponse>`. Members that the store did not send are
/// empty.
struct error_reply {
  std::string code;
  std::string message;
  std::string request_id;
  std::string region;       ///< the right one, in AuthorizationHeaderMalformed and redirects
  std::string endpoint;     ///< of PermanentRedirect; for messages only, never followed
  std::string server_time;  ///< ServerTime of RequestTimeTooSkewed, ISO 8601
  std::string header;       ///< of NotImplemented: the header the store does not know
};

/// Nothing where the body is no such document: empty, an HTML page, cut off.
std::optional<error_reply> parse_error(std::string_view body);

/// InitiateMultipartUploadResult, or InitiateMultipartUpload: the upload id.
result<std::string> parse_initiate(std::string_view body);

/// What a 200 to CompleteMultipartUpload (or a copy) really said.
struct completion {
  bool done = false;    ///< the result element with an ETag, well-formed to its end
  std::string etag;     ///< without quotes
  checksum sum;         ///< of the whole object, where the store told one
  error_reply refusal;  ///< where not done: the `<Error>` inside the 200
};

/// bad_reply: the body says neither yes nor no (empty, cut, another document); a HEAD has to
/// decide.
result<completion> parse_complete(std::string_view body);
/// CopyObjectResult or CopyPartResult.
result<completion> parse_copy(std::string_view body);

struct uploads_page {
  std::vector<pending_upload> uploads;
  bool truncated = false;
  std::string next_key_marker;
  std::string next_upload_id_marker;
};
result<uploads_page> parse_uploads(std::string_view body);

struct parts_page {
  std::vector<uploaded_part> parts;
  bool truncated = false;
  int next_part_number_marker = 0;
};
result<parts_page> parse_parts(std::string_view body);

/// One key that DeleteObjects could not delete.
struct delete_refusal {
  std::string key;
  error_reply why;
};
/// DeleteResult: what failed. With `Quiet`, success is silence.
result<std::vector<delete_refusal>> parse_delete(std::string_view body);

/// LocationConstraint of GetBucketLocation as a region name (empty: us-east-1, `EU`: eu-west-1).
result<std::string> parse_location(std::string_view body);

}  // namespace beatsync::s3
