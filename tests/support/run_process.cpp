#include "tests/support/run_process.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace beatsync::tests {
namespace {

using clock = std::chrono::steady_clock;

class descriptor {
 public:
  explicit descriptor(int fd = -1) noexcept : fd_(fd) {}
  ~descriptor() { close(); }
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const noexcept { return fd_; }
  bool open() const noexcept { return fd_ >= 0; }
  void close() noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

struct pipe_pair {
  descriptor read;
  descriptor write;
};

pipe_pair make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("pipe");
  return {descriptor(ends[0]), descriptor(ends[1])};
}

/// The null-terminated arrays that posix_spawn wants; valid as long as `texts`.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

class spawn_setup {
 public:
  spawn_setup() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);  // we ignore it; the child decides for itself
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  }
  ~spawn_setup() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  spawn_setup(const spawn_setup&) = delete;
  spawn_setup& operator=(const spawn_setup&) = delete;

  void use(int ours, int theirs) { posix_spawn_file_actions_adddup2(&actions_, ours, theirs); }
  void open(const std::string& path, int flags, int theirs) {
    posix_spawn_file_actions_addopen(&actions_, theirs, path.c_str(), flags, 0600);
  }
  void enter(const std::string& folder) {
    posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str());
  }

  pid_t start(std::vector<std::string> command, const environment_list& environment) {
    std::vector<std::string> variables;
    for (const auto& [name, value] : environment) variables.push_back(name + "=" + value);
    auto arguments = pointers(command);
    auto settings = pointers(variables);
    pid_t id = -1;
    const int error =
        posix_spawnp(&id, arguments[0], &actions_, &attributes_, arguments.data(), settings.data());
    if (error != 0) {
      throw std::runtime_error("cannot start " + command[0] + ": " + std::strerror(error));
    }
    return id;
  }

 private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

int shell_code(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/// Appends what is there; closes at the end of file.
void read_some(descriptor& from, std::string& to) {
  char buffer[65536];
  const ssize_t got = ::read(from.get(), buffer, sizeof buffer);
  if (got > 0) {
    to.append(buffer, static_cast<std::size_t>(got));
  } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
    from.close();
  }
}

void write_some(descriptor& to, const std::string& text, std::size_t& sent) {
  const ssize_t put = ::write(to.get(), text.data() + sent, text.size() - sent);
  if (put > 0) sent += static_cast<std::size_t>(put);
  if (sent == text.size() || (put < 0 && errno != EINTR && errno != EAGAIN)) to.close();
}

}  // namespace

environment_list bare_environment() {
  const char* path = std::getenv("PATH");
  environment_list environment = {{"PATH", path ? path : "/usr/bin:/bin"}, {"LANG", "C.UTF-8"}};
  if (const char* told = std::getenv("TSAN_OPTIONS"))
    environment.emplace_back("TSAN_OPTIONS", told);
  return environment;
}

process_result run_process(const process_options& options) {
  ::signal(SIGPIPE, SIG_IGN);  // a child may end before it has read its input
  auto in = make_pipe();
  auto out = make_pipe();
  auto err = make_pipe();
  spawn_setup setup;
  setup.use(in.read.get(), 0);
  setup.use(options.output < 0 ? out.write.get() : options.output, 1);
  setup.use(err.write.get(), 2);
  if (!options.folder.empty()) setup.enter(options.folder);
  const pid_t id = setup.start(options.command, options.environment);
  in.read.close();
  out.write.close();
  err.write.close();
  ::fcntl(in.write.get(), F_SETFL, O_NONBLOCK);
  if (options.input.empty()) in.write.close();
  descriptor ended(static_cast<int>(::syscall(SYS_pidfd_open, id, 0)));
  if (!ended.open()) fail("pidfd_open");

  process_result result;
  const auto deadline = clock::now() + options.timeout;
  clock::time_point signalled_at;
  std::size_t sent = 0;
  bool over = false;
  bool again = false;
  while (!over || out.read.open() || err.read.open()) {
    pollfd waits[] = {{over ? -1 : ended.get(), POLLIN, 0},
                      {out.read.get(), POLLIN, 0},
                      {err.read.get(), POLLIN, 0},
                      {in.write.get(), POLLOUT, 0}};
    ::poll(waits, 4, options.signal_when && !result.signalled ? 2 : 100);
    if (out.read.open() && waits[1].revents) read_some(out.read, result.out);
    if (err.read.open() && waits[2].revents) read_some(err.read, result.err);
    if (in.write.open() && waits[3].revents) write_some(in.write, options.input, sent);
    if (!over && waits[0].revents) {
      int status = 0;
      ::waitpid(id, &status, 0);
      over = true;
      if (result.signalled) {
        result.after_signal =
            std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - signalled_at);
      }
      result.exit_code = shell_code(status);
      ::kill(-id, SIGKILL);  // grandchildren would keep the pipes open
    }
    if (over) continue;
    if (result.signalled && !again && options.signal_again_when &&
        options.signal_again_when(result.err)) {
      again = true;
      ::kill(id, options.signal);
    }
    if (options.signal_when && !result.signalled && options.signal_when()) {
      result.signalled = true;
      signalled_at = clock::now();
      ::kill(id, options.signal);
    }
    if (!result.timed_out && clock::now() > deadline) {
      result.timed_out = true;
      ::kill(-id, SIGKILL);
    }
  }
  return result;
}

child_process::child_process(const std::vector<std::string>& command,
                             const environment_list& environment, const std::string& log) {
  spawn_setup setup;
  setup.open("/dev/null", O_RDONLY, 0);
  setup.open(log, O_WRONLY | O_CREAT | O_APPEND, 1);
  setup.use(1, 2);
  // A test program killed by ctest's time-out runs no destructors: the kernel ends its servers.
  std::vector<std::string> guarded = command;
  if (find_program("setpriv")) {
    guarded.insert(guarded.begin(), {"setpriv", "--pdeathsig", "KILL", "--"});
  }
  id_ = setup.start(guarded, environment);
}

child_process::~child_process() {
  if (!running()) return;
  ::kill(-id_, SIGTERM);
  const auto patience = clock::now() + std::chrono::seconds(2);
  while (running() && clock::now() < patience) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (running()) {
    ::kill(-id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
}

bool child_process::running() {
  if (!ended_) ended_ = ::waitpid(id_, nullptr, WNOHANG) == id_;
  return !ended_;
}

std::optional<std::string> find_program(const std::string& name,
                                        const std::vector<std::string>& extra_folders) {
  std::vector<std::string> folders = extra_folders;
  const char* path = std::getenv("PATH");
  std::string rest = path ? path : "/usr/bin:/bin";
  for (std::size_t from = 0; from <= rest.size();) {
    const std::size_t colon = std::min(rest.find(':', from), rest.size());
    folders.push_back(rest.substr(from, colon - from));
    from = colon + 1;
  }
  for (const auto& folder : folders) {
    const std::string candidate = folder + "/" + name;
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return std::nullopt;
}

}  // namespace beatsync::tests
