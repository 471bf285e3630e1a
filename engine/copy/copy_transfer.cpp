#include "engine/copy/copy_transfer.hpp"

#include "engine/copy/copy_likeness.hpp"
#include "engine/files/mtime_metadata.hpp"
#include "engine/transfer/upload_body.hpp"
#include "engine/transfer/upload_target.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::engine {

namespace asio = boost::asio;

namespace {

std::optional<std::string> mtime_in(const s3::metadata_map& metadata) {
  for (const auto& [name, value] : metadata) {
    if (name == mtime_metadata_name) return value;
  }
  return std::nullopt;
}

s3::metadata_map metadata_of_copy(const s3::object_head& source) {
  s3::metadata_map metadata = source.metadata;
  if (!mtime_in(metadata)) {
    metadata.emplace_back(mtime_metadata_name, format_mtime(mtime_of(source)));
  }
  return metadata;
}

/// Is this object the copy that was to be made? Where nothing else tells, its time does, which is
/// the source's own to the nanosecond.
bool is_the_copy(const s3::object_head& source, const s3::object_head& there) {
  switch (likeness_of(source, there)) {
    case likeness::same:
      return true;
    case likeness::different:
      return false;
    case likeness::unknown:
      break;
  }
  return mtime_in(there.metadata) == mtime_in(metadata_of_copy(source));
}

transfer_end other_source() {
  return retry(retry_cause::source_changed, reason::changed,
               "the source object was changed by somebody else meanwhile");
}

transfer_end end_of_copy(const s3::error& e) {
  // 412 to a part is about the source, as 404 is; end_of_download says the same of a GET.
  return end_of_download(e);
}

/// The condition on the target was not met: what stands there?
asio::awaitable<transfer_end> end_of_copy_condition(transfer_worker& by, const action& what,
                                                    const s3::object_head& source, s3::error e) {
  if (e.http == 501 || e.service_code == "NotImplemented") {
    transfer_end end = failed(reason::store,
                              "the store does not know conditions on CompleteMultipartUpload, so "
                              "that a copy could replace somebody else's object");
    end.error = std::make_shared<s3::error>(std::move(e));
    co_return end;
  }
  const auto there = co_await by.store().head(what.key);
  if (there.has_error() && there.error().code == s3::errc::cancelled) co_return cut_short();
  if (there.has_value() && is_the_copy(source, *there)) {
    co_return what.planned ? found_in_place(source.size) : done(source.size);
  }
  if (leaves_open(there, e, what)) co_return try_write_again(e);
  transfer_end end = end_of_other_object(what);
  end.error = std::make_shared<s3::error>(std::move(e));
  co_return end;
}

/// Of a planned copy: is it there already? Nothing: it is to be made.
asio::awaitable<std::optional<transfer_end>> look_at_copy(transfer_worker& by, const action& what,
                                                          const s3::object_head& source) {
  const auto there = co_await by.store().head(what.key);
  if (there.has_error()) {
    if (there.error().code == s3::errc::no_such_key) co_return std::nullopt;
    co_return end_of_upload(there.error());
  }
  if (what.target_exists && there->etag == what.etag) co_return std::nullopt;
  if (is_the_copy(source, *there)) co_return found_in_place(source.size);
  co_return end_of_other_object(what);
}

/// Stores differ in what they make of a part without bytes; an empty PUT they all know.
asio::awaitable<transfer_end> put_empty(transfer_worker& by, const action& what,
                                        const s3::object_head& source) {
  s3::put_request request;
  request.key = what.key;
  request.content_type = source.content_type;
  request.headers = source.headers;
  request.metadata = metadata_of_copy(source);
  request.if_none_match = !what.target_exists;
  if (what.target_exists) request.if_match = what.etag;
  memory_body nothing({});
  const auto answer = co_await by.store().put(request, nothing);
  if (answer.has_value()) co_return done(0);
  if (is_about_condition(answer.error(), request.if_none_match, request.if_match)) {
    co_return co_await end_of_copy_condition(by, what, source, answer.error());
  }
  co_return end_of_upload(answer.error());
}

}  // namespace

copy_transfer::copy_transfer(transfer_job job, const part_plan& plan, s3::object_head source,
                             std::string upload_id)
    : large_transfer(std::move(job), plan),
      source_(std::move(source)),
      upload_id_(std::move(upload_id)),
      parts_(plan.count()) {}

