/// Downloads in one request, and where downloads in ranges begin.
///
/// Small object: one GET into memory, verified there, written together with others that have come
/// (group_commit.hpp). Larger: the temporary file first, streamed into it with the CRC on the way.

#include "engine/files/mtime_metadata.hpp"
#include "engine/run/offload.hpp"
#include "engine/transfer/download_sink.hpp"
#include "engine/transfer/download_target.hpp"
#include "engine/transfer/large_download.hpp"
#include "engine/transfer/transfer.hpp"
#include "engine/transfer/verify.hpp"

#include <cerrno>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

std::int64_t time_of(const action& what, const s3::object_head& head) {
  return what.mtime_known ? what.mtime_ns : mtime_of(head);
}

/// Is what came the object that was asked for, and all of it? A length that only the listing knows
/// counts too: an answer without Content-Length may end anywhere.
std::optional<transfer_end> problem_with(const action& what, const s3::object_head& head,
                                         std::uint64_t received) {
  if (!head.etag.empty() && !what.etag.empty() && head.etag != what.etag) return object_changed();
  if (received != what.size || head.size != what.size) return wrong_length(what.size, received);
  return std::nullopt;
}

transfer_end end_of_get(const s3::error& e, const std::optional<transfer_end>& sink_problem) {
  if (e.code == s3::errc::sink_failed && sink_problem) return *sink_problem;
  return end_of_download(e);
}

asio::awaitable<transfer_end> get_small(transfer_worker& by, const action& what) {
  s3::get_request request;
  request.key = what.key;
  request.want_checksum = true;
  memory_sink sink(by.buffer());
  const auto head = co_await by.store().get(request, sink);
  if (head.has_error()) {
    co_return sink.overflowed() ? object_changed() : end_of_download(head.error());
  }
  small_file file;
  file.what = &what;
  file.bytes = sink.bytes();
  file.mtime_ns = time_of(what, *head);
  auto problem = problem_with(what, *head, file.bytes.size());
  if (problem) co_return std::move(*problem);
  if (!matches(file.bytes, *head)) co_return wrong_checksum();
  co_await by.run().small_files.write(file);
  if (file.problem) co_return std::move(*file.problem);
  by.run().ledger.moved(static_cast<std::int64_t>(file.bytes.size()));
  transfer_end end = done(file.bytes.size());
  end.unverified = evidence_of(*head) == evidence::none;
  co_return end;
}

asio::awaitable<transfer_end> get_streamed(transfer_worker& by, const action& what) {
  const auto guess = by.run().usual_checksum.load();
  auto create = [&] {
    auto made = download_target::create(by.run().folders, what, what.size);
    // Where the objects so far had only an MD5, the file will be read once more: from the cache.
    const bool once = guess != s3::checksum_algorithm::none;
    if (made.target && once) made.target->file().bypass_cache();
    return made;
  };
  auto made = co_await offload(by.file_threads(), create);
  if (made.problem) co_return std::move(*made.problem);
  const auto target = std::move(made.target);

  s3::get_request request;
  request.key = what.key;
  request.want_checksum = true;
  s3::byte_range whole;
  whole.size = what.size;
  file_sink sink(by, target->file(), whole, guess);
  const auto head = co_await by.store().get(request, sink);
  std::optional<transfer_end> problem;
  if (head.has_error()) {
    problem = end_of_get(head.error(), sink.problem());
  } else {
    problem = problem_with(what, *head, sink.received());
    if (!problem) problem = co_await sink.finish();
  }
  const auto buffer = by.buffer();
  auto complete = [&]() -> std::optional<transfer_end> {
    if (!problem && evidence_of(*head) != evidence::none) {
      bool same = sink.sum() == head->full_checksum;
      if (evidence_of(*head) == evidence::md5 || head->full_checksum.algorithm != guess) {
        const auto agrees = target->agrees_with(*head, buffer);
        if (agrees.has_error()) return end_of_download(agrees.error());
        same = *agrees;
      }
      if (!same) problem = wrong_checksum();
    }
    if (!problem) problem = target->publish(by.run().folders, what, time_of(what, *head));
    if (problem) target->discard();
    return problem;
  };
  problem = co_await offload(by.file_threads(), complete);
  if (problem) {
    by.run().ledger.moved(-static_cast<std::int64_t>(sink.received()));
    co_return std::move(*problem);
  }
  if (evidence_of(*head) != evidence::none) {
    by.run().usual_checksum.store(head->full_checksum.algorithm);  // none: an MD5
  }
  transfer_end end = done(what.size);
  end.unverified = evidence_of(*head) == evidence::none;
  co_return end;
}

