// The half of registered_users.hpp that touches the disk.

#include "cli/settings/registered_users.hpp"
#include "s3/printable.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <random>
#include <thread>

#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace beatsync::cli {

namespace {

// Ten thousand DJs with long roots stay below this; anything larger is another file.
constexpr std::size_t largest_file = 4U * 1024 * 1024;

// Another run holds the lock for the milliseconds of one small write; a stopped process must not
// stop us too.
constexpr std::chrono::seconds patience(5);
constexpr std::chrono::milliseconds between_tries(20);

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  /// False where close() reports an error.
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd) == 0;
  }

 private:
  int fd_;
};

std::string folder_of(const std::string& file) {
  return file.substr(0, std::max<std::size_t>(1, file.rfind('/')));
}

/// The file itself where `file` is a link to it.
std::string resolved(const std::string& file) {
  char* real = ::realpath(file.c_str(), nullptr);
  if (real == nullptr) return file;
  std::string path = real;
  ::free(real);
  return path;
}

struct content {
  bool exists = false;
  std::string text;
  std::string problem;
  mode_t mode = 0644;
};

content read_whole(const std::string& file) {
  content answer;
  const descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!in) {
    if (errno != ENOENT) answer.problem = std::strerror(errno);
    return answer;
  }
  answer.exists = true;
  struct stat status{};
  if (::fstat(in.get(), &status) == 0) answer.mode = status.st_mode & 07777U;
  if (!S_ISREG(status.st_mode)) {
    answer.problem = "it is no file";
    return answer;
  }
  char buffer[16384];
  for (;;) {
    const ssize_t got = ::read(in.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) answer.problem = std::strerror(errno);
    if (got <= 0) break;
    answer.text.append(buffer, static_cast<std::size_t>(got));
    if (answer.text.size() > largest_file) {
      answer.problem = "it is too large to be a list of users";
      break;
    }
  }
  return answer;
}

bool lock(int folder) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (::flock(folder, LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK) return true;  // a file system without locks: the rename is atomic
    if (std::chrono::steady_clock::now() >= deadline) return false;
    std::this_thread::sleep_for(between_tries);
  }
  return true;
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::string temporary_name() {
  std::random_device random;
  constexpr char digits[] = "0123456789abcdef";
  std::string name = ".beatsync-";
  for (int i = 0; i < 16; ++i) name += digits[random() % 16];
  return name + ".part";
}

/// Empty, or errno's words.
std::string replace(const std::string& file, const std::string& text, mode_t mode, int folder) {
  const std::string temporary = folder_of(file) + "/" + temporary_name();
  descriptor out(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!out) return std::strerror(errno);
  // So that nobody takes it for a leftover, until it has its name.
  ::flock(out.get(), LOCK_EX | LOCK_NB);
  descriptor keeps_lock(::fcntl(out.get(), F_DUPFD_CLOEXEC, 0));
  bool good = write_all(out.get(), text);
  good = good && (::fchmod(out.get(), mode) == 0 || errno == EPERM || errno == ENOTSUP);
  good = good && (::fsync(out.get()) == 0 || errno == EINVAL || errno == ENOTSUP);
  good = good && out.close();
  const auto rename = [&] { return ::rename(temporary.c_str(), file.c_str()) == 0; };
  // Again without the lock: shares of Windows rename nothing that is open.
  good = good && (rename() || (keeps_lock.close() && rename()));
  if (!good) {
    const std::string why = std::strerror(errno);
    ::unlink(temporary.c_str());
    return why;
  }
  // The entry is in its place; a folder that cannot be synced only makes it less durable.
  static_cast<void>(::fsync(folder));
  return {};
}

}  // namespace

registration register_user(const std::string& file, const std::string& user,
                           const std::string& root) {
  if (file.empty() || root.empty()) return {};
  const std::string target = resolved(file);
  const std::string shown = s3::printable(target);
  const auto warned = [&](const std::string& why) {
    return registration{false, "your root was not recorded in " + shown + ": " + why +
                                   ". Friends still learn it from an XML that you upload."};
  };

  const descriptor folder(::open(folder_of(target).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder) return warned(std::strerror(errno));
  if (!lock(folder.get())) return warned("another process holds its folder locked");

  const content before = read_whole(target);
  if (!before.problem.empty()) return warned(before.problem);
  if (before.exists && before.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    return warned("the file is empty and was left alone; delete it, or write {} into it");
  }
  const registered_text after = with_entry(before.text, user, root);
  if (!after.problem.empty()) {
    return warned(after.problem + " (the file was left as it is)");
  }
  if (!after.text) return {};
  mode_t mode = before.mode;
  if (!before.exists) {
    const mode_t mask = ::umask(0);  // nobody else runs yet: main() calls this before the engine
    ::umask(mask);
    mode = 0666U & ~mask;
  }
  const std::string failed = replace(target, *after.text, mode, folder.get());
  if (!failed.empty()) return warned(failed);
  return {true, {}};
}

registered_roots read_roots(const std::string& file, const std::string& user) {
  if (file.empty()) return {};
  const content now = read_whole(file);
  registered_roots answer;
  answer.problem = now.problem;
  if (now.exists && now.problem.empty()) answer = roots_in(now.text, user);
  if (!answer.problem.empty()) answer.problem = s3::printable(file) + ": " + answer.problem;
  return answer;
}

}  // namespace beatsync::cli
