// Folders of the POSIX file system: looking, opening, and giving files their final name.

#include "engine/files/mtime_metadata.hpp"
#include "engine/files/posix_beneath.hpp"
#include "engine/files/posix_handle.hpp"
#include "engine/files/temporary_file.hpp"
#include "engine/files/temporary_name.hpp"

#include <cstdint>
#include <cstdio>
#include <cstring>

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/statvfs.h>
#include <time.h>

namespace beatsync::engine {

namespace {

file_kind kind_of_mode(mode_t mode) noexcept {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return file_kind::regular;
    case S_IFDIR:
      return file_kind::folder;
    case S_IFLNK:
      return file_kind::link;
    case S_IFIFO:
      return file_kind::fifo;
    case S_IFSOCK:
      return file_kind::socket;
    case S_IFCHR:
    case S_IFBLK:
      return file_kind::device;
    default:
      return file_kind::unknown;
  }
}

file_kind kind_of_entry(unsigned char type) noexcept {
  switch (type) {
    case DT_REG:
      return file_kind::regular;
    case DT_DIR:
      return file_kind::folder;
    case DT_LNK:
      return file_kind::link;
    case DT_FIFO:
      return file_kind::fifo;
    case DT_SOCK:
      return file_kind::socket;
    case DT_CHR:
    case DT_BLK:
      return file_kind::device;
    default:
      return file_kind::unknown;
  }
}

/// 0 or errno. The lock ends with the descriptor, so with its process at the latest: flock(2).
int lock(int fd, int how) noexcept {
  return uninterrupted([&] { return ::flock(fd, how | LOCK_NB); }) == 0 ? 0 : errno;
}

struct close_stream {
  void operator()(DIR* stream) const noexcept { ::closedir(stream); }
};

class posix_folder final : public folder {
 public:
  posix_folder(unique_fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  const std::string& path() const noexcept override { return path_; }

  fs_result<file_status> status() override {
    struct stat s{};
    if (::fstat(fd_.get(), &s) != 0) return error_of(errno, "look at", path_);
    return status_from(s);
  }

  fs_result<void> list(folder_listing& out) override {
    // A descriptor of its own: readdir moves the position of the one it is given.
    const int own =
        uninterrupted([&] { return ::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
    if (own < 0) return error_of(errno, "open the folder", path_);
    const std::unique_ptr<DIR, close_stream> stream(::fdopendir(own));
    if (!stream) {
      const int code = errno;
      ::close(own);
      return error_of(code, "read the folder", path_);
    }
    for (;;) {
      errno = 0;
      const dirent* found = ::readdir(stream.get());
      if (found == nullptr) {
        if (errno == 0) return {};
        return error_of(errno, "read the folder", path_);
      }
      const std::string_view name = found->d_name;
      if (name == "." || name == "..") continue;
      // Offsets in a listing have 32 bits; 16 million names in one folder are no library.
      if (out.text.size() > UINT32_MAX - sizeof found->d_name) {
        return error_of(EFBIG, "read the folder", path_);
      }
      out.add(name, kind_of_entry(found->d_type));
    }
  }

  fs_result<file_status> status_of(std::string_view path, links last) override {
    const name_buffer name(path);
    struct stat s{};
    const int flags = last == links::no_follow ? AT_SYMLINK_NOFOLLOW : 0;
    if (::fstatat(fd_.get(), name.c_str(), &s, flags) != 0) {
      return error_of(errno, "look at", joined(path_, path));
    }
    return status_from(s);
  }

  fs_result<std::unique_ptr<folder>> open_folder(std::string_view name, links last) override {
    const name_buffer text(name);
    const int flags =
        O_RDONLY | O_DIRECTORY | O_CLOEXEC | (last == links::no_follow ? O_NOFOLLOW : 0);
    unique_fd fd(uninterrupted([&] { return ::openat(fd_.get(), text.c_str(), flags); }));
    if (!fd) return error_of(errno, "open the folder", joined(path_, name));
    return make_folder(std::move(fd), joined(path_, name));
  }

  fs_result<std::unique_ptr<input_file>> open_file(std::string_view path) override {
    return open_input(fd_.get(), std::string(path), joined(path_, path));
  }

  fs_result<std::unique_ptr<folder>> open_beneath(std::string_view path) override {
    int code = 0;
    unique_fd fd = open_folder_beneath(fd_.get(), path, nullptr, code);
    if (!fd) return error_of(code, "open the folder", joined(path_, path));
    return make_folder(std::move(fd), joined(path_, path));
  }

  fs_result<made_folder> make_beneath(std::string_view path) override {
    made_folder made;
    int code = 0;
    unique_fd fd = open_folder_beneath(fd_.get(), path, &made.levels, code);
    if (!fd) return error_of(code, "make or open the folder", joined(path_, path));
    made.handle = make_folder(std::move(fd), joined(path_, path));
    return made;
  }

  fs_result<std::unique_ptr<output_file>> create_temporary(std::string_view target) override {
    constexpr int tries = 16;  // 32 random bits: one is enough unless somebody plays with us
    const std::string odd = refused_by_sticks(target);
    for (int i = 0;; ++i) {
      std::string name = own_temporary_name(random_number(), odd);
      unique_fd fd(uninterrupted([&] {
        return ::openat(fd_.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                        0666);
      }));
      // Somebody took it for a leftover, just now; where there are no locks, nobody has any.
      const bool taken = fd && lock(fd.get(), LOCK_EX) == EWOULDBLOCK;
      if (taken && i < tries) continue;
      if (fd) {
        std::string shown = joined(path_, name);
        return make_output(std::move(fd), std::move(name), std::move(shown));
      }
      if (errno == EEXIST && i < tries) continue;
      // ENOENT is how exfat-fuse refuses a character; the folder itself is open, so it is there.
      const int code = errno == ENOENT && !odd.empty() ? EINVAL : errno;
      return error_of(code, "make", joined(path_, target));
    }
  }

  fs_result<void> rename(std::string_view from, std::string_view to, replace existing) override {
    const name_buffer old_name(from);
    const name_buffer new_name(to);
    const auto failed = [&](int code) { return error_of(code, "rename to", joined(path_, to)); };
    if (existing == replace::yes) {
      if (::renameat(fd_.get(), old_name.c_str(), fd_.get(), new_name.c_str()) == 0) return {};
      return failed(errno);
    }
    if (::renameat2(fd_.get(), old_name.c_str(), fd_.get(), new_name.c_str(), RENAME_NOREPLACE) ==
        0) {
      return {};
    }
    // EINVAL: this file system has no RENAME_NOREPLACE (vfat of old kernels, many network ones).
    if (errno != EINVAL && errno != ENOSYS) return failed(errno);
    if (::linkat(fd_.get(), old_name.c_str(), fd_.get(), new_name.c_str(), 0) == 0) {
      if (::unlinkat(fd_.get(), old_name.c_str(), 0) == 0) return {};
      return failed(errno);
    }
    if (errno == EEXIST) return failed(EEXIST);
    // No hard links either: look first. That nobody else makes this name meanwhile is all that can
    // be hoped for.
    struct stat s{};
    if (::fstatat(fd_.get(), new_name.c_str(), &s, AT_SYMLINK_NOFOLLOW) == 0) return failed(EEXIST);
    if (errno != ENOENT) return failed(errno);
    if (::renameat(fd_.get(), old_name.c_str(), fd_.get(), new_name.c_str()) == 0) return {};
    return failed(errno);
  }

  fs_result<void> remove(std::string_view name) override {
    const name_buffer text(name);
    if (::unlinkat(fd_.get(), text.c_str(), 0) != 0) {
      return error_of(errno, "remove", joined(path_, name));
    }
    return {};
  }

  fs_result<void> remove_leftover(std::string_view name, std::int64_t now_ns) override {
    const auto found = status_of(name, links::no_follow);
    if (!found) return found.error();
    if (found->kind != file_kind::regular) return error_of(EINVAL, "remove", joined(path_, name));
    // Not every file system locks, nor does every share lock for other computers.
    if (changed_just_now(*found, now_ns)) {
      return error_of(EWOULDBLOCK, "remove", joined(path_, name));
    }
    const name_buffer text(name);
    const unique_fd fd(uninterrupted([&] {
      return ::openat(fd_.get(), text.c_str(),
                      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    }));
    // Shared, because NFS locks exclusively only what is open for writing.
    if (fd && lock(fd.get(), LOCK_SH) == EWOULDBLOCK) {
      return error_of(EWOULDBLOCK, "lock", joined(path_, name));
    }
    return remove(name);
  }

  fs_result<void> sync() override {
    const auto result = uninterrupted([&] { return ::fsync(fd_.get()); });
    // Many file systems of sticks cannot flush a folder on its own.
    if (result != 0 && errno != EINVAL && errno != ENOTSUP && errno != ENOSYS) {
      return error_of(errno, "flush the folder", path_);
    }
    return {};
  }

  fs_result<std::uint64_t> free_space() override {
    struct statvfs s{};
    if (uninterrupted([&] { return ::fstatvfs(fd_.get(), &s); }) != 0) {
      return error_of(errno, "ask for the free space of", path_);
    }
    // FUSE without statfs answers zeros.
    if (s.f_blocks == 0) return error_of(ENOTSUP, "ask for the free space of", path_);
    const std::uint64_t blocks = ::geteuid() == 0 ? s.f_bfree : s.f_bavail;
    return blocks * s.f_frsize;
  }

 private:
  /// The name with a NUL behind it; on the stack where it is as short as names are.
  class name_buffer {
   public:
    explicit name_buffer(std::string_view name) {
      if (name.size() < sizeof short_) {
        std::memcpy(short_, name.data(), name.size());
        short_[name.size()] = '\0';
      } else {
        long_ = name;
      }
    }
    const char* c_str() const noexcept { return long_.empty() ? short_ : long_.c_str(); }

   private:
    char short_[256];
    std::string long_;
  };

  unique_fd fd_;
  std::string path_;
};

}  // namespace

file_status status_from(const struct stat& s) noexcept {
  file_status status;
  status.kind = kind_of_mode(s.st_mode);
  status.size = static_cast<std::uint64_t>(s.st_size);
  status.mtime_ns = nanoseconds_of(s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
  status.ctime_ns = nanoseconds_of(s.st_ctim.tv_sec, s.st_ctim.tv_nsec);
  status.device = s.st_dev;
  status.inode = s.st_ino;
  return status;
}

std::unique_ptr<folder> make_folder(unique_fd fd, std::string shown_path) {
  return std::make_unique<posix_folder>(std::move(fd), std::move(shown_path));
}

std::uint32_t random_number() noexcept {
  std::uint32_t number = 0;
  if (::getrandom(&number, sizeof number, 0) == static_cast<ssize_t>(sizeof number)) return number;
  // Early boot or a sandbox: the name needs to be new, not secret; O_EXCL does the rest.
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint32_t>(now.tv_sec) << 20U ^ static_cast<std::uint32_t>(now.tv_nsec) ^
         static_cast<std::uint32_t>(::getpid()) << 12U;
}

}  // namespace beatsync::engine
