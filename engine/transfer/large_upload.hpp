#pragma once

/// A multipart upload: begun by one worker, its parts sent by all, completed or aborted by the
/// last. Each part is read twice, once for its CRC, once as it goes out; the CRC of the whole is
/// combined from those of the parts.

#include "engine/transfer/transfer.hpp"
#include "s3/types.hpp"

#include <memory>
#include <string>
#include <vector>

namespace beatsync::engine {

class large_upload final : public large_transfer {
 public:
  large_upload(transfer_job job, const part_plan& plan, std::unique_ptr<input_file> file,
               const file_status& status, s3::checksum_algorithm algorithm, std::string upload_id);

  boost::asio::awaitable<std::optional<transfer_end>> move_part(transfer_worker& by,
                                                                std::uint32_t index) override;
  boost::asio::awaitable<transfer_end> finish(transfer_worker& by) override;
  boost::asio::awaitable<void> discard(transfer_worker& by) override;

 private:
  s3::checksum sum_of_whole() const;

  const std::unique_ptr<input_file> file_;
  const file_status status_;
  const s3::checksum_algorithm algorithm_;
  const std::string upload_id_;
  /// One slot per part; each is written by the worker that moves it, and read by the last one
  /// after settle().
  std::vector<s3::uploaded_part> parts_;
};

/// Creates the upload in the store.
boost::asio::awaitable<begun_transfer> begin_large_upload(transfer_worker& by,
                                                          const transfer_job& job,
                                                          const part_plan& plan,
                                                          std::unique_ptr<input_file>& file,
                                                          const file_status& status);

}  // namespace beatsync::engine
