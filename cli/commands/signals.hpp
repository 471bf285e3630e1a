#pragma once

/// SIGINT, SIGTERM and SIGHUP, taken by a thread of their own (sigwait), so that nothing has to be
/// done in a signal handler. SIGINT and SIGHUP stay ignored where they were ignored when the
/// program began (nohup, a job in the background).
///
/// First signal: the stop function is called, and the run ends by itself within about 2 s. A second
/// one (but one press may arrive as several: is_same_press), or a run that has not ended after 5 s
/// (a stick that does not answer), ends the process at once; so does the first before there was a
/// stop function: nothing is in flight then. The first one behind it comes too late: the run has
/// said, or is about to say, how it ended, and its exit code is to be the one in the summary.
/// Whatever ends the process, files under their own names are whole.
///
/// Make it before any other thread: it blocks the signals in the calling thread, and later threads
/// inherit that. SIGPIPE and SIGXFSZ are ignored from then on: writes report EPIPE and EFBIG.

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace beatsync::cli {

/// GNU timeout signals its child and then the group that the child is in; a shell script's `kill`
/// beside a terminal's Ctrl-C does the same. Nobody presses twice as fast.
constexpr bool is_same_press(std::chrono::steady_clock::duration after_the_first) noexcept {
  return after_the_first < std::chrono::milliseconds(500);
}

/// How much longer a run may take that was told to end this long ago; contract.md §7 wants the end
/// within 2 s, and a run that works normally is done long before this.
constexpr std::chrono::nanoseconds time_left_to_stop(
    std::chrono::steady_clock::duration after_the_first) noexcept {
  constexpr std::chrono::nanoseconds longest = std::chrono::seconds(5);
  return after_the_first < longest ? longest - after_the_first : std::chrono::nanoseconds(0);
}

class signal_watch {
 public:
  /// `tell` is called, on the watching thread, with what to tell the user. It must not wait: not
  /// for a lock that a blocked thread may hold, nor for a terminal or a reader that takes no bytes.
  explicit signal_watch(std::function<void(const char* text)> tell);
  ~signal_watch();  ///< ends the thread; the signals stay blocked
  signal_watch(const signal_watch&) = delete;
  signal_watch& operator=(const signal_watch&) = delete;

  /// What the first signal calls; an empty function: nothing is in flight any more.
  void on_stop(std::function<void()> stop);

  /// What is called before a signal ends the process, on the watching thread: to remove what is
  /// only for this run. An empty function: nothing (any more).
  void before_end(std::function<void()> tidy);

  /// The first signal that came, 0: none.
  int received() const noexcept { return received_.load(); }

 private:
  enum class phase : std::uint8_t { idle, working, ending };

  void watch();
  phase stop();
  bool comes_again();
  [[noreturn]] void end(int signal, const char* text);

  std::function<void(const char* text)> tell_;
  const sigset_t signals_;  ///< those taken
  std::mutex mutex_;
  std::function<void()> stop_;
  bool has_worked_ = false;  ///< there was a stop function
  std::mutex tidy_mutex_;    ///< another one: the end must not wait for what is being stopped
  std::function<void()> tidy_;
  std::atomic<int> received_{0};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// No core dumps: they would hold keys and tokens.
void forbid_core_dumps() noexcept;

}  // namespace beatsync::cli
