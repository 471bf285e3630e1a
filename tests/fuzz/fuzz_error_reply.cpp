// All other XML answers of S3 and STS: whatever a server sends is a value or a refusal, and a
// Complete that is "done" has an ETag.

#include "s3/replies/reply_xml.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace beatsync::s3;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto refused = parse_error(body);
  const auto complete = parse_complete(body);
  if (complete && complete->done && (complete->etag.empty() || refused)) std::abort();
  if (complete && !complete->done && !refused) std::abort();
  const auto copy = parse_copy(body);
  if (copy && copy->done && copy->etag.empty()) std::abort();
  const auto parts = parse_parts(body);
  if (parts)
    for (const auto& part : parts->parts)
      if (part.number < 1 || part.number > 10'000) std::abort();
  const auto uploads = parse_uploads(body);
  if (uploads)
    for (const auto& upload : uploads->uploads)
      if (upload.key.empty() || upload.upload_id.empty()) std::abort();
  const auto started = parse_initiate(body);
  if (started && started->empty()) std::abort();
  (void)parse_delete(body);
  (void)parse_location(body);
  return 0;
}
