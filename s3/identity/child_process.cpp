#include "s3/identity/child_process.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace beatsync::s3 {
namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t longest_output = 64 * 1024;
constexpr std::size_t longest_complaint = 4 * 1024;

class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor() { close(); }
  void close() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  int get() const noexcept { return fd_; }
  bool open() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

struct pipe_ends {
  descriptor read, write;
};

result<pipe_ends> make_pipe() {
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0)
    return make_error(errc::bad_configuration,
                      std::string("cannot make a pipe: ") + std::strerror(errno));
  return pipe_ends{descriptor(fds[0]), descriptor(fds[1])};
}

/// Spawn attributes and file actions, freed together.
class spawn_plan {
 public:
  spawn_plan(int out, int err) noexcept {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    posix_spawnattr_init(&attributes_);
    // What we ignore or block is not the child's business.
    sigset_t none, defaults;
    sigemptyset(&none);
    sigemptyset(&defaults);
    for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGXFSZ}) sigaddset(&defaults, signal);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  spawn_plan(const spawn_plan&) = delete;
  spawn_plan& operator=(const spawn_plan&) = delete;

  int run(pid_t& child, const std::string& command) noexcept {
    char shell[] = "sh", option[] = "-c";
    char* const arguments[] = {shell, option, const_cast<char*>(command.c_str()), nullptr};
    return posix_spawn(&child, "/bin/sh", &actions_, &attributes_, arguments, environ);
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

int milliseconds_until(steady::time_point deadline) noexcept {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 1'000'000));
}

/// False when the pipe has ended.
bool drain(const descriptor& from, std::string& into, std::size_t limit) {
  std::array<char, 4096> buffer;
  const ssize_t size = ::read(from.get(), buffer.data(), buffer.size());
  if (size < 0) return errno == EINTR || errno == EAGAIN;
  const auto room = limit - std::min(limit, into.size());
  into.append(buffer.data(), std::min(static_cast<std::size_t>(size), room));
  return size != 0;
}

/// Both pipes to their ends; false when time is up.
bool collect(pipe_ends& out, pipe_ends& err, steady::time_point deadline, child_output& into) {
  while (out.read.open() || err.read.open()) {
    std::array<pollfd, 2> waiting = {{{out.read.get(), POLLIN, 0}, {err.read.get(), POLLIN, 0}}};
    const int left = milliseconds_until(deadline);
    const int ready = ::poll(waiting.data(), waiting.size(), left);
    if (ready == 0 || (ready < 0 && errno != EINTR)) return false;
    if (ready < 0) continue;
    if (waiting[0].revents != 0 && !drain(out.read, into.out, longest_output + 1)) out.read.close();
    if (waiting[1].revents != 0 && !drain(err.read, into.err, longest_complaint)) err.read.close();
  }
  return true;
}

/// Its pipes may be closed long before the child ends.
bool wait_for_end(pid_t child, steady::time_point deadline, int& status) {
  for (;;) {
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == child || (ended < 0 && errno != EINTR)) return true;
    const int left = milliseconds_until(deadline);
    if (left == 0) return false;
    ::poll(nullptr, 0, std::min(left, 5));
  }
}

}  // namespace

result<child_output> run_command(const std::string& command, std::chrono::milliseconds timeout) {
  const auto deadline = steady::now() + timeout;
  auto out = make_pipe();
  if (!out) return out.error();
  auto err = make_pipe();
  if (!err) return err.error();
  pid_t child = -1;
  if (const int failure = spawn_plan(out->write.get(), err->write.get()).run(child, command))
    return make_error(errc::bad_configuration,
                      std::string("cannot start /bin/sh: ") + std::strerror(failure));
  out->write.close();
  err->write.close();

  child_output collected;
  int status = 0;
  if (!collect(*out, *err, deadline, collected) || !wait_for_end(child, deadline, status)) {
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    const auto seconds = std::chrono::duration<double>(timeout).count();
    return make_error(errc::timed_out, "it did not finish within " +
                                           std::to_string(static_cast<int>(seconds)) + " seconds");
  }
  if (collected.out.size() > longest_output)
    return make_error(errc::bad_configuration, "it printed more than 64 KiB");
  collected.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return collected;
}

}  // namespace beatsync::s3
