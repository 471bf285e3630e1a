#pragma once

/// One DJ's machine, in a temporary folder: home, stick, rekordbox XML, config.json, and the built
/// program, run with an environment that holds nothing of ours.
///
///     HOME/              home folder (.config, .cache, .local/state, .aws)
///     HOME/stick         USB_PATH
///     HOME/stick/DJ Music
///     HOME/rekordbox.xml XML_PATH
///     HOME/config.json   written anew before each run from `config`
///
/// Threads: one object belongs to one thread.

#include "tests/scenario/json_lines.hpp"
#include "tests/stores/tls_store.hpp"
#include "tests/support/run_process.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::tests {

class dj {
 public:
  /// Config and credentials are right for this store; the stick is there and empty.
  dj(tls_store& store, const std::string& bucket, const std::string& user);

  const std::filesystem::path& home() const noexcept { return home_.path(); }
  std::filesystem::path stick() const { return home() / "stick"; }
  std::filesystem::path library() const { return stick() / "DJ Music"; }
  std::filesystem::path xml() const { return home() / "rekordbox.xml"; }

  /// Key → JSON value as it stands in the file, quotes included where it is a string.
  std::map<std::string, std::string> config;
  /// Sets a string value.
  void set(const std::string& key, std::string_view value);

  /// Name → value; the whole environment of the program.
  std::map<std::string, std::string> environment;

  /// A file below `DJ Music`, with a modification time of its own and nanoseconds in it.
  void add_track(std::string_view name, std::string_view content);

  /// The program with these arguments, after `config` was written.
  process_options command(const std::vector<std::string>& arguments) const;
  process_result run(const std::vector<std::string>& arguments) const;

  /// The same with --json; every line is parsed, standard output must hold nothing else.
  json_output run_json(std::vector<std::string> arguments) const;

 private:
  temp_dir home_{"beatsync-dj"};
  int tracks_ = 0;
};

/// `"…"` with JSON's escapes.
std::string json_string(std::string_view text);

/// Fails the test with what the program said unless it ended with this code.
void expect_exit(const process_result& result, int code);

}  // namespace beatsync::tests
