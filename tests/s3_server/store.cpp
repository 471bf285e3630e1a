#include "tests/s3_server/store.hpp"

#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/refusal.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace beatsync::s3_server {
namespace {

refusal no_such_bucket(const std::string& name) {
  return {404, "NoSuchBucket", "The specified bucket does not exist", {{"BucketName", name}}};
}

refusal no_such_key(const std::string& key) {
  return {404, "NoSuchKey", "The specified key does not exist.", {{"Key", key}}};
}

refusal no_such_upload(const std::string& id) {
  return {404,
          "NoSuchUpload",
          "The specified upload does not exist. The upload ID may be invalid, or the upload may "
          "have been aborted or completed.",
          {{"UploadId", id}}};
}

refusal precondition_failed(const char* condition) {
  return {412,
          "PreconditionFailed",
          "At least one of the pre-conditions you specified did not hold",
          {{"Condition", condition}}};
}

}  // namespace

store::store(std::unique_ptr<storage> bodies) : bodies_(std::move(bodies)) {
  bodies_->load([this](const std::string& name) { buckets_[name]; },
                [this](const std::string& name, const std::string& key, stored_object object) {
                  buckets_[name].objects[key] =
                      std::make_shared<const stored_object>(std::move(object));
                });
}

store::bucket& store::at(const std::string& name) {
  const auto found = buckets_.find(name);
  if (found == buckets_.end()) throw no_such_bucket(name);
  return found->second;
}

const store::bucket& store::at(const std::string& name) const {
  const auto found = buckets_.find(name);
  if (found == buckets_.end()) throw no_such_bucket(name);
  return found->second;
}

bool store::create_bucket(const std::string& name, const std::string& region) {
  const std::unique_lock lock(mutex_);
  const auto [place, added] = buckets_.try_emplace(name);
  if (added || place->second.region.empty()) place->second.region = region;
  if (added) bodies_->bucket_created(name);
  return added;
}

std::optional<std::string> store::region_of(const std::string& name) const {
  const std::shared_lock lock(mutex_);
  const auto found = buckets_.find(name);
  if (found == buckets_.end()) return std::nullopt;
  return found->second.region;
}

std::vector<std::string> store::buckets() const {
  const std::shared_lock lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [name, place] : buckets_) names.push_back(name);
  return names;
}

object_ptr store::find(const bucket& place, const std::string& key) {
  const auto found = place.objects.find(key);
  if (found != place.objects.end()) return found->second;
  return place.synthetic && place.synthetic->contains(key) ? place.synthetic_object : nullptr;
}

object_ptr store::find(const std::string& name, const std::string& key) const {
  const std::shared_lock lock(mutex_);
  return find(at(name), key);
}

object_ptr store::require(const std::string& name, const std::string& key) const {
  auto object = find(name, key);
  if (!object) throw no_such_key(key);
  return object;
}

void store::check(const bucket& place, const std::string& key, const write_conditions& when) {
  const auto found = find(place, key);
  if (when.if_none_match && found) throw precondition_failed("If-None-Match");
  if (when.if_match.empty()) return;
  if (!found) throw no_such_key(key);
  if (found->etag != when.if_match) throw precondition_failed("If-Match");
}

void store::check(const std::string& name, const std::string& key,
                  const write_conditions& when) const {
  const std::shared_lock lock(mutex_);
  check(at(name), key, when);
}

void store::put(const std::string& name, const std::string& key, stored_object object,
                const write_conditions& when) {
  auto added = std::make_shared<const stored_object>(std::move(object));
  const std::unique_lock lock(mutex_);
  auto& place = at(name);
  check(place, key, when);
  auto& slot = place.objects[key];
  bodies_->object_stored(name, key, *added, slot.get());
  slot = std::move(added);
}

bool store::erase(const std::string& name, const std::string& key) {
  const std::unique_lock lock(mutex_);
  auto& objects = at(name).objects;
  const auto found = objects.find(key);
  if (found == objects.end()) return false;
  bodies_->object_erased(name, key, *found->second);
  objects.erase(found);
  return true;
}

std::optional<std::pair<std::string, object_ptr>> store::next(const std::string& name,
                                                              const std::string& from,
                                                              bool inclusive) const {
  const std::shared_lock lock(mutex_);
  const auto& place = at(name);
  const auto found = inclusive ? place.objects.lower_bound(from) : place.objects.upper_bound(from);
  const bool stored = found != place.objects.end();
  auto made_up = place.synthetic ? place.synthetic->next(from, inclusive) : std::nullopt;
  if (made_up && (!stored || *made_up < found->first)) {
    return std::pair(std::move(*made_up), place.synthetic_object);
  }
  if (!stored) return std::nullopt;
  return std::pair(found->first, found->second);
}

void store::add_synthetic(const std::string& name, synthetic_keys keys, stored_object object) {
  const std::unique_lock lock(mutex_);
  auto& place = at(name);
  place.synthetic = std::move(keys);
  place.synthetic_object = std::make_shared<const stored_object>(std::move(object));
}

std::string store::begin_upload(const std::string& name, stored_upload upload) {
  const std::unique_lock lock(mutex_);
  upload.id = random_hex(16);
  auto id = upload.id;
  at(name).uploads[id] = std::move(upload);
  return id;
}

stored_upload store::upload(const std::string& name, const std::string& key,
                            const std::string& id) const {
  const std::shared_lock lock(mutex_);
  const auto& uploads = at(name).uploads;
  const auto found = uploads.find(id);
  if (found == uploads.end() || found->second.key != key) throw no_such_upload(id);
  return found->second;
}

void store::put_part(const std::string& name, const std::string& key, const std::string& id,
                     int number, stored_part part) {
  const std::unique_lock lock(mutex_);
  auto& uploads = at(name).uploads;
  const auto found = uploads.find(id);
  if (found == uploads.end() || found->second.key != key) throw no_such_upload(id);
  found->second.parts[number] = std::move(part);
}

void store::end_upload(const std::string& name, const std::string& id) {
  const std::unique_lock lock(mutex_);
  at(name).uploads.erase(id);
}

std::vector<stored_upload> store::uploads(const std::string& name) const {
  const std::shared_lock lock(mutex_);
  std::vector<stored_upload> all;
  for (const auto& [id, upload] : at(name).uploads) all.push_back(upload);
  std::sort(all.begin(), all.end(), [](const stored_upload& a, const stored_upload& b) {
    return std::tie(a.key, a.initiated, a.id) < std::tie(b.key, b.initiated, b.id);
  });
  return all;
}

}  // namespace beatsync::s3_server
