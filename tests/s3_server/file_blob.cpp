#include "tests/s3_server/file_blob.hpp"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

namespace beatsync::s3_server {

namespace fs = std::filesystem;

namespace {

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

class file_reader final : public blob_reader {
 public:
  explicit file_reader(const fs::path& path) : file_(path, O_RDONLY) {}

  std::span<const std::byte> read(std::uint64_t offset, std::span<std::byte> scratch) override {
    const auto got =
        ::pread(file_.get(), scratch.data(), scratch.size(), static_cast<off_t>(offset));
    if (got < 0) fail("pread");
    return scratch.first(static_cast<std::size_t>(got));
  }

 private:
  descriptor file_;
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

}  // namespace

file_blob::file_blob(fs::path path, std::uint64_t size, bool kept)
    : path_(std::move(path)), size_(size), kept_(kept) {}

file_blob::~file_blob() {
  if (!kept_) ::unlink(path_.c_str());
}

fs::path file_blob::path() const {
  const std::lock_guard lock(mutex_);
  return path_;
}

void file_blob::move(const fs::path& path, bool kept) const {
  const std::lock_guard lock(mutex_);
  fs::rename(path_, path);
  path_ = path;
  kept_ = kept;
}

void file_blob::move_to(const fs::path& path) const { move(path, true); }
void file_blob::retire_to(const fs::path& path) const { move(path, false); }

std::unique_ptr<blob_reader> file_blob::open() const {
  const std::lock_guard lock(mutex_);  // so that nobody moves it before it is open
  return std::make_unique<file_reader>(path_);
}

std::unique_ptr<blob_writer> make_file_writer(const fs::path& path) {
  return std::make_unique<file_writer>(path);
}

}  // namespace beatsync::s3_server
