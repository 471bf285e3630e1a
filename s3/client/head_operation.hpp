#pragma once

/// HeadObject, which also settles whether a write whose answer was lost has arrived.
/// Lives in one call's frame.

#include "s3/client/operation.hpp"
#include "s3/types.hpp"

#include <atomic>
#include <string_view>

namespace beatsync::s3 {

/// Asks for the stored checksum with the rest of an object's head.
inline constexpr std::string_view checksum_mode = "x-amz-checksum-mode";

/// Some stores refuse the header instead of passing over it (Backblaze B2 did in 2025: "Unsupported
/// header 'x-amz-checksum-mode' received for this API call"): noted in `shows`, and tried again
/// without it. True: `why` was that.
bool refuses_checksum_mode(failure& why, const header_list& sent, std::atomic<bool>& shows);

class head_operation final : public operation {
 public:
  /// `shows_checksums`: of the session; outlives the operation.
  head_operation(std::string_view object_key, std::atomic<bool>& shows_checksums)
      : operation("HeadObject", "HEAD", object_key), shows_checksums_(shows_checksums) {}

  object_head head;

  void prepare() override;
  bool accepts(int status) const override;
  awaitable<failure_ptr> take(http_connection& from) override;
  void refused(failure& why) override;

 private:
  std::atomic<bool>& shows_checksums_;
  bool by_get_ = false;  ///< the refusal of a HEAD says nothing; that of a GET does
  bool empty_ = false;   ///< a GET of its first byte was answered 416
};

}  // namespace beatsync::s3
