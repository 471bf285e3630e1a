#include "engine/files/posix_beneath.hpp"

#include <atomic>
#include <string>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>

namespace beatsync::engine {

namespace {

constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

bool is_plain_segment(std::string_view segment) noexcept {
  return !segment.empty() && segment != "." && segment != ".." &&
         segment.find('\0') == std::string_view::npos;
}

/// EXDEV for everything that could leave the root or is no path.
bool is_plain_path(std::string_view path) noexcept {
  while (true) {
    const auto slash = path.find('/');
    if (!is_plain_segment(path.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

/// openat2 of the whole path in one call; errno tells. Retries what the kernel asks to retry.
int open_resolved(int root_fd, const std::string& path) {
  open_how how{};
  how.flags = folder_flags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  // EAGAIN: a rename or mount elsewhere raced with the resolution, openat2(2). Bounded, because a
  // busy machine can keep it racing.
  for (int tries = 0;; ++tries) {
    const auto fd = uninterrupted([&] {
      return static_cast<int>(::syscall(SYS_openat2, root_fd, path.c_str(), &how, sizeof how));
    });
    if (fd >= 0 || errno != EAGAIN || tries == 100) return fd;
  }
}

/// With O_NOFOLLOW | O_DIRECTORY Linux answers ENOTDIR for a link: tell it from a file.
int told_apart(int folder_fd, const char* name, int code) noexcept {
  struct stat s{};
  if (code == ENOTDIR && ::fstatat(folder_fd, name, &s, AT_SYMLINK_NOFOLLOW) == 0 &&
      S_ISLNK(s.st_mode)) {
    return ELOOP;
  }
  return code;
}

unique_fd open_by_hand(int root_fd, std::string_view path, std::size_t* made, int& code) {
  unique_fd at(uninterrupted([&] { return ::openat(root_fd, ".", folder_flags); }));
  if (!at) code = errno;
  while (at && !path.empty()) {
    const auto slash = path.find('/');
    const std::string name(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (made != nullptr) {
      if (::mkdirat(at.get(), name.c_str(), 0777) == 0) {
        ++*made;
      } else if (errno != EEXIST) {
        code = errno;
        return {};
      }
    }
    unique_fd next(uninterrupted([&] { return ::openat(at.get(), name.c_str(), folder_flags); }));
    if (!next) code = told_apart(at.get(), name.c_str(), errno);
    at = std::move(next);
  }
  return at;
}

}  // namespace

unique_fd open_folder_beneath(int root_fd, std::string_view path, std::size_t* made, int& code,
                              resolution how) {
  static std::atomic<bool> has_openat2{true};
  if (!path.empty() && !is_plain_path(path)) {
    code = EXDEV;
    return {};
  }
  if (how == resolution::automatic && !path.empty() &&
      has_openat2.load(std::memory_order_relaxed)) {
    unique_fd fd(open_resolved(root_fd, std::string(path)));
    if (fd) return fd;
    // ENOSYS: old kernel; EPERM: how seccomp filters of containers refuse calls they do not know.
    if (errno == ENOSYS || errno == EPERM) {
      if (errno == ENOSYS) has_openat2.store(false, std::memory_order_relaxed);
    } else if (errno != ENOTDIR && !(errno == ENOENT && made != nullptr)) {
      code = errno;
      return {};
    }
  }
  // Makes what is missing, and tells a link from a file.
  return open_by_hand(root_fd, path, made, code);
}

}  // namespace beatsync::engine
