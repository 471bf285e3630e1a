// House rules that a text search can hold (docs/dev/style-anchors.md, part c).
#include "tests/architecture/source_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <regex>

using namespace beatsync::tests;

namespace {

std::vector<source_file> everything() {
  return read_sources({"xml", "s3", "engine", "cli", "bench", "tests"});
}

bool about_this_test(const source_file& file) { return file.folder == "tests/architecture"; }

}  // namespace

// g++ 12 destroys a braced temporary in an expression with co_await twice (GCC PR 107288; c-1).
BOOST_AUTO_TEST_CASE(no_braced_temporary_in_an_awaited_expression) {
  const std::regex braces(R"(co_await [^;]*\{)");
  const std::regex block(R"(\)\s*\{\s*$)");  // `if (co_await f()) {`, `for (…) {`
  for (const auto& file : everything()) {
    if (about_this_test(file)) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string& line = file.lines[i];
      const bool bad = std::regex_search(line, braces) && !std::regex_search(line, block);
      BOOST_TEST(!bad, place(file, static_cast<int>(i) + 1)
                           << ": name the argument before the co_await: " << line);
    }
  }
}

// `op || timer` hides the real error (c-3).
BOOST_AUTO_TEST_CASE(no_awaitable_operators) {
  for (const auto& file : read_sources({"xml", "s3", "engine", "cli"})) {
    for (const auto& include : file.includes) {
      BOOST_TEST(!include.target.ends_with("awaitable_operators.hpp"),
                 place(file, include.line) << ": see docs/dev/style-anchors.md, c-3");
    }
  }
}

BOOST_AUTO_TEST_CASE(every_header_is_guarded_and_opens_with_sentences) {
  for (const auto& file : read_sources({"xml", "s3", "engine", "cli"})) {
    if (!file.is_header) continue;
    const auto& lines = file.raw_lines;
    BOOST_TEST((!lines.empty() && lines.front() == "#pragma once"),
               file.path << " does not begin with #pragma once");
    BOOST_TEST((lines.size() > 2 && lines[2].starts_with("///")),
               file.path << " does not say, from line 3 on, what it is");
  }
}

BOOST_AUTO_TEST_CASE(sources_include_their_own_header_first) {
  const auto files = read_sources({"xml", "s3", "engine", "cli"});
  for (const auto& file : files) {
    if (file.is_header) continue;
    const std::string own = file.path.substr(0, file.path.size() - 4) + ".hpp";
    const bool has_own = std::ranges::any_of(files, [&](const auto& f) { return f.path == own; });
    if (!has_own || file.includes.empty()) continue;
    BOOST_TEST(file.includes.front().target == own,
               file.path << " includes " << file.includes.front().target << " before " << own);
  }
}

BOOST_AUTO_TEST_CASE(nothing_is_left_for_later) {
  const std::regex marks(R"(\b(TODO|FIXME|XXX|HACK)\b)");
  for (const auto& file : everything()) {
    if (about_this_test(file)) continue;
    for (std::size_t i = 0; i < file.raw_lines.size(); ++i) {
      BOOST_TEST(!std::regex_search(file.raw_lines[i], marks), place(file, static_cast<int>(i) + 1)
                                                                   << ": " << file.raw_lines[i]);
    }
  }
}
