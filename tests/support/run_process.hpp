#pragma once

/// Child processes of the tests: one that runs to its end (`run_process`), and one that stays until
/// the test is done with it (`child_process`, for servers).
///
/// Both use posix_spawn, so that a test program with threads may start children. A child lives in a
/// process group of its own, which is killed as a whole; nothing outlives the test.
///
/// Threads: distinct objects are independent; one object belongs to one thread.
/// Errors: a program that cannot be started throws std::runtime_error. Everything a started
/// program does is a value.

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace beatsync::tests {

/// The whole environment of a child: tests never hand theirs on by accident (AWS_PROFILE, HOME).
using environment_list = std::vector<std::pair<std::string, std::string>>;

/// PATH, LANG and, so that the suppressions hold in a child too (tests/tsan.supp), TSAN_OPTIONS;
/// nothing else of our own environment.
environment_list bare_environment();

struct process_options {
  /// The program (looked up in PATH where its name has no slash) and its arguments.
  std::vector<std::string> command;

  environment_list environment = bare_environment();
  std::string folder = {};  ///< working folder; empty: ours
  std::string input = {};   ///< standard input; closed after it
  std::chrono::milliseconds timeout = std::chrono::seconds(120);

  /// Asked every few milliseconds; once it says yes, `signal` is sent to the child.
  std::function<bool()> signal_when = {};
  int signal = 0;
  /// The same for a second signal, asked with what came on stderr so far.
  std::function<bool(const std::string& err)> signal_again_when = {};

  /// Standard output goes to this descriptor instead of into the result; -1: does not.
  int output = -1;
};

struct process_result {
  int exit_code = -1;      ///< as a shell shows it: 128 + n after signal n
  bool timed_out = false;  ///< killed by us
  bool signalled = false;  ///< `signal_when` came true before the end
  std::string out;
  std::string err;
  std::chrono::milliseconds after_signal{0};  ///< from our signal to the end
};

/// Runs a program to its end. At the time-out its group is killed.
process_result run_process(const process_options& options);

class child_process {
 public:
  /// Output of both kinds goes to the file `log`.
  child_process(const std::vector<std::string>& command, const environment_list& environment,
                const std::string& log);
  ~child_process();  ///< SIGTERM, SIGKILL after two seconds
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;

  pid_t id() const noexcept { return id_; }

  /// Has not ended yet.
  bool running();

 private:
  pid_t id_ = -1;
  bool ended_ = false;
};

/// The path of `name` in PATH or in one of `extra_folders`; nothing where there is none.
std::optional<std::string> find_program(const std::string& name,
                                        const std::vector<std::string>& extra_folders = {});

}  // namespace beatsync::tests
