#include "cli/commands/signals.hpp"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <thread>

#include <unistd.h>

using beatsync::cli::signal_watch;

namespace {

/// Dispositions and mask as they were, when the test is over.
class kept_signals {
 public:
  kept_signals() {
    pthread_sigmask(SIG_SETMASK, nullptr, &mask_);
    for (std::size_t i = 0; i < std::size(numbers_); ++i) {
      ::sigaction(numbers_[i], nullptr, &actions_[i]);
    }
  }
  ~kept_signals() {
    for (std::size_t i = 0; i < std::size(numbers_); ++i) {
      ::sigaction(numbers_[i], &actions_[i], nullptr);
    }
    pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  }
  kept_signals(const kept_signals&) = delete;
  kept_signals& operator=(const kept_signals&) = delete;

 private:
  static constexpr int numbers_[] = {SIGHUP, SIGINT, SIGPIPE, SIGXFSZ};
  sigset_t mask_{};
  struct sigaction actions_[std::size(numbers_)] = {};
};

bool is_blocked(int signal) {
  sigset_t now;
  pthread_sigmask(SIG_BLOCK, nullptr, &now);
  return sigismember(&now, signal) == 1;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(signals, kept_signals)

// nohup, and the shell that starts a job with `&`.
BOOST_AUTO_TEST_CASE(what_is_ignored_from_the_start_stays_ignored) {
  for (const int ignored : {SIGHUP, SIGINT}) {
    const int other = ignored == SIGHUP ? SIGINT : SIGHUP;
    const kept_signals each;
    std::signal(ignored, SIG_IGN);
    std::signal(other, SIG_DFL);
    const signal_watch watch([](const char* text) { BOOST_ERROR(text); });
    BOOST_TEST(!is_blocked(ignored));
    BOOST_TEST(is_blocked(other));
    BOOST_TEST(is_blocked(SIGTERM));
    if (is_blocked(ignored)) continue;  // it would end this program
    ::kill(::getpid(), ignored);
    BOOST_TEST(watch.received() == 0);
  }
}

// The summary has told the exit code; the process is only putting its things away.
BOOST_AUTO_TEST_CASE(what_comes_after_the_work_changes_nothing) {
  std::signal(SIGINT, SIG_DFL);
  signal_watch watch([](const char* text) { BOOST_ERROR(text); });
  watch.on_stop([] { BOOST_ERROR("stopped"); });
  watch.on_stop({});
  ::kill(::getpid(), SIGINT);
  while (watch.received() == 0) std::this_thread::yield();
}

// GNU timeout and process groups send one press twice; a run that hangs is not waited for for ever.
BOOST_AUTO_TEST_CASE(what_follows_at_once_is_the_same_press) {
  using namespace std::chrono_literals;
  using beatsync::cli::is_same_press;
  using beatsync::cli::time_left_to_stop;
  BOOST_TEST(is_same_press(0ms));
  BOOST_TEST(is_same_press(499ms));
  BOOST_TEST(!is_same_press(500ms));
  BOOST_TEST(!is_same_press(10s));
  BOOST_TEST(time_left_to_stop(0ms).count() == std::chrono::nanoseconds(5s).count());
  BOOST_TEST(time_left_to_stop(499ms).count() == std::chrono::nanoseconds(4501ms).count());
  BOOST_TEST(time_left_to_stop(5s).count() == 0);
  BOOST_TEST(time_left_to_stop(1h).count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
