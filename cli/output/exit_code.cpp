#include "cli/output/exit_code.hpp"

#include <csignal>

namespace beatsync::cli {

namespace {

/// Larger wins. Two interruptions cannot meet in one run.
int weight(exit_code code) noexcept {
  switch (code) {
    case exit_code::ok:
      return 0;
    case exit_code::skipped:
      return 1;
    case exit_code::some_failed:
      return 2;
    case exit_code::usage:
      return 3;
    case exit_code::stopped:
      return 4;
    case exit_code::interrupted:
    case exit_code::terminated:
      return 5;
  }
  return 4;
}

}  // namespace

exit_code combine(exit_code a, exit_code b) noexcept { return weight(b) > weight(a) ? b : a; }

bool goes_on_after(exit_code code) noexcept {
  return code == exit_code::ok || code == exit_code::some_failed || code == exit_code::skipped;
}

exit_code code_of_signal(int signal) noexcept {
  return signal == SIGINT ? exit_code::interrupted : exit_code::terminated;
}

exit_code code_of(const s3::error& why) noexcept {
  const bool ours = why.code == s3::errc::no_credentials || why.code == s3::errc::bad_configuration;
  return ours ? exit_code::usage : exit_code::stopped;
}

exit_code code_of(const engine::stop_reason& why) noexcept {
  if (why.error) return code_of(*why.error);
  // Which would be the same the next time.
  const bool no_use =
      why.cause == engine::stop_cause::no_plan || why.cause == engine::stop_cause::bad_plan;
  return no_use ? exit_code::usage : exit_code::stopped;
}

exit_code code_of(const engine::report& how, int signal) noexcept {
  if (how.stopped && how.stopped->interrupted && signal != 0) return code_of_signal(signal);
  if (how.stopped) return code_of(*how.stopped);
  if (how.count.failed > 0) return exit_code::some_failed;
  if (how.count.skipped > 0) return exit_code::skipped;
  return exit_code::ok;
}

}  // namespace beatsync::cli
