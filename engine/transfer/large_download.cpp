#include "engine/transfer/large_download.hpp"

#include "engine/files/mtime_metadata.hpp"
#include "engine/run/offload.hpp"
#include "engine/transfer/download_sink.hpp"
#include "engine/transfer/verify.hpp"
#include "s3/checksum.hpp"

#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

large_download::large_download(transfer_job job, const part_plan& plan,
                               std::unique_ptr<download_target> target, s3::object_head head)
    : large_transfer(std::move(job), plan),
      target_(std::move(target)),
      head_(std::move(head)),
      sums_(plan.count()) {}

asio::awaitable<std::optional<transfer_end>> large_download::move_part(transfer_worker& by,
                                                                       std::uint32_t index) {
  s3::get_request request;
  request.key = job().what.key;
  request.if_match = head_.etag;
  request.range = plan().part(index);
  file_sink sink(by, target_->file(), request.range, head_.full_checksum.algorithm);
  const auto answer = co_await by.store().get(request, sink);
  std::optional<transfer_end> problem;
  if (answer.has_error()) {
    const bool ours = answer.error().code == s3::errc::sink_failed && sink.problem();
    problem = ours ? sink.problem() : end_of_download(answer.error());
  } else if (answer->size != head_.size) {
    problem = object_changed();
  } else {
    problem = co_await sink.finish();
  }
  // In the books of this transfer, so that a failure takes it all back.
  by.run().ledger.moved(-static_cast<std::int64_t>(sink.received()));
  if (problem) co_return problem;
  count(by.run().ledger, static_cast<std::int64_t>(request.range.size));
  sums_[index] = sink.sum();
  co_return std::nullopt;
}

std::optional<transfer_end> large_download::verify_and_publish(transfer_worker& by,
                                                               bool& unverified) {
  switch (evidence_of(head_)) {
    case evidence::checksum: {
      s3::checksum whole = sums_.front();
      for (std::uint32_t i = 1; i < plan().count(); ++i) {
        whole = s3::combine(whole, sums_[i], plan().part(i).size);
      }
      if (!(whole == head_.full_checksum)) return wrong_checksum();
      break;
    }
    case evidence::md5: {
      // MD5 does not combine: one pass over the file, while it is still in the page cache.
      const auto same = target_->agrees_with(head_, by.buffer());
      if (same.has_error()) return end_of_download(same.error());
      if (!*same) return wrong_checksum();
      break;
    }
    case evidence::none:
      unverified = true;
      break;
  }
  const action& what = job().what;
  const std::int64_t mtime_ns = what.mtime_known ? what.mtime_ns : mtime_of(head_);
  return target_->publish(by.run().folders, what, mtime_ns);
}

asio::awaitable<transfer_end> large_download::finish(transfer_worker& by) {
  bool unverified = false;
  static_cast<void>(by.buffer());  // made here, not on a file thread
  auto complete = [&] {
    auto problem = verify_and_publish(by, unverified);
    if (problem) target_->discard();
    return problem;
  };
  auto problem = co_await offload(by.file_threads(), complete);
  if (problem) co_return std::move(*problem);
  transfer_end end = done(head_.size);
  end.unverified = unverified;
  co_return end;
}

asio::awaitable<void> large_download::discard(transfer_worker& by) {
  auto remove = [&] { target_->discard(); };
  co_await offload(by.file_threads(), remove);
}

asio::awaitable<begun_transfer> begin_large_download(transfer_worker& by, const transfer_job& job,
                                                     const part_plan& plan,
                                                     const s3::object_head& head) {
  begun_transfer begun;
  auto create = [&] {
    auto made = download_target::create(by.run().folders, job.what, head.size);
    // For an MD5 the file is read once more at the end: from the cache.
    if (made.target && evidence_of(head) != evidence::md5) made.target->file().bypass_cache();
    return made;
  };
  auto made = co_await offload(by.file_threads(), create);
  begun.end = std::move(made.problem);
  if (!begun.end) {
    begun.parts = std::make_shared<large_download>(job, plan, std::move(made.target), head);
  }
  co_return begun;
}

}  // namespace beatsync::engine
