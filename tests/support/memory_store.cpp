#include "tests/support/memory_store.hpp"

#include "s3/checksum.hpp"
#include "s3/hash.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <set>
#include <span>
#include <utility>

namespace beatsync::tests {
namespace {

namespace asio = boost::asio;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

s3::checksum sum_of(s3::checksum_algorithm algorithm, const std::string& text) {
  s3::crc_stream crc(algorithm);
  crc.update(bytes_of(text));
  return crc.value();
}

std::string md5_of(const std::string& text) {
  s3::md5_stream md5;
  md5.update(bytes_of(text));
  return md5.hex();
}

s3::object_head head_of(const stored_object& o) {
  s3::object_head head;
  head.size = o.bytes.size();
  head.etag = o.etag;
  head.last_modified = o.last_modified;
  head.content_type = o.content_type;
  head.headers = o.headers;
  head.metadata = o.metadata;
  head.full_checksum = o.sum;
  head.etag_is_md5 = o.etag_is_md5;
  head.archived = o.archived;
  return head;
}

store_event event_of(store_call what, const std::string& key) {
  store_event event;
  event.what = what;
  event.key = key;
  return event;
}

}  // namespace

memory_store::memory_store(asio::any_io_executor executor, std::shared_ptr<memory_bucket> bucket)
    : executor_(std::move(executor)), bucket_(std::move(bucket)) {}

void memory_store::stop() noexcept { stopped_.store(true); }

s3::checksum_algorithm memory_store::upload_checksum() const noexcept {
  // Like the client, it begins with the best and learns from refusals.
  static constexpr s3::checksum_algorithm ladder[] = {s3::checksum_algorithm::crc64nvme,
                                                      s3::checksum_algorithm::crc32c,
                                                      s3::checksum_algorithm::none};
  return ladder[std::min<std::size_t>(bucket_->refused_checksums_.load(), 2)];
}

memory_store::awaitable<s3::result<interference>> memory_store::arrive(store_event event,
                                                                       bool even_after_stop) {
  // Really suspends, as a network would, so that other coroutines get their turn.
  co_await asio::post(executor_, asio::use_awaitable);
  if (stopped_.load() && !even_after_stop) co_return scripted_error(s3::errc::cancelled);
  interference what = bucket_->arrive(std::move(event));
  if (what.refuse) co_return *what.refuse;
  co_return what;
}

memory_store::awaitable<s3::result<std::string>> memory_store::take_body(
    s3::body_source& body, const std::function<void()>& midway) {
  std::string bytes;
  const auto ready = body.in_memory();
  if (!ready.empty()) {
    bytes.assign(reinterpret_cast<const char*>(ready.data()), ready.size());
    if (midway) midway();
    co_return bytes;
  }
  bytes.resize(body.size());
  bool first = true;
  for (std::size_t done = 0; done < bytes.size();) {
    const std::size_t size = std::min(bucket_->settings_.piece, bytes.size() - done);
    const auto target = std::as_writable_bytes(std::span(bytes.data() + done, size));
    const auto read = co_await body.read(done, target);
    if (read.has_error()) co_return read.error();
    done += size;
    if (first && midway) midway();
    first = false;
    co_await asio::post(executor_, asio::use_awaitable);
    if (stopped_.load()) co_return scripted_error(s3::errc::cancelled);
  }
  co_return bytes;
}

memory_store::awaitable<s3::result<void>> memory_store::give_body(
    const std::string& bytes, s3::body_sink& sink, const std::function<void()>& midway) {
  bool first = true;
  for (std::size_t done = 0; done < bytes.size();) {
    const auto room = sink.prepare();
    if (room.empty()) co_return scripted_error(s3::errc::sink_failed);
    const std::size_t size = std::min({bucket_->settings_.piece, bytes.size() - done, room.size()});
    std::ranges::copy(bytes_of(bytes).subspan(done, size), room.begin());
    const auto taken = co_await sink.commit(size);
    if (taken.has_error()) co_return taken.error();
    done += size;
    if (first && midway) midway();
    first = false;
    co_await asio::post(executor_, asio::use_awaitable);
    if (stopped_.load()) co_return scripted_error(s3::errc::cancelled);
  }
  co_return s3::result<void>();
}

memory_store::answer<s3::list_page> memory_store::list(const s3::list_request& request) {
  const auto what = co_await arrive(event_of(store_call::list, request.prefix));
  if (what.has_error()) co_return what.error();
  const std::string& after =
      request.continuation_token.empty() ? request.start_after : request.continuation_token;
  const std::size_t limit =
      std::min(bucket_->settings_.page, static_cast<std::size_t>(request.max_keys));
  struct row {
    std::size_t key = 0, etag = 0;
  };
  s3::list_page page;
  std::vector<row> rows;
  std::string text;
  const std::lock_guard lock(bucket_->mutex_);
  std::set<std::string> folders;
  std::string last;
  for (auto it = bucket_->objects_.upper_bound(after); it != bucket_->objects_.end(); ++it) {
    const std::string& key = it->first;
    if (!key.starts_with(request.prefix)) {
      if (key > request.prefix) break;
      continue;
    }
    std::string folder;
    if (!request.delimiter.empty()) {
      const auto cut = key.find(request.delimiter, request.prefix.size());
      if (cut != std::string::npos) folder = key.substr(0, cut + request.delimiter.size());
    }
    // A folder that the page before has shown already.
    if (!folder.empty() && (folders.contains(folder) || after.starts_with(folder))) {
      last = key;
      continue;
    }
    if (page.objects.size() + folders.size() == limit) {
      page.next_token = last;
      break;
    }
    last = key;
    if (!folder.empty()) {
      folders.insert(folder);
      continue;
    }
    const stored_object& o = it->second;
    row r;
    r.key = text.size();
    text += key;
    r.etag = text.size();
    text += o.etag;
    s3::object_summary summary;
    summary.size = o.bytes.size();
    summary.last_modified = o.last_modified;
    summary.archived = o.archived;
    page.objects.push_back(summary);
    rows.push_back(r);
  }
  page.text.assign(text.begin(), text.end());
  const std::string_view whole(page.text.data(), page.text.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t end = i + 1 < rows.size() ? rows[i + 1].key : whole.size();
    page.objects[i].key = whole.substr(rows[i].key, rows[i].etag - rows[i].key);
    page.objects[i].etag = whole.substr(rows[i].etag, end - rows[i].etag);
  }
  page.common_prefixes.assign(folders.begin(), folders.end());
  co_return page;
}

memory_store::answer<s3::object_head> memory_store::head(const std::string& key) {
  const auto what = co_await arrive(event_of(store_call::head, key));
  if (what.has_error()) co_return what.error();
  const auto found = bucket_->find(key);
  if (!found) co_return scripted_error(s3::errc::no_such_key, 404);
  co_return head_of(*found);
}

memory_store::answer<s3::object_head> memory_store::get(const s3::get_request& request,
                                                        s3::body_sink& sink) {
  store_event event = event_of(store_call::get, request.key);
  event.range = request.range;
  const auto what = co_await arrive(std::move(event));
  if (what.has_error()) co_return what.error();
  const auto found = bucket_->find(request.key);
  if (!found) co_return scripted_error(s3::errc::no_such_key, 404, "NoSuchKey");
  if (found->archived) co_return scripted_error(s3::errc::archived, 403, "InvalidObjectState");
  if (!request.if_match.empty() && request.if_match != found->etag) {
    co_return scripted_error(s3::errc::precondition_failed, 412, "PreconditionFailed");
  }
  std::string body = found->bytes;
  if (request.range.size != 0) {
    if (request.range.first >= body.size()) {
      co_return scripted_error(s3::errc::refused, 416, "InvalidRange");
    }
    body = body.substr(request.range.first, request.range.size);
  }
  if (what->flip_bit && !body.empty()) body[body.size() / 2] ^= 1;
  if (what->cut) body.resize(std::min<std::size_t>(body.size(), *what->cut));
  const auto given = co_await give_body(body, sink, what->midway);
  if (given.has_error()) co_return given.error();
  if (what->lose) co_return *what->lose;
  s3::object_head head = head_of(*found);
  if (!request.want_checksum || request.range.size != 0) head.full_checksum = s3::checksum();
  co_return head;
}

memory_store::answer<s3::put_answer> memory_store::put(const s3::put_request& request,
                                                       s3::body_source& body) {
  const auto what = co_await arrive(event_of(store_call::put, request.key));
  if (what.has_error()) co_return what.error();
  const auto known = bucket_->check_sum(request.sum);
  if (known.has_error()) {
    if (request.sum.algorithm == upload_checksum()) ++bucket_->refused_checksums_;
    co_return known.error();
  }
  auto bytes = co_await take_body(body, what->midway);
  if (bytes.has_error()) co_return bytes.error();
  if (request.sum.known() && !(sum_of(request.sum.algorithm, *bytes) == request.sum)) {
    co_return scripted_error(s3::errc::checksum_mismatch, 400, "BadDigest");
  }
  stored_object object;
  object.etag = md5_of(*bytes);
  object.etag_is_md5 = bucket_->settings_.md5_etags;
  if (!object.etag_is_md5) object.etag = "opaque-" + object.etag.substr(0, 8);
  object.bytes = std::move(*bytes);
  object.content_type = request.content_type;
  object.headers = request.headers;
  object.metadata = request.metadata;
  object.sum = request.sum;
  s3::put_answer done;
  done.etag = object.etag;
  {
    const std::lock_guard lock(bucket_->mutex_);
    const auto allowed =
        bucket_->check_condition(request.key, request.if_none_match, request.if_match);
    if (allowed.has_error()) co_return allowed.error();
    bucket_->store(request.key, std::move(object));
  }
  if (what->lose) co_return *what->lose;
  co_return done;
}

memory_store::answer<std::vector<s3::delete_failure>> memory_store::delete_objects(
    const std::vector<std::string>& keys) {
  const std::string first = keys.empty() ? std::string() : keys.front();
  const auto what = co_await arrive(event_of(store_call::delete_objects, first));
  if (what.has_error()) co_return what.error();
  for (const std::string& key : keys) bucket_->remove(key);
  if (what->lose) co_return *what->lose;
  co_return std::vector<s3::delete_failure>();
}

memory_store::answer<void> memory_store::head_bucket() {
  const auto what = co_await arrive(event_of(store_call::head_bucket, std::string()));
  if (what.has_error()) co_return what.error();
  co_return s3::result<void>();
}

}  // namespace beatsync::tests
