#include "s3/checksum.hpp"
#include "s3/hash.hpp"
#include "tests/support/memory_store.hpp"

#include <span>
#include <utility>

namespace beatsync::tests {
namespace {

std::string md5_of(const std::string& bytes) {
  s3::md5_stream md5;
  md5.update(std::as_bytes(std::span(bytes.data(), bytes.size())));
  return md5.hex();
}

}  // namespace

s3::error scripted_error(s3::errc code, int http, std::string service_code) {
  s3::error e;
  e.code = code;
  e.http = http;
  e.message = "scripted failure";
  e.service_code = std::move(service_code);
  return e;
}

std::vector<s3::checksum_algorithm> crc64nvme_and_crc32c() {
  return {s3::checksum_algorithm::crc64nvme, s3::checksum_algorithm::crc32c};
}

memory_bucket::memory_bucket(memory_bucket_settings settings) : settings_(std::move(settings)) {}

s3::time_point memory_bucket::tick() {
  return s3::time_point(std::chrono::seconds(1'700'000'000 + static_cast<long>(writes_++)));
}

void memory_bucket::store(const std::string& key, stored_object object) {
  if (object.last_modified == s3::time_point{}) object.last_modified = tick();
  if (!settings_.keeps_checksums) object.sum = s3::checksum{};
  objects_.insert_or_assign(key, std::move(object));
}

void memory_bucket::put(const std::string& key, std::string bytes, s3::metadata_map metadata) {
  stored_object object;
  if (!settings_.checksums.empty()) {
    s3::crc_stream crc(settings_.checksums.front());
    crc.update(std::as_bytes(std::span(bytes.data(), bytes.size())));
    object.sum = crc.value();
  }
  object.etag = md5_of(bytes);
  object.etag_is_md5 = settings_.md5_etags;
  if (!settings_.md5_etags) object.etag = "opaque-" + object.etag.substr(0, 8);
  object.bytes = std::move(bytes);
  object.metadata = std::move(metadata);
  put(key, std::move(object));
}

void memory_bucket::put(const std::string& key, stored_object object) {
  const std::lock_guard lock(mutex_);
  store(key, std::move(object));
}

void memory_bucket::remove(const std::string& key) {
  const std::lock_guard lock(mutex_);
  objects_.erase(key);
}

std::optional<stored_object> memory_bucket::find(const std::string& key) const {
  const std::lock_guard lock(mutex_);
  const auto it = objects_.find(key);
  if (it == objects_.end()) return std::nullopt;
  return it->second;
}

std::map<std::string, stored_object> memory_bucket::all() const {
  const std::lock_guard lock(mutex_);
  return objects_;
}

std::size_t memory_bucket::pending_uploads() const {
  const std::lock_guard lock(mutex_);
  return uploads_.size();
}

void memory_bucket::set_script(script s) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(s);
}

std::vector<store_event> memory_bucket::events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

std::size_t memory_bucket::count(store_call what) const {
  const std::lock_guard lock(mutex_);
  std::size_t n = 0;
  for (const store_event& e : events_) n += e.what == what ? 1 : 0;
  return n;
}

interference memory_bucket::arrive(store_event event) {
  script run;
  {
    const std::lock_guard lock(mutex_);
    event.number = ++calls_;
    events_.push_back(event);
    run = script_;
  }
  return run ? run(event) : interference();
}

s3::result<void> memory_bucket::check_condition(const std::string& key, bool if_none_match,
                                                const std::string& if_match) const {
  if (!if_none_match && if_match.empty()) return {};
  if (!settings_.conditional_writes) {
    return scripted_error(s3::errc::refused, 501, "NotImplemented");
  }
  const auto it = objects_.find(key);
  if (!if_match.empty() && it == objects_.end()) {
    return scripted_error(s3::errc::no_such_key, 404, "NoSuchKey");
  }
  if ((if_none_match && it != objects_.end()) ||
      (!if_match.empty() && it->second.etag != if_match)) {
    return scripted_error(s3::errc::precondition_failed, 412, "PreconditionFailed");
  }
  return {};
}

s3::result<void> memory_bucket::check_sum(const s3::checksum& sum) {
  if (!sum.known()) return {};
  for (std::size_t i = 0; i < settings_.checksums.size(); ++i) {
    if (settings_.checksums[i] == sum.algorithm) return {};
  }
  return scripted_error(s3::errc::checksum_refused, 400, "InvalidRequest");
}

}  // namespace beatsync::tests
