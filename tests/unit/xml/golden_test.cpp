#include "tests/unit/xml/rewriting.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

using namespace beatsync::xml;
using namespace beatsync::tests;

namespace {

namespace fs = std::filesystem;

std::string file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(in), {}};
}

/// tests/golden/xml/README.md says how a case is written.
struct golden_case {
  explicit golden_case(const fs::path& folder)
      : name(folder.filename()),
        input(file(folder / "input.xml")),
        expected(file(folder / "expected.xml")) {
    std::ifstream in(folder / "case.txt");
    for (std::string line; std::getline(in, line);) {
      const std::size_t colon = line.find(": ");
      if (line.starts_with('#') || colon == line.npos) continue;
      const std::string key = line.substr(0, colon);
      const std::string value = line.substr(colon + 2);
      if (key == "from") {
        from.push_back(root_of(value));
      } else if (key == "to") {
        to = value;
      } else {
        counts[key] = std::stoull(value);
      }
    }
  }

  std::string name;
  std::string input;
  std::string expected;
  std::vector<root> from;
  std::string to;
  std::map<std::string, std::uint64_t> counts;
};

std::vector<golden_case> all_cases() {
  std::vector<golden_case> cases;
  for (const auto& entry : fs::directory_iterator(BEATSYNC_SOURCE_DIR "/tests/golden/xml")) {
    if (entry.is_directory()) cases.emplace_back(entry.path());
  }
  return cases;
}

/// Every size for the smaller documents, every size up to the longest tag and some beyond for the
/// others.
std::size_t step(const golden_case& g, std::size_t chunk) {
  constexpr std::size_t small = 900;
  constexpr std::size_t longest_tag = 300;
  return g.input.size() < small || chunk < longest_tag ? 1 : 97;
}

std::map<std::string, std::uint64_t> counts_of(const rewrite_report& report) {
  return {{"tracks", report.tracks},
          {"rewritten", report.rewritten},
          {"keys_rewritten", report.keys_rewritten},
          {"other_root", report.other_root},
          {"streaming", report.streaming},
          {"not_a_file", report.not_a_file},
          {"without_location", report.without_location},
          {"case_differs", report.case_differs},
          {"too_long", report.too_long}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(golden)

BOOST_AUTO_TEST_CASE(every_pair) {
  const auto cases = all_cases();
  BOOST_TEST(cases.size() >= 20U);
  for (const golden_case& g : cases) {
    BOOST_TEST_CONTEXT(g.name) {
      const auto done = rewrite(g.input, g.from, root_of(g.to));
      BOOST_REQUIRE(done.has_value());
      BOOST_TEST(done->document == g.expected);
      const auto counted = counts_of(done->report);
      BOOST_TEST(!g.counts.empty());
      for (const auto& [name, expected] : g.counts) {
        BOOST_TEST_CONTEXT(name) { BOOST_TEST(counted.at(name) == expected); }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_pair_at_every_chunk_size) {
  for (const golden_case& g : all_cases()) {
    BOOST_TEST_CONTEXT(g.name) {
      for (std::size_t chunk = 1; chunk < g.input.size(); chunk += step(g, chunk)) {
        const auto done = rewrite(g.input, g.from, root_of(g.to), chunk);
        BOOST_REQUIRE(done.has_value());
        BOOST_REQUIRE(done->document == g.expected);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(every_pair_twice) {
  for (const golden_case& g : all_cases()) {
    BOOST_TEST_CONTEXT(g.name) {
      const auto again = rewrite(g.expected, g.from, root_of(g.to));
      BOOST_REQUIRE(again.has_value());
      BOOST_TEST(again->document == g.expected);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_pair_to_its_own_root) {
  for (const golden_case& g : all_cases()) {
    BOOST_TEST_CONTEXT(g.name) {
      for (const root& own : g.from) {
        const auto done = rewrite(g.input, {own}, own);
        BOOST_REQUIRE(done.has_value());
        BOOST_TEST(done->document == g.input);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_cut_anywhere_is_an_error_in_the_end) {
  const auto cases = all_cases();
  for (const golden_case& g : cases) {
    BOOST_TEST_CONTEXT(g.name) {
      // The document is complete with its root element; comments and line ends may follow.
      const std::string_view end_tag = "</DJ_PLAYLISTS>";
      const std::size_t complete = g.input.rfind(end_tag) + end_tag.size();
      const std::size_t every = complete < 1500 ? 1 : 3;
      for (std::size_t cut = 0; cut < complete; cut += every) {
        const auto done = rewrite(std::string_view(g.input).substr(0, cut), g.from, root_of(g.to));
        BOOST_REQUIRE(!done.has_value());
        BOOST_REQUIRE(done.error().line > 0);
        BOOST_REQUIRE(done.error().offset <= cut);
      }
      BOOST_TEST(rewrite(std::string_view(g.input).substr(0, complete), g.from, root_of(g.to))
                     .has_value());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