asio::awaitable<std::optional<transfer_end>> copy_transfer::move_part(transfer_worker& by,
                                                                      std::uint32_t index) {
  s3::copy_part_request request;
  request.source_bucket = by.run().source_bucket;
  request.source_key = job().what.source_key;
  request.source_etag = source_.etag;
  if (!plan().single()) request.range = plan().part(index);
  request.key = job().what.key;
  request.upload_id = upload_id_;
  request.number = static_cast<int>(index) + 1;
  auto answer = co_await by.store().upload_part_copy(request);
  if (answer.has_error()) co_return end_of_copy(answer.error());
  const std::uint64_t size = plan().part(index).size;
  count(by.run().ledger, static_cast<std::int64_t>(size));
  parts_[index].number = request.number;
  parts_[index].size = size;
  // Without the store's checksum: Complete takes one only where Create declared it.
  parts_[index].etag = std::move(answer->etag);
  co_return std::nullopt;
}

asio::awaitable<transfer_end> copy_transfer::finish(transfer_worker& by) {
  s3::complete_upload_request request;
  request.key = job().what.key;
  request.upload_id = upload_id_;
  request.parts = parts_;
  request.size = source_.size;
  request.if_none_match = !job().what.target_exists;
  if (job().what.target_exists) request.if_match = job().what.etag;
  const auto answer = co_await by.store().complete_upload(request);
  if (answer.has_value()) co_return co_await verify(by);
  co_await discard(by);
  if (answer.error().code == s3::errc::no_such_upload ||
      is_about_condition(answer.error(), request.if_none_match, request.if_match)) {
    co_return co_await end_of_copy_condition(by, job().what, source_, answer.error());
  }
  co_return end_of_upload(answer.error());
}

/// The MD5 of the only part is that of the source: nothing is left to ask. Else the new object's
/// head is held against the source's.
asio::awaitable<transfer_end> copy_transfer::verify(transfer_worker& by) {
  if (plan().single() && source_.etag_is_md5 && parts_.front().etag == source_.etag) {
    co_return done(source_.size);
  }
  const auto made = co_await by.store().head(job().what.key);
  if (made.has_error()) co_return end_of_upload(made.error());
  const likeness verdict = likeness_of(source_, *made);
  if (verdict == likeness::different) {
    co_return failed(reason::corrupt,
                     "the store's copy is not the source: other size or checksum. Remove it");
  }
  transfer_end end = done(source_.size);
  end.unverified = verdict == likeness::unknown;
  co_return end;
}

asio::awaitable<void> copy_transfer::discard(transfer_worker& by) {
  const auto answer = co_await by.store().abort_upload(job().what.key, upload_id_);
  if (answer.has_value() || answer.error().code == s3::errc::no_such_upload) co_return;
  by.run().ledger.unanswered_abort(job().what.key + " (" + upload_id_ + ")");
}

asio::awaitable<begun_transfer> begin_copy(transfer_worker& by, const transfer_job& job) {
  begun_transfer begun;
  const action& what = job.what;
  auto source = co_await by.source_store().head(what.source_key);
  if (source.has_error()) {
    begun.end = end_of_copy(source.error());
    co_return begun;
  }
  const bool as_listed = source->etag == what.source_etag && source->size == what.size;
  // The next try takes what it finds; what was planned has none.
  if (!as_listed && (what.planned || !job.refresh)) {
    begun.end = other_source();
    co_return begun;
  }
  if (source->archived) {
    begun.end = skipped(reason::archived,
                        "the object is archived; restore it in the store, then run again");
    co_return begun;
  }
  if (what.planned) {
    begun.end = co_await look_at_copy(by, what, *source);
    if (begun.end) co_return begun;
  }
  if (source->size == 0) {
    begun.end = co_await put_empty(by, what, *source);
    co_return begun;
  }
  const transfer_tuning& tuning = by.run().tuning;
  const auto plan = plan_parts(source->size, tuning.copy_part_size, tuning.parts);
  if (!plan) {
    begun.end =
        failed(reason::store, "the store says it is larger than an object can be (48.8 TiB)");
    co_return begun;
  }
  s3::create_upload_request request;
  request.key = what.key;
  request.content_type = source->content_type;
  request.headers = source->headers;
  request.metadata = metadata_of_copy(*source);
  const auto answer = co_await by.store().create_upload(request);
  if (answer.has_error()) {
    begun.end = end_of_upload(answer.error());
  } else {
    begun.parts = std::make_shared<copy_transfer>(job, *plan, std::move(*source), *answer);
  }
  co_return begun;
}

}  // namespace beatsync::engine
