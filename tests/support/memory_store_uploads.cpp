/// The multipart half of memory_store.

#include "s3/checksum.hpp"
#include "s3/hash.hpp"
#include "tests/support/memory_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <span>
#include <utility>

namespace beatsync::tests {
namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string md5_of(const std::string& text) {
  s3::md5_stream md5;
  md5.update(bytes_of(text));
  return md5.hex();
}

store_event event_of(store_call what, const std::string& key, int part = 0) {
  store_event event;
  event.what = what;
  event.key = key;
  event.part = part;
  return event;
}

s3::error no_such_upload() { return scripted_error(s3::errc::no_such_upload, 404, "NoSuchUpload"); }

}  // namespace

memory_store::answer<std::string> memory_store::create_upload(
    const s3::create_upload_request& request) {
  const auto what = co_await arrive(event_of(store_call::create_upload, request.key));
  if (what.has_error()) co_return what.error();
  s3::checksum probe;
  probe.algorithm = request.algorithm;
  const auto known = bucket_->check_sum(probe);
  if (known.has_error()) {
    if (request.algorithm == upload_checksum()) ++bucket_->refused_checksums_;
    co_return known.error();
  }
  memory_bucket::upload upload;
  upload.key = request.key;
  upload.content_type = request.content_type;
  upload.headers = request.headers;
  upload.metadata = request.metadata;
  upload.algorithm = request.algorithm;
  std::string id;
  {
    const std::lock_guard lock(bucket_->mutex_);
    upload.initiated = bucket_->tick();
    id = "upload-" + std::to_string(bucket_->next_upload_++);
    bucket_->uploads_.emplace(id, std::move(upload));
  }
  if (what->lose) co_return *what->lose;
  co_return id;
}

memory_store::answer<s3::uploaded_part> memory_store::upload_part(
    const s3::upload_part_request& request, s3::body_source& body) {
  const auto what = co_await arrive(event_of(store_call::upload_part, request.key, request.number));
  if (what.has_error()) co_return what.error();
  auto bytes = co_await take_body(body, what->midway);
  if (bytes.has_error()) co_return bytes.error();
  s3::uploaded_part part;
  {
    const std::lock_guard lock(bucket_->mutex_);
    const auto it = bucket_->uploads_.find(request.upload_id);
    if (it == bucket_->uploads_.end() || it->second.key != request.key) co_return no_such_upload();
    // As MinIO: a part without the declared checksum is refused.
    if (request.sum.algorithm != it->second.algorithm) {
      co_return scripted_error(s3::errc::refused, 400, "InvalidRequest");
    }
    s3::crc_stream crc(it->second.algorithm);
    crc.update(bytes_of(*bytes));
    if (request.sum.known() && !(crc.value() == request.sum)) {
      co_return scripted_error(s3::errc::checksum_mismatch, 400, "BadDigest");
    }
    part.number = request.number;
    part.size = bytes->size();
    part.etag = md5_of(*bytes);
    part.sum = request.sum;
    it->second.parts[request.number] = std::make_pair(part, std::move(*bytes));
  }
  if (what->lose) co_return *what->lose;
  co_return part;
}

memory_store::answer<s3::uploaded_part> memory_store::upload_part_copy(
    const s3::copy_part_request& request) {
  const auto what =
      co_await arrive(event_of(store_call::upload_part_copy, request.key, request.number));
  if (what.has_error()) co_return what.error();
  memory_bucket* from = bucket_.get();
  if (!request.source_bucket.empty()) {
    const auto other = others_.find(request.source_bucket);
    if (other == others_.end()) co_return scripted_error(s3::errc::no_such_bucket, 404);
    from = other->second.get();
  }
  const auto source = from->find(request.source_key);
  if (!source) co_return scripted_error(s3::errc::no_such_key, 404, "NoSuchKey");
  if (!request.source_etag.empty() && request.source_etag != source->etag) {
    co_return scripted_error(s3::errc::precondition_failed, 412, "PreconditionFailed");
  }
  if (request.range.first + request.range.size > source->bytes.size()) {
    co_return scripted_error(s3::errc::refused, 416, "InvalidRange");
  }
  std::string bytes = source->bytes;
  if (request.range.size != 0) bytes = bytes.substr(request.range.first, request.range.size);
  s3::uploaded_part part;
  {
    const std::lock_guard lock(bucket_->mutex_);
    const auto it = bucket_->uploads_.find(request.upload_id);
    if (it == bucket_->uploads_.end() || it->second.key != request.key) co_return no_such_upload();
    s3::crc_stream crc(it->second.algorithm);
    crc.update(bytes_of(bytes));
    part.number = request.number;
    part.size = bytes.size();
    part.etag = md5_of(bytes);
    part.sum = crc.value();
    it->second.parts[request.number] = std::make_pair(part, std::move(bytes));
  }
  if (what->lose) co_return *what->lose;
  co_return part;
}

