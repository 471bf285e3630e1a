#pragma once

/// File descriptors of the POSIX file system: owner, errors, and calls that are repeated after
/// EINTR. Internal to the engine.

#include "engine/files/file_system.hpp"

#include <cerrno>
#include <string>
#include <string_view>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace beatsync::engine {

class unique_fd {
 public:
  unique_fd() = default;
  explicit unique_fd(int fd) noexcept : fd_(fd) {}
  unique_fd(unique_fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  unique_fd& operator=(unique_fd&& other) noexcept {
    if (this != &other) reset(std::exchange(other.fd_, -1));
    return *this;
  }
  ~unique_fd() { reset(-1); }

  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  void reset(int fd) noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

  int fd_ = -1;
};

/// Repeats `call` while it is interrupted by a signal.
template <class Call>
auto uninterrupted(Call call) {
  for (;;) {
    const auto result = call();
    if (result != -1 || errno != EINTR) return result;
  }
}

inline fs_error error_of(int code, const char* operation, std::string path) {
  return {code, operation, std::move(path)};
}

inline std::string joined(const std::string& folder_path, std::string_view name) {
  std::string path = folder_path;
  if (!name.empty() && !path.ends_with('/')) path += '/';
  return path.append(name);
}

file_status status_from(const struct stat& s) noexcept;

/// A file opened for reading; what is not a regular file is EINVAL.
fs_result<std::unique_ptr<input_file>> open_input(int folder_fd, const std::string& relative,
                                                  std::string shown_path);

std::unique_ptr<output_file> make_output(unique_fd fd, std::string name, std::string shown_path);

std::unique_ptr<folder> make_folder(unique_fd fd, std::string shown_path);

/// Writes all bytes at `offset`; the descriptor's own position (O_APPEND) where it is negative.
/// 0 or an errno.
int write_fully(int fd, std::string_view bytes, std::int64_t offset) noexcept;

/// A random number for a temporary name.
std::uint32_t random_number() noexcept;

}  // namespace beatsync::engine
