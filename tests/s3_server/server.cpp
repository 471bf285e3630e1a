#include "tests/s3_server/server.hpp"

#include "tests/s3_server/body_sums.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/listener.hpp"
#include "tests/s3_server/refusal.hpp"
#include "tests/s3_server/service.hpp"

#include <stdexcept>
#include <utility>

namespace beatsync::s3_server {

class server::implementation {
 public:
  explicit implementation(const server_options& options) : shared(options), sockets(shared) {}

  service shared;
  listener sockets;
};

namespace {

/// The store speaks in refusals; without HTTP they are exceptions like others.
template <class Function>
auto without_http(const Function& function) {
  try {
    return function();
  } catch (const refusal& why) {
    throw std::out_of_range(why.code + ": " + why.message);
  }
}

std::string checksum_of(const std::string& algorithm, const blob& body) {
  if (algorithm.empty()) return {};
  checksum_stream sum(algorithm);
  const auto reader = body.open();
  std::vector<std::byte> scratch(std::size_t{1} << 20U);
  for (std::uint64_t at = 0; at < body.size();) {
    const auto piece = reader->read(at, scratch);
    sum.update(piece);
    at += piece.size();
  }
  return sum.finish();
}

std::string md5_of(std::string_view text) {
  digest md5("MD5");
  md5.update(text);
  return to_hex(md5.finish());
}

}  // namespace

server::server(server_options options) : impl_(std::make_unique<implementation>(options)) {}

server::~server() = default;

std::uint16_t server::port() const noexcept { return impl_->sockets.port(); }

std::string server::url(std::string_view host) const {
  const auto* scheme = impl_->shared.options.tls ? "https://" : "http://";
  return scheme + std::string(host) + ':' + std::to_string(impl_->sockets.port());
}

void server::create_bucket(const std::string& bucket, const std::string& region) {
  auto& shared = impl_->shared;
  shared.objects.create_bucket(bucket, region.empty() ? shared.options.region : region);
}

void server::put(const std::string& bucket, const std::string& key, object_content content) {
  without_http([&] {
    auto& shared = impl_->shared;
    const auto writer = shared.objects.new_body(content.body.size());
    writer->write(as_bytes(content.body));
    stored_object object;
    object.body = writer->finish();
    object.etag = content.etag.empty() ? md5_of(content.body) : content.etag;
    object.last_modified = content.last_modified.value_or(shared.now());
    object.content_type = content.content_type;
    object.metadata = content.metadata;
    object.headers = content.headers;
    object.storage_class = content.storage_class;
    object.checksum_algorithm = content.checksum_algorithm;
    if (!content.checksum_algorithm.empty()) object.checksum_type = content.checksum_type;
    object.checksum = content.checksum.empty()
                          ? checksum_of(content.checksum_algorithm, *object.body)
                          : content.checksum;
    shared.objects.put(bucket, key, std::move(object));
  });
}

void server::put(const std::string& bucket, const std::string& key, std::string_view body) {
  object_content content;
  content.body = body;
  put(bucket, key, std::move(content));
}

void server::put_pattern(const std::string& bucket, const std::string& key, std::uint64_t size,
                         std::uint64_t seed) {
  without_http([&] {
    stored_object object;
    object.body = pattern_blob(size, seed);
    object.etag = md5_of(std::to_string(size) + '.' + std::to_string(seed)) + "-1";
    object.last_modified = impl_->shared.now();
    object.checksum_algorithm = "CRC64NVME";
    object.checksum_type = "FULL_OBJECT";
    object.checksum = checksum_of(object.checksum_algorithm, *object.body);
    impl_->shared.objects.put(bucket, key, std::move(object));
  });
}

void server::put_synthetic(const std::string& bucket, const std::string& prefix,
                           std::uint64_t count, std::uint64_t per_folder) {
  without_http([&] {
    stored_object object;
    object.body = text_blob("");
    object.etag = md5_of("");
    object.last_modified = impl_->shared.now();
    impl_->shared.objects.add_synthetic(bucket, synthetic_keys(prefix, count, per_folder),
                                        std::move(object));
  });
}

std::optional<object_content> server::get(const std::string& bucket, const std::string& key) const {
  return without_http([&]() -> std::optional<object_content> {
    const auto object = impl_->shared.objects.find(bucket, key);
    if (!object) return std::nullopt;
    object_content content;
    content.body = to_string(*object->body);
    content.content_type = object->content_type;
    content.metadata = object->metadata;
    content.headers = object->headers;
    content.last_modified = object->last_modified;
    content.storage_class = object->storage_class;
    content.etag = object->etag;
    content.checksum_algorithm = object->checksum_algorithm;
    content.checksum_type = object->checksum_type;
    content.checksum = object->checksum;
    return content;
  });
}

bool server::erase(const std::string& bucket, const std::string& key) {
  return without_http([&] { return impl_->shared.objects.erase(bucket, key); });
}

std::vector<std::string> server::keys(const std::string& bucket) const {
  return without_http([&] {
    std::vector<std::string> names;
    auto found = impl_->shared.objects.next(bucket, "", true);
    while (found) {
      names.push_back(found->first);
      found = impl_->shared.objects.next(bucket, names.back(), false);
    }
    return names;
  });
}

std::vector<pending_upload> server::uploads(const std::string& bucket) const {
  return without_http([&] {
    std::vector<pending_upload> pending;
    for (const auto& upload : impl_->shared.objects.uploads(bucket)) {
      pending.push_back({upload.key, upload.id, {}});
      for (const auto& [number, part] : upload.parts) pending.back().parts.push_back(number);
    }
    return pending;
  });
}

void server::corrupt(const std::string& bucket, const std::string& key, std::uint64_t bit) {
  without_http([&] {
    stored_object object = *impl_->shared.objects.require(bucket, key);
    object.body = damaged_blob(object.body, bit);
    impl_->shared.objects.put(bucket, key, std::move(object));
  });
}

std::size_t server::add_fault(fault_rule rule) { return impl_->shared.faults.add(std::move(rule)); }
std::uint64_t server::fault_hits(std::size_t id) const { return impl_->shared.faults.hits(id); }
void server::clear_faults() { impl_->shared.faults.clear(); }

void server::set_connection_fault(connection_fault kind, std::uint64_t times, std::uint64_t skip) {
  impl_->sockets.set_connection_fault(kind, times, skip);
}

void server::set_conditions(const network_conditions& conditions) {
  impl_->shared.set_conditions(conditions);
}
void server::set_quirks(const quirks& differences) { impl_->shared.set_quirks(differences); }
void server::set_credentials(std::map<std::string, secret> credentials) {
  impl_->shared.set_credentials(std::move(credentials));
}
void server::set_clock_offset(std::chrono::seconds offset) {
  impl_->shared.set_clock_offset(offset);
}
void server::close_connections() { impl_->sockets.close_connections(); }

std::vector<request_record> server::requests() const { return impl_->shared.log.records(); }
counters server::sums() const { return impl_->shared.log.sums(); }
void server::clear_log() { impl_->shared.log.clear(); }

}  // namespace beatsync::s3_server
