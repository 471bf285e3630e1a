#include "cli/output/console.hpp"

#include "cli/commands/signals.hpp"
#include "cli/output/logging.hpp"
#include "tests/unit/cli/support.hpp"

#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <csignal>
#include <future>
#include <thread>

using namespace beatsync::cli;
using beatsync::tests::captured_console;

BOOST_AUTO_TEST_SUITE(console_suite)

BOOST_AUTO_TEST_CASE(results_and_diagnostics_keep_their_order_in_one_place) {
  const beatsync::tests::temp_dir folder;
  const auto path = folder.write("both", "");
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  console::settings with;
  with.out = with.err = fd;
  {
    console to(with);
    to.result("1");
    to.diagnostic("2");
    to.result("3");
  }
  ::close(fd);
  BOOST_TEST(beatsync::tests::read_file(path) == "1\n2\n3\n");
}

BOOST_AUTO_TEST_CASE(a_reader_that_went_away_is_remembered_and_the_run_goes_on) {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2] = {-1, -1};
  BOOST_REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  console::settings with;
  with.out = ends[1];
  console to(with);
  to.result("lost");
  BOOST_TEST(to.output_error() == EPIPE);
  to.result("lost too");
  BOOST_TEST(to.output_error() == EPIPE);
  ::close(ends[1]);
}

/// A pipe that takes not a byte more until it is read.
struct full_pipe {
  int ends[2] = {-1, -1};
  std::string filled;

  full_pipe() {
    BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
    filled.assign(static_cast<std::size_t>(::fcntl(ends[1], F_GETPIPE_SZ)), 'x');
    BOOST_REQUIRE(::write(ends[1], filled.data(), filled.size()) ==
                  static_cast<ssize_t>(filled.size()));
    for (const int end : ends) ::fcntl(end, F_SETFL, 0);
  }
  ~full_pipe() {
    for (const int end : ends) ::close(end);
  }
  std::size_t read(std::size_t size) {
    std::string read(size, '\0');
    return static_cast<std::size_t>(::read(ends[0], read.data(), size));
  }
};

BOOST_AUTO_TEST_CASE(what_is_urgent_is_told_while_another_thread_is_blocked_in_stdout) {
  const beatsync::tests::temp_dir folder;
  const auto path = folder.write("err", "");
  full_pipe out;
  console::settings with;
  with.out = out.ends[1];
  with.err = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  {
    console to(with);
    const std::string large(100'000, 'r');
    std::thread blocked([&] { to.result(large); });
    // Nobody reads, so it stays blocked once it is; and before that, nothing is in the way.
    for (int i = 0; i < 3; ++i) to.urgent("stopping");
    for (std::size_t left = out.filled.size() + large.size() + 1; left != 0;)
      left -= out.read(left);
    blocked.join();
  }
  ::close(with.err);
  BOOST_TEST(beatsync::tests::read_file(path) == "stopping\nstopping\nstopping\n");
}

BOOST_AUTO_TEST_CASE(what_is_urgent_is_not_told_where_nobody_reads) {
  full_pipe err;
  console::settings with;
  with.err = err.ends[1];
  console to(with);
  to.urgent("stopping");
  BOOST_TEST(err.read(err.filled.size() + 100) == err.filled.size());
}

BOOST_AUTO_TEST_CASE(a_shorter_progress_line_covers_the_longer_one) {
  captured_console terminal(true);
  terminal.to().progress("12345");
  terminal.to().progress("12");
  terminal.to().clear_progress();
  terminal.to().clear_progress();
  BOOST_TEST(terminal.err() == "\r12345\r12   \r  \r");
}

BOOST_AUTO_TEST_CASE(a_long_progress_line_is_cut_before_the_last_column) {
  captured_console terminal(true);
  terminal.to().progress(std::string(100, 'x'));
  BOOST_TEST(terminal.err() == "\r" + std::string(39, 'x'));
}

BOOST_AUTO_TEST_CASE(levels_decide_what_is_said) {
  const auto said = [](verbosity level) {
    captured_console console;
    diagnostics say(console.to(), level);
    say.request("GET {}");  // braces are text
    say.note("n");
    say.warning("w");
    say.error("e");
    return console.err();
  };
  BOOST_TEST(said(verbosity::quiet) == "beatsync: error: e\n");
  BOOST_TEST(said(verbosity::normal) == "beatsync: n\nbeatsync: warning: w\nbeatsync: error: e\n");
  BOOST_TEST(said(verbosity::verbose) ==
             "beatsync: GET {}\nbeatsync: n\nbeatsync: warning: w\nbeatsync: error: e\n");
}

BOOST_AUTO_TEST_CASE(the_first_signal_asks_the_run_to_stop) {
  std::promise<void> stopped;
  std::promise<std::string> told;
  signal_watch signals([&](const char* text) { told.set_value(text); });
  BOOST_TEST(signals.received() == 0);
  signals.on_stop([&] { stopped.set_value(); });
  BOOST_REQUIRE(::kill(::getpid(), SIGTERM) == 0);
  stopped.get_future().wait();
  BOOST_TEST(told.get_future().get().starts_with("stopping"));
  BOOST_TEST(signals.received() == SIGTERM);
  // A runtime that is made after the signal is stopped at once.
  bool late = false;
  signals.on_stop([&] { late = true; });
  BOOST_TEST(late);
}

BOOST_AUTO_TEST_SUITE_END()
