// Files of the POSIX file system: reading, and writing under a temporary name.

#include "engine/files/posix_handle.hpp"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <limits>

#include <fcntl.h>
#include <sys/uio.h>

namespace beatsync::engine {

namespace {

// read(2): at most 0x7ffff000 bytes are transferred at once; stay well below.
constexpr std::size_t most_at_once = std::size_t{1} << 30;

/// fsync and posix_fallocate are optional for a file system.
bool unsupported(int code) noexcept {
  return code == EINVAL || code == ENOTSUP || code == EOPNOTSUPP || code == ENOSYS;
}

class posix_input final : public input_file {
 public:
  posix_input(unique_fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  fs_result<file_status> status() override {
    struct stat s{};
    if (::fstat(fd_.get(), &s) != 0) return error_of(errno, "look at", path_);
    return status_from(s);
  }

  fs_result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> buffer) override {
    return read(offset, buffer, 0);
  }

  fs_result<std::size_t> read_cached(std::uint64_t offset, std::span<std::byte> buffer) override {
    auto bytes = read(offset, buffer, RWF_NOWAIT);
    if (bytes.has_error() && unsupported(bytes.error().code)) {
      return error_of(EAGAIN, "read", path_);
    }
    return bytes;
  }

 private:
  /// `flags`: of preadv2(2).
  fs_result<std::size_t> read(std::uint64_t offset, std::span<std::byte> buffer, int flags) {
    std::size_t done = 0;
    while (done < buffer.size()) {
      iovec rest{};
      rest.iov_base = buffer.data() + done;
      rest.iov_len = std::min(buffer.size() - done, most_at_once);
      const auto got = uninterrupted(
          [&] { return ::preadv2(fd_.get(), &rest, 1, static_cast<off_t>(offset + done), flags); });
      if (got < 0) return error_of(errno, "read", path_);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  unique_fd fd_;
  std::string path_;
};

class posix_output final : public output_file {
 public:
  posix_output(unique_fd fd, std::string name, std::string path)
      : fd_(std::move(fd)), name_(std::move(name)), path_(std::move(path)) {}

  const std::string& name() const noexcept override { return name_; }

  void bypass_cache() noexcept override {
    // A second description of the same file: the flag belongs to the description, and what is not
    // aligned still has to be written. Without /proc, or where the file system does not know
    // O_DIRECT, there is none.
    char again[32];
    std::snprintf(again, sizeof again, "/proc/self/fd/%d", fd_.get());
    direct_ =
        unique_fd(uninterrupted([&] { return ::open(again, O_WRONLY | O_DIRECT | O_CLOEXEC); }));
  }

  fs_result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
    if (const auto around = direct_size(offset, bytes)) {
      const int code = write_fully(direct_.get(), as_text(bytes.first(around)),
                                   static_cast<std::int64_t>(offset));
      if (code == 0) {
        offset += around;
        bytes = bytes.subspan(around);
      } else if (code == EINVAL) {
        direct_refused_ = true;  // larger blocks, or a file system that only took the flag
      } else {
        return error_of(code, "write", path_);
      }
    }
    const std::string_view text = as_text(bytes);
    if (const int code = write_fully(fd_.get(), text, static_cast<std::int64_t>(offset))) {
      return error_of(code, "write", path_);
    }
    return {};
  }

  fs_result<void> reserve(std::uint64_t size) override {
    if (size == 0) return {};
    if (size > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max())) {
      return error_of(EFBIG, "reserve space for", path_);
    }
    // The size stays 0: a file that was not written to its end must not look as if it was.
    const auto result = uninterrupted(
        [&] { return ::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size)); });
    // EPERM, ENODEV: sandboxes and file systems that answer in other words that they cannot.
    if (result != 0 && !unsupported(errno) && errno != EPERM && errno != ENODEV) {
      return error_of(errno, "reserve space for", path_);
    }
    return {};
  }

  fs_result<void> set_mtime(std::int64_t mtime_ns) override {
    constexpr std::int64_t second = 1'000'000'000;
    auto seconds = mtime_ns / second;
    auto rest = mtime_ns % second;
    if (rest < 0) {
      rest += second;
      --seconds;
    }
    // Both times: sticks mounted through FUSE (exfat-fuse, libfuse 2) drop a change of only one.
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const timespec times[2] = {now, {seconds, rest}};
    if (::futimens(fd_.get(), times) != 0) return error_of(errno, "set the time of", path_);
    return {};
  }

