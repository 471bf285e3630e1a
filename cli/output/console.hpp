#pragma once

/// Standard output and standard error of a run, and the one line of progress that comes and goes.
///
/// Results go to stdout in large writes (at once where a person watches), diagnostics to stderr at
/// once; the progress line is taken away before either and comes back with the next tick. A reader
/// that went away (EPIPE) or a full disk does not stop the run: what could not be written is
/// dropped, and output_error() tells main() to say so.
///
/// Threads: all members may be called from any thread. SIGPIPE must be ignored.

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace beatsync::cli {

class console {
 public:
  struct settings {
    int out = 1;
    int err = 2;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    std::size_t fallback_width = 80;  ///< where the terminal does not say
  };

  explicit console(const settings& with);
  ~console();  ///< flushes
  console(const console&) = delete;
  console& operator=(const console&) = delete;

  /// One line of results, without its newline.
  void result(std::string_view line);
  /// One line or more of diagnostics, without the last newline.
  void diagnostic(std::string_view text);
  /// The same for who must never wait for a reader: not told where another thread is blocked in
  /// stderr or nobody takes bytes there. What is buffered for stdout stays there.
  void urgent(std::string_view text);
  /// Shows the line, cut to the terminal's width, in place of the one before. ASCII only. Does
  /// nothing unless stderr is a terminal.
  void progress(std::string_view line);
  void clear_progress();

  /// Hands what is buffered to the system.
  void flush();

  bool shows_progress() const noexcept { return with_.err_is_terminal; }
  /// errno of the first write to stdout that failed; 0: none.
  int output_error();

 private:
  void take_progress_away();
  void drain();

  const settings with_;
  std::timed_mutex mutex_;
  std::string buffer_;
  std::size_t progress_width_ = 0;
  int output_error_ = 0;
};

/// Takes the places of standard input, output and error where they were closed (`>&-`), before a
/// file or socket of the run can get the number and be written into. What is read from or written
/// to such a place fails as it would have (EBADF). First of all in main().
void hold_closed_streams() noexcept;

/// File descriptors 1 and 2 of this process; a terminal is one only where TERM is set and not
/// `dumb`.
console::settings process_console();

}  // namespace beatsync::cli
