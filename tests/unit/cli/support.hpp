#pragma once

/// What the tests of cli/ share: surroundings that are not this machine's, an observer's calls as
/// text, a console that writes into files.

#include "cli/output/console.hpp"
#include "cli/settings/surroundings.hpp"
#include "tests/support/temp_dir.hpp"

#include <map>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace beatsync::tests {

inline cli::surroundings surroundings_with(std::map<std::string, std::string> variables = {}) {
  cli::surroundings around;
  around.variable = [variables](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end() || found->second.empty()) return std::nullopt;
    return found->second;
  };
  around.home = "/home/ann";
  around.working_folder = "/work";
  around.user_name = "ann";
  return around;
}

/// A console whose two streams are files.
class captured_console {
 public:
  explicit captured_console(bool terminal = false)
      : out_(open(folder_ / "out")), err_(open(folder_ / "err")), to_(settings(terminal)) {}
  ~captured_console() {
    ::close(out_);
    ::close(err_);
  }
  captured_console(const captured_console&) = delete;
  captured_console& operator=(const captured_console&) = delete;

  cli::console& to() { return to_; }
  std::string out() {
    to_.flush();
    return read_file(folder_ / "out");
  }
  std::string err() { return read_file(folder_ / "err"); }

 private:
  static int open(const std::filesystem::path& path) {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  cli::console::settings settings(bool terminal) const {
    cli::console::settings with;
    with.out = out_;
    with.err = err_;
    with.err_is_terminal = terminal;
    with.fallback_width = 40;
    return with;
  }

  temp_dir folder_;
  int out_;
  int err_;
  cli::console to_;
};

}  // namespace beatsync::tests