/// Brings size and ETag up to date. Nothing: the download may begin.
asio::awaitable<std::optional<transfer_end>> look_at_object(transfer_worker& by, action& what,
                                                            s3::object_head& head) {
  auto answer = co_await by.store().head(what.key);
  if (answer.has_error()) co_return end_of_download(answer.error());
  head = std::move(*answer);
  if (what.planned && (head.etag != what.etag || head.size != what.size)) {
    co_return object_changed();
  }
  if (head.archived) {
    co_return skipped(reason::archived,
                      "the object is archived; restore it in the store, then run again");
  }
  if (head.size != what.size || head.etag != what.etag) what.mtime_known = false;
  what.size = head.size;
  what.etag = head.etag;
  co_return std::nullopt;
}

/// Of a planned download: what stands at the target? Nothing: what the plan saw there, and the
/// download may begin.
asio::awaitable<std::optional<transfer_end>> look_at_file(transfer_worker& by, const action& what) {
  folder& root = *by.run().root;
  auto look = [&] { return root.status_of(what.path, links::no_follow); };
  const auto there = co_await offload(by.file_threads(), look);
  if (there.has_error()) {
    const int code = there.error().code;
    if (code == ENOENT || code == ENOTDIR) co_return std::nullopt;
    co_return end_of_download(there.error());
  }
  if (what.target_exists && there->size == what.target_size &&
      there->mtime_ns == what.target_mtime_ns) {
    co_return std::nullopt;
  }
  const auto head = co_await by.store().head(what.key);
  if (head.has_error()) co_return end_of_download(head.error());
  if (head->etag != what.etag) co_return object_changed();
  if (there->kind == file_kind::regular && there->size == head->size) {
    const auto buffer = by.buffer();
    auto compare = [&]() -> fs_result<bool> {
      if (evidence_of(*head) == evidence::none) return there->mtime_ns == time_of(what, *head);
      return file_matches(root, what.path, *head, buffer);
    };
    const auto same = co_await offload(by.file_threads(), compare);
    if (same.has_error()) co_return end_of_download(same.error());
    if (*same) co_return found_in_place(head->size);
  }
  co_return failed(what.target_exists ? reason::changed : reason::differs,
                   "something else stands here that the plan did not know; it was left as it is");
}

}  // namespace

asio::awaitable<begun_transfer> begin_download(transfer_worker& by, transfer_job& job) {
  begun_transfer begun;
  transfer_run& run = by.run();
  if (job.what.planned) {
    begun.end = co_await look_at_file(by, job.what);
    if (begun.end) co_return begun;
  }
  auto plan = plan_parts(job.what.size, run.tuning.part_size, run.tuning.parts);
  const bool large = !plan || !plan->single();
  s3::object_head head;
  if (job.refresh || large) {
    begun.end = co_await look_at_object(by, job.what, head);
    if (begun.end) co_return begun;
    plan = plan_parts(head.size, run.tuning.part_size, run.tuning.parts);
  }
  if (!plan) {
    begun.end =
        failed(reason::store, "the store says it is larger than an object can be (48.8 TiB)");
  } else if (job.what.size <= run.tuning.small_file || plan->single()) {
    const auto get = job.what.size <= run.tuning.small_file ? &get_small : &get_streamed;
    begun.end = co_await get(by, job.what);
  } else {
    begun = co_await begin_large_download(by, job, *plan, head);
  }
  co_return begun;
}

}  // namespace beatsync::engine