memory_store::answer<s3::put_answer> memory_store::complete_upload(
    const s3::complete_upload_request& request) {
  const auto what = co_await arrive(event_of(store_call::complete_upload, request.key));
  if (what.has_error()) co_return what.error();
  s3::put_answer done;
  {
    const std::lock_guard lock(bucket_->mutex_);
    const auto it = bucket_->uploads_.find(request.upload_id);
    if (it == bucket_->uploads_.end() || it->second.key != request.key) co_return no_such_upload();
    memory_bucket::upload& upload = it->second;
    stored_object object;
    std::string digests;
    for (const s3::uploaded_part& wanted : request.parts) {
      const auto part = upload.parts.find(wanted.number);
      if (part == upload.parts.end() || part->second.first.etag != wanted.etag) {
        co_return scripted_error(s3::errc::refused, 400, "InvalidPart");
      }
      object.bytes += part->second.second;
      digests += wanted.etag;
    }
    s3::crc_stream crc(upload.algorithm);
    crc.update(bytes_of(object.bytes));
    if (request.sum.known() && !(crc.value() == request.sum)) {
      co_return scripted_error(s3::errc::checksum_mismatch, 400, "BadDigest");
    }
    const auto allowed =
        bucket_->check_condition(request.key, request.if_none_match, request.if_match);
    if (allowed.has_error()) co_return allowed.error();
    object.sum = crc.value();
    object.etag = md5_of(digests) + "-" + std::to_string(request.parts.size());
    object.content_type = upload.content_type;
    object.headers = upload.headers;
    object.metadata = upload.metadata;
    done.etag = object.etag;
    bucket_->store(request.key, std::move(object));
    bucket_->uploads_.erase(it);
  }
  if (what->lose) co_return *what->lose;
  co_return done;
}

memory_store::answer<void> memory_store::abort_upload(const std::string& key,
                                                      const std::string& upload_id) {
  const auto what = co_await arrive(event_of(store_call::abort_upload, key), true);
  if (what.has_error()) co_return what.error();
  {
    const std::lock_guard lock(bucket_->mutex_);
    if (bucket_->uploads_.erase(upload_id) == 0) co_return no_such_upload();
  }
  if (what->lose) co_return *what->lose;
  co_return s3::result<void>();
}

memory_store::answer<std::vector<s3::pending_upload>> memory_store::list_uploads(
    const std::string& prefix) {
  const auto what = co_await arrive(event_of(store_call::list_uploads, prefix));
  if (what.has_error()) co_return what.error();
  std::vector<s3::pending_upload> found;
  const std::lock_guard lock(bucket_->mutex_);
  for (const auto& [id, upload] : bucket_->uploads_) {
    if (!upload.key.starts_with(prefix)) continue;
    s3::pending_upload pending;
    pending.key = upload.key;
    pending.upload_id = id;
    pending.initiated = upload.initiated;
    found.push_back(std::move(pending));
  }
  co_return found;
}

memory_store::answer<std::vector<s3::uploaded_part>> memory_store::list_parts(
    const std::string& key, const std::string& upload_id) {
  const auto what = co_await arrive(event_of(store_call::list_parts, key));
  if (what.has_error()) co_return what.error();
  const std::lock_guard lock(bucket_->mutex_);
  const auto it = bucket_->uploads_.find(upload_id);
  if (it == bucket_->uploads_.end()) co_return no_such_upload();
  std::vector<s3::uploaded_part> found;
  for (const auto& [number, part] : it->second.parts) found.push_back(part.first);
  co_return found;
}

}  // namespace beatsync::tests
