#include "engine/files/posix_file_system.hpp"

#include "engine/files/posix_handle.hpp"
#include "engine/files/temporary_name.hpp"

#include <array>
#include <cstdlib>

#include <fcntl.h>
#include <sys/file.h>

namespace beatsync::engine {

namespace {

/// What the umask makes less of.
constexpr mode_t mode_for(readers who) noexcept { return who == readers::user_only ? 0600 : 0666; }

class posix_lock final : public file_lock {
 public:
  explicit posix_lock(unique_fd fd) : fd_(std::move(fd)) {}

 private:
  unique_fd fd_;  // flock ends with the last descriptor
};

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// So that a new folder in it is there after a power cut: FAT has no journal that would bring it
/// back. Best effort: whoever may make folders in it may still not be allowed to open it.
void flush_folder(const std::string& path) {
  const unique_fd fd(
      uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  if (fd) uninterrupted([&] { return ::fsync(fd.get()); });
}

/// Without links, `.` and `..`.
fs_result<std::string> real_folder(const std::string& path) {
  char* real = ::realpath(path.c_str(), nullptr);
  if (real == nullptr) return error_of(errno, "open the folder", path);
  std::string found = real;
  ::free(real);
  return found;
}

/// Names in there are devices, and links to whatever a process has open: proc(5).
bool is_of_devices(std::string_view real_folder) {
  const auto is_within = [&](std::string_view top) {
    return real_folder.starts_with(top) &&
           (real_folder.size() == top.size() || real_folder[top.size()] == '/');
  };
  return is_within("/proc") || (is_within("/dev") && !is_within("/dev/shm"));
}

fs_result<std::string> target_of_link(const std::string& path) {
  // The kernel's own look comes first: in a folder like /tmp it follows nobody else's links
  // (protected_symlinks, proc_sys_fs(5)), and neither do we.
  struct stat behind{};
  if (::stat(path.c_str(), &behind) != 0 && errno != ENOENT) {
    return error_of(errno, "follow the link", path);
  }
  std::array<char, 4096> room;  // PATH_MAX
  const ssize_t size = ::readlink(path.c_str(), room.data(), room.size());
  if (size < 0) return error_of(errno, "follow the link", path);
  const std::string_view target(room.data(), static_cast<std::size_t>(size));
  return target.starts_with('/') ? std::string(target) : joined(folder_of(path), target);
}

}  // namespace

fs_result<std::unique_ptr<folder>> posix_file_system::open_root(const std::string& path) {
  unique_fd fd(uninterrupted(
      [&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK); }));
  if (!fd) return error_of(errno, "open the folder", path);
  return make_folder(std::move(fd), path);
}

fs_result<void> posix_file_system::make_folders(const std::string& path) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    if (::mkdir(part.c_str(), 0777) == 0) {
      flush_folder(folder_of(part));
      continue;
    }
    if (errno == EEXIST) continue;
    // A parent on a read-only file system answers EROFS even where the folder exists.
    const int code = errno;
    struct stat s{};
    if (::stat(part.c_str(), &s) != 0 || !S_ISDIR(s.st_mode)) {
      return error_of(code, "make the folder", part);
    }
  }
  struct stat s{};
  if (::stat(path.c_str(), &s) != 0) return error_of(errno, "make the folder", path);
  if (!S_ISDIR(s.st_mode)) return error_of(ENOTDIR, "make the folder", path);
  return {};
}

fs_result<std::unique_ptr<input_file>> posix_file_system::open_file(const std::string& path) {
  return open_input(AT_FDCWD, path, path);
}

fs_result<std::string> posix_file_system::place_of_file(const std::string& path) {
  constexpr int most_links = 40;  // as Linux, path_resolution(7)
  std::string at = path;
  for (int links = 0; links <= most_links; ++links) {
    const auto folder = real_folder(folder_of(at));
    if (folder.has_error()) return folder.error();
    if (is_of_devices(*folder)) return error_of(EINVAL, "write", path);
    at = joined(*folder, at.substr(at.rfind('/') + 1));
    struct stat s{};
    if (::lstat(at.c_str(), &s) != 0) {
      if (errno == ENOENT) return at;
      return error_of(errno, "look at", at);
    }
    if (S_ISREG(s.st_mode)) return at;
    if (!S_ISLNK(s.st_mode)) return error_of(EINVAL, "write", path);
    auto target = target_of_link(at);
    if (target.has_error()) return target;
    at = std::move(*target);
  }
  return error_of(ELOOP, "follow the links of", path);
}

fs_result<std::string> posix_file_system::read_file(const std::string& path, std::size_t limit) {
  auto opened = open_file(path);
  if (!opened) return opened.error();
  std::string text;
  std::array<std::byte, 64 * 1024> buffer;
  for (;;) {
    const auto got = (*opened)->read_at(text.size(), buffer);
    if (!got) return got.error();
    if (*got > limit - text.size()) return error_of(EFBIG, "read", path);
    text.append(reinterpret_cast<const char*>(buffer.data()), *got);
    if (*got < buffer.size()) return text;
  }
}

fs_result<void> posix_file_system::append_file(const std::string& path, std::string_view bytes,
                                               readers who) {
  unique_fd fd(uninterrupted([&] {
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, mode_for(who));
  }));
  if (!fd) return error_of(errno, "open", path);
  if (const int code = write_fully(fd.get(), bytes, -1)) return error_of(code, "write", path);
  if (::close(fd.release()) != 0) return error_of(errno, "close", path);
  return {};
}

fs_result<void> posix_file_system::replace_file(const std::string& path, std::string_view bytes,
                                                readers who) {
  const std::string beside = joined(folder_of(path), own_temporary_name(random_number()));
  unique_fd fd(uninterrupted([&] {
    return ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_for(who));
  }));
  if (!fd) return error_of(errno, "make a file beside", path);
  int code = write_fully(fd.get(), bytes, -1);
  if (code == 0 && uninterrupted([&] { return ::fsync(fd.get()); }) != 0 && errno != EINVAL) {
    code = errno;
  }
  if (::close(fd.release()) != 0 && code == 0) code = errno;
  if (code == 0 && ::rename(beside.c_str(), path.c_str()) == 0) return {};
  if (code == 0) code = errno;
  ::unlink(beside.c_str());
  return error_of(code, "write", path);
}

fs_result<std::unique_ptr<file_lock>> posix_file_system::lock_file(const std::string& path,
                                                                   std::string_view content) {
  unique_fd fd(uninterrupted([&] {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                  mode_for(readers::user_only));
  }));
  if (!fd) return error_of(errno, "open", path);
  if (uninterrupted([&] { return ::flock(fd.get(), LOCK_EX | LOCK_NB); }) != 0) {
    return error_of(errno, "lock", path);
  }
  // What stands in it only tells others who holds it: on a full disk the lock holds without. Half
  // of a number would name somebody else.
  const auto make_empty = [&] { return ::ftruncate(fd.get(), 0); };
  uninterrupted(make_empty);
  if (write_fully(fd.get(), content, 0) != 0) uninterrupted(make_empty);
  std::unique_ptr<file_lock> lock = std::make_unique<posix_lock>(std::move(fd));
  return lock;
}

}  // namespace beatsync::engine
