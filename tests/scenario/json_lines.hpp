#pragma once

/// What `--json` printed, line by line, as flat tables: a field of an object within an object is
/// `outer.inner`. Numbers and truth values are kept as their text.

#include "tests/support/run_process.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::tests {

struct json_line {
  std::map<std::string, std::string> fields;

  bool has(const std::string& name) const { return fields.contains(name); }
  /// The text of a field; a field that is not there fails the test.
  const std::string& operator[](const std::string& name) const;
  std::int64_t number(const std::string& name) const;
};

struct json_output {
  process_result process;
  std::vector<json_line> lines;

  int exit_code() const noexcept { return process.exit_code; }
  std::vector<json_line> of(std::string_view event) const;
  std::vector<json_line> items() const { return of("item"); }
  /// The summary of one operation; exactly one must be there.
  json_line summary(std::string_view operation) const;
  /// The last line of all.
  json_line total() const;
};

/// Each line must be one JSON object; the output must end with a newline and with the total.
json_output parse_json_lines(process_result result);

}  // namespace beatsync::tests
