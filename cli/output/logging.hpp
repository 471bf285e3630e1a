#pragma once

/// Diagnostics on stderr: `beatsync: warning: …`. One logger (spdlog) for the run, behind these
/// functions; nothing outside cli/ prints.
///
/// Threads: any, once made. Texts are safe for a terminal already (names by printable(), request
/// lines by the session, which also redacts them).

#include "cli/output/console.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace beatsync::cli {

enum class verbosity : std::uint8_t {
  quiet,    ///< errors only
  normal,   ///< notes, warnings, errors
  verbose,  ///< and every request
};

class diagnostics {
 public:
  diagnostics(console& to, verbosity level);
  ~diagnostics();
  diagnostics(const diagnostics&) = delete;
  diagnostics& operator=(const diagnostics&) = delete;

  /// Whether request() prints anything: a line per request is not put together for nobody.
  bool shows_requests() const noexcept;
  void request(std::string_view text);
  void note(std::string_view text);
  void warning(std::string_view text);
  void error(std::string_view text);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace beatsync::cli