  fs_result<file_status> status() override {
    struct stat s{};
    if (::fstat(fd_.get(), &s) != 0) return error_of(errno, "look at", path_);
    return status_from(s);
  }

  void begin_write_back() noexcept override {
    ::sync_file_range(fd_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);  // what goes wrong shows at the end
  }

  fs_result<void> end_write_back() override {
    // What fails here is told here only: sync() would not say it again.
    const auto result = uninterrupted([&] {
      constexpr unsigned all =
          SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
      return ::sync_file_range(fd_.get(), 0, 0, all);
    });
    if (result != 0 && errno != ESPIPE && !unsupported(errno)) {
      return error_of(errno, "flush to disk", path_);
    }
    return {};
  }

  fs_result<void> sync() override {
    const auto result = uninterrupted([&] { return ::fsync(fd_.get()); });
    if (result != 0 && !unsupported(errno)) return error_of(errno, "flush to disk", path_);
    return {};
  }

  fs_result<void> close() override {
    // Not repeated after EINTR: Linux has closed the descriptor all the same, close(2).
    if (direct_ && ::close(direct_.release()) != 0 && errno != EINTR) {
      return error_of(errno, "close", path_);
    }
    // flock belongs to the description, so a second descriptor keeps it; close(2) flushes what FUSE
    // and NFS hold back all the same, for that is done at every close. Without a descriptor to
    // spare the file is at least young (changed_just_now).
    unique_fd keeps_lock(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
    if (::close(fd_.release()) != 0 && errno != EINTR) return error_of(errno, "close", path_);
    fd_ = std::move(keeps_lock);
    return {};
  }

 private:
  /// How much of `bytes` can go around the page cache; little is not worth a call of its own.
  std::size_t direct_size(std::uint64_t offset, std::span<const std::byte> bytes) const noexcept {
    constexpr std::size_t worth_it = std::size_t{64} << 10U;
    const auto address = reinterpret_cast<std::uintptr_t>(bytes.data());
    if (!direct_ || direct_refused_ || (offset | address) % direct_io_alignment != 0) return 0;
    const std::size_t size = bytes.size() / direct_io_alignment * direct_io_alignment;
    return size < worth_it ? 0 : size;
  }

  static std::string_view as_text(std::span<const std::byte> bytes) noexcept {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  unique_fd fd_;
  unique_fd direct_;
  std::atomic<bool> direct_refused_{false};
  std::string name_;
  std::string path_;
};

}  // namespace

fs_result<std::unique_ptr<input_file>> open_input(int folder_fd, const std::string& relative,
                                                  std::string shown_path) {
  // O_NONBLOCK: a FIFO that took the file's place must not hold us; O_NOCTTY: nor a terminal.
  unique_fd fd(uninterrupted([&] {
    return ::openat(folder_fd, relative.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  }));
  if (!fd) return error_of(errno, "open", std::move(shown_path));
  struct stat s{};
  if (::fstat(fd.get(), &s) != 0) return error_of(errno, "look at", std::move(shown_path));
  if (!S_ISREG(s.st_mode)) return error_of(EINVAL, "open as a file", std::move(shown_path));
  std::unique_ptr<input_file> opened =
      std::make_unique<posix_input>(std::move(fd), std::move(shown_path));
  return opened;
}

std::unique_ptr<output_file> make_output(unique_fd fd, std::string name, std::string shown_path) {
  return std::make_unique<posix_output>(std::move(fd), std::move(name), std::move(shown_path));
}

int write_fully(int fd, std::string_view bytes, std::int64_t offset) noexcept {
  while (!bytes.empty()) {
    const auto size = std::min(bytes.size(), most_at_once);
    const auto put = uninterrupted([&] {
      return offset < 0 ? ::write(fd, bytes.data(), size)
                        : ::pwrite(fd, bytes.data(), size, static_cast<off_t>(offset));
    });
    if (put < 0) return errno;
    if (put == 0) return EIO;  // no progress and no error: do not try for ever
    bytes.remove_prefix(static_cast<std::size_t>(put));
    if (offset >= 0) offset += put;
  }
  return 0;
}

}  // namespace beatsync::engine
