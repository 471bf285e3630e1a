#pragma once

/// Runs a helper program (credential_process) and collects what it prints. Blocking; any thread
/// that may block. POSIX. Errors: bad_configuration where it cannot be started, timed_out.

#include "s3/error.hpp"

#include <chrono>
#include <string>

namespace beatsync::s3 {

struct child_output {
  int exit_code = 0;  ///< 128 + signal where one ended it
  std::string out;    ///< at most 64 KiB; more is an error
  std::string err;    ///< the first 4 KiB
};

/// `command` through /bin/sh -c, with our environment and standard input, in our process group (so
/// that Ctrl-C and questions on the terminal reach it). Killed when the time is up.
result<child_output> run_command(const std::string& command, std::chrono::milliseconds timeout);

}  // namespace beatsync::s3
