#pragma once

/// A copy inside the store: a multipart upload whose parts the store takes from another object. One
/// part for all but the largest objects; begun by one worker, its parts by all, completed and
/// verified or aborted by the last.
///
/// The source must be the version that was listed (x-amz-copy-source-if-match, with every part),
/// the target what the listing showed there (the condition is on Complete). Content-Type, the
/// headers of `described_by` and the metadata go with it; where the source has no mtime in its
/// metadata, its LastModified becomes the copy's.

#include "engine/transfer/transfer.hpp"
#include "s3/types.hpp"

#include <optional>
#include <string>
#include <vector>

namespace beatsync::engine {

class copy_transfer final : public large_transfer {
 public:
  copy_transfer(transfer_job job, const part_plan& plan, s3::object_head source,
                std::string upload_id);

  boost::asio::awaitable<std::optional<transfer_end>> move_part(transfer_worker& by,
                                                                std::uint32_t index) override;
  boost::asio::awaitable<transfer_end> finish(transfer_worker& by) override;
  boost::asio::awaitable<void> discard(transfer_worker& by) override;

 private:
  boost::asio::awaitable<transfer_end> verify(transfer_worker& by);

  const s3::object_head source_;
  const std::string upload_id_;
  /// One slot per part; each is written by the worker that moves it, and read by the last one
  /// after settle().
  std::vector<s3::uploaded_part> parts_;
};

}  // namespace beatsync::engine
