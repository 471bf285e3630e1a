#include "cli/output/console.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string>

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace beatsync::cli {

namespace {

// Large enough that 100,000 lines are a few hundred writes; on_progress flushes four times a
// second.
constexpr std::size_t buffer_size = 64 * 1024;

/// 0, or errno of the write that failed.
int write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return 0;
}

/// One write, where it would not block. A pipe that poll() calls writable takes PIPE_BUF bytes at
/// once; a terminal that was stopped (Ctrl-S) is not called so.
void write_if_taken(int fd, std::string_view text) {
  pollfd place{fd, POLLOUT, 0};
  if (::poll(&place, 1, 0) != 1 || (place.revents & POLLOUT) == 0) return;
  const ssize_t put = ::write(fd, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
  static_cast<void>(put);
}

std::size_t width_of(int fd, std::size_t otherwise) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return otherwise;
  return size.ws_col;
}

}  // namespace

console::console(const settings& with) : with_(with) {}

console::~console() {
  clear_progress();
  flush();
}

void console::result(std::string_view line) {
  const std::lock_guard<std::timed_mutex> lock(mutex_);
  take_progress_away();
  buffer_ += line;
  buffer_ += '\n';
  if (with_.out_is_terminal || buffer_.size() >= buffer_size) drain();
}

void console::diagnostic(std::string_view text) {
  const std::lock_guard<std::timed_mutex> lock(mutex_);
  take_progress_away();
  drain();  // so that both streams, sent to one place, keep their order
  std::string line(text);
  line += '\n';
  // Nowhere is left to say that stderr failed.
  static_cast<void>(write_all(with_.err, line));
}

void console::urgent(std::string_view text) {
  constexpr std::chrono::milliseconds longest_wait{100};
  const std::unique_lock<std::timed_mutex> lock(mutex_, longest_wait);
  std::string line;
  if (lock && progress_width_ != 0) {
    line = "\r" + std::string(progress_width_, ' ') + "\r";
    progress_width_ = 0;
  } else if (!lock && with_.err_is_terminal) {
    line = "\n";  // perhaps behind a progress line
  }
  line += text;
  line += '\n';
  write_if_taken(with_.err, line);
}

void console::progress(std::string_view line) {
  if (!with_.err_is_terminal) return;
  const std::lock_guard<std::timed_mutex> lock(mutex_);
  // The last column stays free: some terminals wrap when it is filled.
  const std::size_t width = width_of(with_.err, with_.fallback_width);
  std::string text(line.substr(0, width > 1 ? width - 1 : 0));
  const std::size_t shown = text.size();
  if (shown < progress_width_) text.append(progress_width_ - shown, ' ');
  progress_width_ = shown;
  static_cast<void>(write_all(with_.err, "\r" + text));
}

void console::clear_progress() {
  const std::lock_guard<std::timed_mutex> lock(mutex_);
  take_progress_away();
}

void console::take_progress_away() {
  if (progress_width_ == 0) return;
  const std::string blank = "\r" + std::string(progress_width_, ' ') + "\r";
  progress_width_ = 0;
  static_cast<void>(write_all(with_.err, blank));
}

void console::flush() {
  const std::lock_guard<std::timed_mutex> lock(mutex_);
  drain();
}

void console::drain() {
  if (!buffer_.empty() && output_error_ == 0) output_error_ = write_all(with_.out, buffer_);
  buffer_.clear();
}

int console::output_error() {
  const std::lock_guard<std::timed_mutex> lock(mutex_);
  drain();
  return output_error_;
}

void hold_closed_streams() noexcept {
  for (int fd = 0; fd < 3; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest free number is this one; the way it is not used.
    static_cast<void>(::open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY));
  }
}

console::settings process_console() {
  const char* term = std::getenv("TERM");
  const bool capable = term != nullptr && *term != '\0' && std::string_view(term) != "dumb";
  console::settings with;
  with.out_is_terminal = ::isatty(1) == 1;
  with.err_is_terminal = capable && ::isatty(2) == 1;
  return with;
}

}  // namespace beatsync::cli
