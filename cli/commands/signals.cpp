#include "cli/commands/signals.hpp"

#include "cli/output/exit_code.hpp"

#include <cerrno>
#include <csignal>
#include <ctime>
#include <utility>

#include <pthread.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace beatsync::cli {

namespace {

bool is_ignored(int signal) {
  struct sigaction now = {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

/// Who starts a program with one of them ignored wants it to go on: nohup, a shell's `&`. Blocked
/// and waited for, it would come all the same.
sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  for (const int signal : {SIGINT, SIGHUP}) {
    if (!is_ignored(signal)) sigaddset(&set, signal);
  }
  return set;
}

}  // namespace

signal_watch::signal_watch(std::function<void(const char* text)> tell)
    : tell_(std::move(tell)), signals_(stop_signals()) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  thread_ = std::thread([this] { watch(); });
}

signal_watch::~signal_watch() {
  over_.store(true);
  // To the thread itself, so that the process's own signals are not touched.
  pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

void signal_watch::on_stop(std::function<void()> stop) {
  const std::lock_guard<std::mutex> lock(mutex_);
  stop_ = std::move(stop);
  if (stop_) has_worked_ = true;
  // It may have come while there was nothing to stop yet but a thread was just being started.
  if (stop_ && received() != 0) stop_();
}

void signal_watch::before_end(std::function<void()> tidy) {
  const std::lock_guard<std::mutex> lock(tidy_mutex_);
  tidy_ = std::move(tidy);
}

void signal_watch::end(int signal, const char* text) {
  {
    const std::lock_guard<std::mutex> lock(tidy_mutex_);
    if (tidy_) tidy_();
  }
  tell_(text);
  ::_exit(static_cast<int>(code_of_signal(signal)));
}

signal_watch::phase signal_watch::stop() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!stop_) return has_worked_ ? phase::ending : phase::idle;
  stop_();
  return phase::working;
}

/// True: another press, or the end of this watch; false: the run takes too long to end.
bool signal_watch::comes_again() {
  using clock = std::chrono::steady_clock;
  // From here and not from the first signal's arrival: what follows it has waited for us so far.
  const auto first = clock::now();
  for (;;) {
    const std::chrono::nanoseconds left = time_left_to_stop(clock::now() - first);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    const timespec wait = {static_cast<std::time_t>(seconds.count()),
                           static_cast<long>((left - seconds).count())};
    const int again = sigtimedwait(&signals_, nullptr, &wait);
    if (over_.load()) return true;
    if (again < 0 && errno == EINTR) continue;
    if (again < 0) return false;
    if (!is_same_press(clock::now() - first)) return true;
  }
}

void signal_watch::watch() {
  int signal = 0;
  while (sigwait(&signals_, &signal) != 0) {
  }
  if (over_.load()) return;
  received_.store(signal);
  const phase now = stop();  // before a word is said
  if (now == phase::idle) end(signal, "stopped: nothing was in flight");
  if (now == phase::working) {
    tell_("stopping: what is in flight is ended in an orderly way (once more to stop at once)");
  }
  const bool again = comes_again();
  if (over_.load()) return;
  end(signal,
      again ? "stopped at once"
            : "the disk, the store or who reads the output does not answer: stopped where it was");
}

void forbid_core_dumps() noexcept { ::prctl(PR_SET_DUMPABLE, 0); }

}  // namespace beatsync::cli
