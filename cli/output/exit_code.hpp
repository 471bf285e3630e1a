#pragma once

/// The exit codes, and how those of several operations make one (contract.md §7). Pure.

#include "engine/run/report.hpp"

#include <cstdint>

namespace beatsync::cli {

enum class exit_code : std::uint8_t {
  ok = 0,           ///< everything planned is done, or nothing was to do
  some_failed = 1,  ///< some items failed, the rest was done
  usage = 2,        ///< flags, config, missing folder, XML, profile or credentials
  skipped = 3,      ///< done, but items were skipped
  stopped = 4,      ///< could not start or had to stop
  interrupted = 130,
  terminated = 143,
};

/// The first of 130/143, 4, 2, 1, 3, 0 that occurred.
exit_code combine(exit_code a, exit_code b) noexcept;

/// Do the operations after this one run?
bool goes_on_after(exit_code code) noexcept;

/// How one operation ended. `signal` is the one that stopped the run, 0 where none came.
exit_code code_of(const engine::report& how, int signal) noexcept;

/// A run that could not begin: credentials and configuration are the user's to correct (2),
/// everything else is the store or the way to it (4).
exit_code code_of(const s3::error& why) noexcept;

/// Why an operation could not start or had to stop, but for signals.
exit_code code_of(const engine::stop_reason& why) noexcept;

/// 130 for SIGINT, 143 for SIGTERM (and SIGHUP, which asks for the same).
exit_code code_of_signal(int signal) noexcept;

}  // namespace beatsync::cli
