#pragma once

/// A download in ranges: begun by one worker, its ranges fetched by all, verified and published by
/// the last. Every range asks for the version that HEAD showed (If-Match); the CRC of the whole is
/// combined from those of the ranges, as ranged GETs carry none on MinIO and Versity.

#include "engine/transfer/download_target.hpp"
#include "engine/transfer/transfer.hpp"
#include "s3/types.hpp"

#include <memory>
#include <vector>

namespace beatsync::engine {

class large_download final : public large_transfer {
 public:
  large_download(transfer_job job, const part_plan& plan, std::unique_ptr<download_target> target,
                 s3::object_head head);

  boost::asio::awaitable<std::optional<transfer_end>> move_part(transfer_worker& by,
                                                                std::uint32_t index) override;
  boost::asio::awaitable<transfer_end> finish(transfer_worker& by) override;
  boost::asio::awaitable<void> discard(transfer_worker& by) override;

 private:
  std::optional<transfer_end> verify_and_publish(transfer_worker& by, bool& unverified);

  const std::unique_ptr<download_target> target_;
  const s3::object_head head_;
  /// One slot per range; each is written by the worker that fetches it, and read by the last one
  /// after settle().
  std::vector<s3::checksum> sums_;
};

/// Makes the temporary file, with its disk space set aside.
boost::asio::awaitable<begun_transfer> begin_large_download(transfer_worker& by,
                                                            const transfer_job& job,
                                                            const part_plan& plan,
                                                            const s3::object_head& head);

}  // namespace beatsync::engine
