#include "engine/transfer/large_upload.hpp"

#include "engine/run/offload.hpp"
#include "engine/transfer/content_type.hpp"
#include "engine/transfer/upload_body.hpp"
#include "engine/transfer/upload_target.hpp"
#include "s3/checksum.hpp"

#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

large_upload::large_upload(transfer_job job, const part_plan& plan,
                           std::unique_ptr<input_file> file, const file_status& status,
                           s3::checksum_algorithm algorithm, std::string upload_id)
    : large_transfer(std::move(job), plan),
      file_(std::move(file)),
      status_(status),
      algorithm_(algorithm),
      upload_id_(std::move(upload_id)),
      parts_(plan.count()) {}

asio::awaitable<std::optional<transfer_end>> large_upload::move_part(transfer_worker& by,
                                                                     std::uint32_t index) {
  const s3::byte_range range = plan().part(index);
  s3::upload_part_request request;
  request.key = job().what.key;
  request.upload_id = upload_id_;
  request.number = static_cast<int>(index) + 1;
  if (algorithm_ != s3::checksum_algorithm::none) {
    const auto buffer = by.buffer();
    auto pass = [&] { return sum_of_range(*file_, range, algorithm_, buffer); };
    const auto read = co_await offload(by.file_threads(), pass);
    if (read.has_error()) co_return end_of_upload(read.error());
    if (read->size != range.size) co_return source_changed();
    request.sum = read->sum;
  }
  file_body body(by, *file_, range);
  auto answer = co_await by.store().upload_part(request, body);
  // In the books of this transfer, so that a failure takes it all back.
  by.run().ledger.moved(-static_cast<std::int64_t>(body.sent()));
  if (answer.has_error()) {
    if (answer.error().code == s3::errc::source_failed && body.problem()) {
      co_return *body.problem();
    }
    if (answer.error().code == s3::errc::checksum_mismatch) {
      // Summed up first and read again for the way: written in between, it was not damaged.
      auto look = [&] { return unchanged_since(*by.run().root, job().what.path, status_); };
      const bool unchanged = co_await offload(by.file_threads(), look);
      if (!unchanged) co_return source_changed();
    }
    co_return end_of_upload(answer.error());
  }
  count(by.run().ledger, static_cast<std::int64_t>(range.size));
  parts_[index] = std::move(*answer);
  parts_[index].number = request.number;
  parts_[index].size = range.size;
  parts_[index].sum = request.sum;
  co_return std::nullopt;
}

s3::checksum large_upload::sum_of_whole() const {
  s3::checksum whole = parts_.front().sum;
  for (std::size_t i = 1; i < parts_.size(); ++i) {
    whole = s3::combine(whole, parts_[i].sum, parts_[i].size);
  }
  return whole;
}

asio::awaitable<transfer_end> large_upload::finish(transfer_worker& by) {
  // Nothing of the file is visible before Complete, so this is the moment to look.
  auto look = [&] { return unchanged_since(*by.run().root, job().what.path, status_); };
  const bool unchanged = co_await offload(by.file_threads(), look);
  if (!unchanged) {
    co_await discard(by);
    co_return source_changed();
  }
  s3::complete_upload_request request;
  request.key = job().what.key;
  request.upload_id = upload_id_;
  request.parts = parts_;
  request.size = status_.size;
  request.sum = sum_of_whole();
  write_condition condition = condition_of(by.run(), job().what);
  request.if_none_match = condition.if_none_match;
  request.if_match = std::move(condition.if_match);
  const auto answer = co_await by.store().complete_upload(request);
  if (answer.has_value()) co_return done(status_.size);
  co_await discard(by);
  if (answer.error().code == s3::errc::no_such_upload ||
      is_about_condition(answer.error(), request.if_none_match, request.if_match)) {
    co_return co_await end_of_condition(by, job(), status_, request.sum, answer.error());
  }
  co_return end_of_upload(answer.error());
}

asio::awaitable<void> large_upload::discard(transfer_worker& by) {
  const auto answer = co_await by.store().abort_upload(job().what.key, upload_id_);
  if (answer.has_value() || answer.error().code == s3::errc::no_such_upload) co_return;
  by.run().ledger.unanswered_abort(job().what.key + " (" + upload_id_ + ")");
}

asio::awaitable<begun_transfer> begin_large_upload(transfer_worker& by, const transfer_job& job,
                                                   const part_plan& plan,
                                                   std::unique_ptr<input_file>& file,
                                                   const file_status& status) {
  begun_transfer begun;
  s3::create_upload_request request;
  request.key = job.what.key;
  request.content_type = content_type_of(job.what.path);
  request.metadata = metadata_of(by.run(), status);
  request.algorithm = by.store().upload_checksum();
  const auto answer = co_await by.store().create_upload(request);
  if (answer.has_error()) {
    begun.end = end_of_upload(answer.error());
  } else {
    begun.parts = std::make_shared<large_upload>(job, plan, std::move(file), status,
                                                 request.algorithm, *answer);
  }
  co_return begun;
}

}  // namespace beatsync::engine
