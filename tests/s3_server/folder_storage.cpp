#include "tests/s3_server/file_blob.hpp"
#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/sidecar.hpp"
#include "tests/s3_server/storage.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <set>
#include <sstream>
#include <system_error>

#include <sys/stat.h>

namespace beatsync::s3_server {
namespace {

namespace fs = std::filesystem;

/// A key that can be a path: segments that a file can be called, and none that hides or climbs.
bool is_plain_path(const std::string& key) {
  constexpr std::size_t longest_name = 255;  // NAME_MAX
  std::istringstream stream(key);
  std::string segment;
  if (key.empty() || key.ends_with('/') || key.find('\0') != std::string::npos) return false;
  while (std::getline(stream, segment, '/')) {
    if (segment.empty() || segment == "." || segment == ".." || segment.size() > longest_name) {
      return false;
    }
  }
  return true;
}

class folder final : public storage {
 public:
  explicit folder(const fs::path& root)
      : root_(fs::absolute(root)), own_(root_ / ".s3-test-server") {
    fs::remove_all(own_ / "tmp");
    fs::create_directories(own_ / "tmp");
    fs::create_directories(own_ / "hashed");
  }

  std::unique_ptr<blob_writer> create(std::uint64_t) override {
    return make_file_writer(temporary());
  }

  blob_ptr join(std::vector<blob_ptr> pieces) override {
    const auto writer = create(0);
    for (const auto& part : pieces) {
      const auto reader = part->open();
      for (std::uint64_t at = 0; at < part->size();) {
        const auto room = writer->prepare();
        const auto view = reader->read(at, room);
        if (view.data() != room.data()) std::copy(view.begin(), view.end(), room.begin());
        writer->commit(view.size());
        at += view.size();
      }
    }
    return writer->finish();
  }

  void load(const bucket_loader& on_bucket, const object_loader& on_object) override {
    for (const auto& place : fs::directory_iterator(root_)) {
      if (!place.is_directory() || place.path() == own_) continue;
      const auto bucket = place.path().filename().string();
      on_bucket(bucket);
      const auto known = load_sidecars(bucket, on_object);
      for (const auto& file : fs::recursive_directory_iterator(place.path())) {
        if (!file.is_regular_file() || known.contains(file.path())) continue;
        on_object(bucket, file.path().lexically_relative(place.path()).string(),
                  plain_file(file.path()));
      }
    }
  }

  void bucket_created(const std::string& bucket) override {
    fs::create_directories(root_ / bucket);
    fs::create_directories(own_ / "meta" / bucket);
  }

  void object_stored(const std::string& bucket, const std::string& key, const stored_object& object,
                     const stored_object* before) override {
    const auto* body = dynamic_cast<const file_blob*>(object.body.get());
    if (body == nullptr) return;  // made up by a test: lives as long as the process
    const auto* old = before ? dynamic_cast<const file_blob*>(before->body.get()) : nullptr;
    if (old != nullptr) old->retire_to(temporary());
    const auto path = place(*body, bucket, key);
    fs::create_directories(own_ / "meta" / bucket);
    std::ofstream out(own_ / "meta" / bucket / to_hex(sha256(key)), std::ios::trunc);
    sidecar content{key, path, object};
    content.object.body.reset();
    out << to_text(content);
  }

  void object_erased(const std::string& bucket, const std::string& key,
                     const stored_object& object) override {
    std::error_code ignored;
    if (const auto* body = dynamic_cast<const file_blob*>(object.body.get())) {
      auto path = body->path();
      body->retire_to(temporary());
      // Folders go when they are empty, or a later object of that name would find one in its way.
      const auto top = (root_ / bucket).string() + '/';
      for (path = path.parent_path(); path.string().starts_with(top); path = path.parent_path()) {
        if (!fs::is_empty(path, ignored) || !fs::remove(path, ignored)) break;
      }
    }
    fs::remove(own_ / "meta" / bucket / to_hex(sha256(key)), ignored);
  }

 private:
  fs::path temporary() { return own_ / "tmp" / std::to_string(++last_); }

  /// Moves the file to where the key belongs, or to a hashed name where that cannot be.
  fs::path place(const file_blob& body, const std::string& bucket, const std::string& key) const {
    if (is_plain_path(key)) {
      const auto path = root_ / bucket / key;
      std::error_code error;
      fs::create_directories(path.parent_path(), error);
      if (!error && !fs::is_directory(path)) {
        body.move_to(path);
        return path;
      }
    }
    auto path = own_ / "hashed" / to_hex(sha256(bucket + '/' + key));
    body.move_to(path);
    return path;
  }

  std::set<fs::path> load_sidecars(const std::string& bucket, const object_loader& on_object) {
    std::set<fs::path> known;
    const auto metadata = own_ / "meta" / bucket;
    fs::create_directories(metadata);
    for (const auto& entry : fs::directory_iterator(metadata)) {
      std::ifstream in(entry.path());
      auto content = read_sidecar(in);
      std::error_code error;
      const auto size = fs::file_size(content.file, error);
      if (error) continue;
      content.object.body = std::make_shared<file_blob>(content.file, size, true);
      known.insert(content.file);
      on_object(bucket, content.key, std::move(content.object));
    }
    return known;
  }

  static stored_object plain_file(const fs::path& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0)
      throw std::system_error(errno, std::generic_category(), path.string());
    stored_object object;
    object.body =
        std::make_shared<file_blob>(path, static_cast<std::uint64_t>(status.st_size), true);
    object.last_modified = time_stamp(std::chrono::seconds(status.st_mtime));
    // Not the MD5, and no client takes it for one because of the suffix.
    object.etag =
        to_hex(sha256(std::to_string(status.st_size) + '.' + std::to_string(status.st_mtime)))
            .substr(0, 32) +
        "-1";
    return object;
  }

  const fs::path root_;
  const fs::path own_;
  std::atomic<std::uint64_t> last_{0};
};

class memory final : public storage {
 public:
  std::unique_ptr<blob_writer> create(std::uint64_t expected) override {
    return make_memory_writer(expected);
  }
  blob_ptr join(std::vector<blob_ptr> pieces) override { return joined_blob(std::move(pieces)); }
  void load(const bucket_loader&, const object_loader&) override {}
  void bucket_created(const std::string&) override {}
  void object_stored(const std::string&, const std::string&, const stored_object&,
                     const stored_object*) override {}
  void object_erased(const std::string&, const std::string&, const stored_object&) override {}
};

}  // namespace

std::unique_ptr<storage> memory_storage() { return std::make_unique<memory>(); }

std::unique_ptr<storage> folder_storage(const fs::path& folder_path) {
  return std::make_unique<folder>(folder_path);
}

}  // namespace beatsync::s3_server
