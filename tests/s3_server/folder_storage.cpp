#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/storage.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fstream>
#include <mutex>
#include <set>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace beatsync::s3_server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t buffer_size = std::size_t{1} << 20U;

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

class descriptor {
 public:
  descriptor(const fs::path& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0644)) {
    if (fd_ < 0) fail("open " + path.string());
  }
  ~descriptor() { ::close(fd_); }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int get() const noexcept { return fd_; }

 private:
  int fd_;
};

/// A file; deleted with the blob unless it has become an object.
class file_blob final : public blob {
 public:
  file_blob(fs::path path, std::uint64_t size, bool kept)
      : path_(std::move(path)), size_(size), kept_(kept) {}
  ~file_blob() override {
    if (!kept_) ::unlink(path_.c_str());
  }
  file_blob(const file_blob&) = delete;
  file_blob& operator=(const file_blob&) = delete;

  std::uint64_t size() const noexcept override { return size_; }

  fs::path path() const {
    const std::lock_guard lock(mutex_);
    return path_;
  }

  void move_to(const fs::path& path) const {
    const std::lock_guard lock(mutex_);
    fs::rename(path_, path);
    path_ = path;
    kept_ = true;
  }

  std::unique_ptr<blob_reader> open() const override {
    struct reader final : blob_reader {
      explicit reader(const fs::path& path) : file_(path, O_RDONLY) {}
      std::span<const std::byte> read(std::uint64_t offset, std::span<std::byte> scratch) override {
        const auto got =
            ::pread(file_.get(), scratch.data(), scratch.size(), static_cast<off_t>(offset));
        if (got < 0) fail("pread");
        return scratch.first(static_cast<std::size_t>(got));
      }
      descriptor file_;
    };
    return std::make_unique<reader>(path());
  }

 private:
  mutable std::mutex mutex_;
  mutable fs::path path_;
  const std::uint64_t size_;
  mutable bool kept_;
};

class file_writer final : public blob_writer {
 public:
  explicit file_writer(fs::path path)
      : path_(std::move(path)), file_(path_, O_WRONLY | O_CREAT | O_TRUNC), buffer_(buffer_size) {}
  ~file_writer() override {
    if (!finished_) ::unlink(path_.c_str());
  }
  file_writer(const file_writer&) = delete;
  file_writer& operator=(const file_writer&) = delete;

  std::span<std::byte> prepare() override {
    if (used_ == buffer_.size()) flush();
    return std::span(buffer_).subspan(used_);
  }

  void commit(std::size_t size) override { used_ += size; }

  blob_ptr finish() override {
    flush();
    finished_ = true;
    return std::make_shared<file_blob>(path_, size_, false);
  }

 private:
  void flush() {
    std::size_t done = 0;
    while (done < used_) {
      const auto wrote = ::write(file_.get(), buffer_.data() + done, used_ - done);
      if (wrote < 0) fail("write " + path_.string());
      done += static_cast<std::size_t>(wrote);
    }
    size_ += used_;
    used_ = 0;
  }

  const fs::path path_;
  descriptor file_;
  std::vector<std::byte> buffer_;
  std::size_t used_ = 0;
  std::uint64_t size_ = 0;
  bool finished_ = false;
};

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

/// One `name=value` line each, values percent-encoded.
class sidecar {
 public:
  static std::string write(const std::string& key, const fs::path& file,
                           const stored_object& object) {
    std::string text;
    const auto line = [&](const std::string& name, const std::string& value) {
      text += name + '=' + uri_encode(value, true) + '\n';
    };
    line("key", key);
    line("file", file.string());
    line("etag", object.etag);
    line("modified", std::to_string(object.last_modified.time_since_epoch().count()));
    line("type", object.content_type);
    line("class", object.storage_class);
    line("sum-algorithm", object.checksum_algorithm);
    line("sum-type", object.checksum_type);
    line("sum", object.checksum);
    for (const auto& [name, value] : object.metadata)
      line("meta:" + uri_encode(name, false), value);
    for (const auto& [name, value] : object.headers) line("head:" + uri_encode(name, false), value);
    for (const auto size : object.part_sizes) line("part", std::to_string(size));
    return text;
  }

  /// Fills everything but the body.
  static void read(std::istream& in, std::string& key, fs::path& file, stored_object& object) {
    std::string line;
    while (std::getline(in, line)) {
      const auto equals = line.find('=');
      if (equals == std::string::npos) continue;
      const auto name = line.substr(0, equals);
      const auto value = percent_decode(std::string_view(line).substr(equals + 1)).value_or("");
      if (name == "key") key = value;
      if (name == "file") file = value;
      if (name == "etag") object.etag = value;
      if (name == "modified") {
        object.last_modified = time_stamp(std::chrono::milliseconds(std::stoll(value)));
      }
      if (name == "type") object.content_type = value;
      if (name == "class") object.storage_class = value;
      if (name == "sum-algorithm") object.checksum_algorithm = value;
      if (name == "sum-type") object.checksum_type = value;
      if (name == "sum") object.checksum = value;
      if (name.starts_with("meta:")) {
        object.metadata.emplace_back(percent_decode(name.substr(5)).value_or(""), value);
      }
      if (name.starts_with("head:")) {
        object.headers.emplace_back(percent_decode(name.substr(5)).value_or(""), value);
      }
      if (name == "part") object.part_sizes.push_back(std::stoull(value));
    }
  }
};

class folder final : public storage {
 public:
  explicit folder(const fs::path& root)
      : root_(fs::absolute(root)), own_(root_ / ".s3-test-server") {
    fs::remove_all(own_ / "tmp");
    fs::create_directories(own_ / "tmp");
    fs::create_directories(own_ / "hashed");
  }

  std::unique_ptr<blob_writer> create(std::uint64_t) override {
    return std::make_unique<file_writer>(own_ / "tmp" / std::to_string(++last_));
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
    const auto old_path = old ? old->path() : fs::path();
    const auto path = place(*body, bucket, key);
    if (!old_path.empty() && old_path != path) fs::remove(old_path);
    fs::create_directories(own_ / "meta" / bucket);
    std::ofstream out(own_ / "meta" / bucket / to_hex(sha256(key)), std::ios::trunc);
    out << sidecar::write(key, path, object);
  }

  void object_erased(const std::string& bucket, const std::string& key,
                     const stored_object& object) override {
    std::error_code ignored;
    if (const auto* body = dynamic_cast<const file_blob*>(object.body.get())) {
      auto path = body->path();
      fs::remove(path, ignored);
      // Folders go when they are empty, or a later object of that name would find one in its way.
      for (path = path.parent_path();
           path != root_ / bucket && path.string().starts_with(root_.string());
           path = path.parent_path()) {
        if (!fs::is_empty(path, ignored) || !fs::remove(path, ignored)) break;
      }
    }
    fs::remove(own_ / "meta" / bucket / to_hex(sha256(key)), ignored);
  }

 private:
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
      std::string key;
      fs::path path;
      stored_object object;
      sidecar::read(in, key, path, object);
      std::error_code error;
      const auto size = fs::file_size(path, error);
      if (error) continue;
      object.body = std::make_shared<file_blob>(path, size, true);
      known.insert(path);
      on_object(bucket, key, std::move(object));
    }
    return known;
  }

  static stored_object plain_file(const fs::path& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) fail("stat " + path.string());
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
