// Who may include whom: the arrows of docs/dev/design.md, so that nobody has to remember them.
#include "tests/architecture/source_tree.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

using namespace beatsync::tests;

namespace {

const std::vector<std::string> product_folders = {"xml", "s3", "engine", "cli"};

/// The files that make concrete objects and hand them to the engine; see cli/README.md.
const std::set<std::string> composition_root = {"cli/main.cpp"};

/// What a file of this folder may include of ours, as prefixes.
const std::map<std::string, std::vector<std::string_view>> arrows = {
    {"xml", {"xml/"}},
    // The generic half of xml/ only: list and error replies are XML.
    {"s3", {"s3/", "xml/sax_parser.hpp", "xml/error.hpp", "xml/escape.hpp", "xml/utf.hpp"}},
    // The port and pure helpers, never s3::client: every engine test runs on a store in memory.
    {"engine",
     {"engine/", "xml/", "s3/object_store.hpp", "s3/types.hpp", "s3/error.hpp", "s3/checksum.hpp",
      "s3/hash.hpp", "s3/uri.hpp", "s3/printable.hpp"}},
    // Names from outside are escaped where they are printed.
    {"cli", {"cli/", "engine/", "s3/printable.hpp"}},
};

/// The rooms of a folder, from the ground up, and what each may stand on besides itself (the
/// folder's README).
const std::map<std::string, std::set<std::string>> rooms = {
    {"s3", {}},  // values, the port, and how things are written
    {"s3/http", {"s3"}},
    {"s3/replies", {"s3", "s3/http"}},
    {"s3/identity", {"s3", "s3/http", "s3/replies"}},
    {"s3/client", {"s3", "s3/http", "s3/replies", "s3/identity"}},

    {"engine/files", {}},
    {"engine/run", {"engine/files"}},
    {"engine/names", {"engine/files", "engine/run"}},
    {"engine/difference", {"engine/files", "engine/run", "engine/names"}},
    {"engine/transfer", {"engine/files", "engine/run"}},
    {"engine/sync",
     {"engine/files", "engine/run", "engine/names", "engine/difference", "engine/transfer"}},
    {"engine/copy",
     {"engine/files", "engine/run", "engine/names", "engine/difference", "engine/transfer"}},
    {"engine/plan",
     {"engine/files", "engine/run", "engine/names", "engine/transfer", "engine/sync",
      "engine/copy"}},
    {"engine/collection", {"engine/files", "engine/run", "engine/difference", "engine/transfer"}},

    {"cli/settings", {}},
    {"cli/output", {"cli/settings"}},
    {"cli/commands", {"cli/settings", "cli/output"}},
    {"cli", {"cli/settings", "cli/output", "cli/commands"}},  // main.cpp
};

/// Third-party headers and who may reach for them: folders, in headers or only in .cpp files.
struct reach {
  std::string_view prefix;
  std::vector<std::string_view> in_sources;
  std::vector<std::string_view> in_headers;
};
const std::vector<reach> third_party = {
    // The first match counts.
    {"boost/system/", {"xml", "s3", "engine", "cli"}, {"xml", "s3", "engine", "cli"}},
    {"boost/align/", {"engine"}, {"engine"}},  // buffers that go around the page cache
    {"boost/throw_exception.hpp", {"xml", "s3", "engine"}, {}},
    {"boost/assert/source_location.hpp", {"xml", "s3", "engine"}, {"xml", "s3", "engine"}},
    {"boost/asio/awaitable.hpp", {"s3", "engine", "cli"}, {"s3", "engine", "cli"}},
    {"boost/asio/any_io_executor.hpp", {"s3", "engine", "cli"}, {"s3", "engine", "cli"}},
    {"boost/asio/", {"s3", "engine"}, {"s3", "engine"}},
    {"boost/beast/", {"s3"}, {}},
    {"boost/url", {"s3"}, {}},
    {"openssl/", {"s3"}, {}},
    {"isa-l", {"s3"}, {}},
    {"expat.h", {"xml"}, {}},
    {"utf8proc.h", {"xml", "engine"}, {}},
    {"simdjson.h", {"xml", "s3", "engine", "cli"}, {}},
    {"CLI/", {"cli"}, {}},
    {"spdlog/", {"cli"}, {}},
    {"fmt/", {"cli"}, {}},
};

std::string top_of(const std::string& path) { return path.substr(0, path.find('/')); }

bool contains(const std::vector<std::string_view>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

BOOST_AUTO_TEST_CASE(rooms_stand_on_those_below_them) {
  for (const auto& file : read_sources({"s3", "engine", "cli"})) {
    BOOST_REQUIRE_MESSAGE(rooms.contains(file.folder),
                          file.path << " stands in a room unknown here");
    for (const auto& include : file.includes) {
      const std::string other = include.target.substr(0, include.target.rfind('/'));
      if (!include.quoted || other == file.folder || top_of(include.target) != top_of(file.path)) {
        continue;
      }
      BOOST_TEST(rooms.at(file.folder).contains(other),
                 place(file, include.line) << ": " << file.folder << "/ may not include "
                                           << include.target << " (the README of its folder)");
    }
  }
}

BOOST_AUTO_TEST_CASE(folders_include_what_the_arrows_allow) {
  for (const auto& file : read_sources(product_folders)) {
    const std::string top = top_of(file.path);
    for (const auto& include : file.includes) {
      if (!include.quoted) continue;
      const bool wiring =
          composition_root.contains(file.path) && starts_with_any(include.target, {"s3/", "xml/"});
      BOOST_TEST((wiring || starts_with_any(include.target, arrows.at(top))),
                 place(file, include.line) << ": " << top << "/ may not include " << include.target
                                           << " (docs/dev/design.md)");
    }
  }
}

BOOST_AUTO_TEST_CASE(third_party_libraries_stay_where_they_belong) {
  for (const auto& file : read_sources(product_folders)) {
    const std::string top = top_of(file.path);
    for (const auto& include : file.includes) {
      if (include.quoted) continue;
      const auto rule = std::ranges::find_if(
          third_party, [&](const reach& r) { return include.target.starts_with(r.prefix); });
      if (rule == third_party.end()) {
        // Everything else is the standard library's or the system's.
        BOOST_TEST(!include.target.starts_with("boost/"),
                   place(file, include.line)
                       << ": " << include.target << " is not in the table of this test");
        continue;
      }
      const auto& allowed = file.is_header ? rule->in_headers : rule->in_sources;
      BOOST_TEST(contains(allowed, top), place(file, include.line)
                                             << ": " << include.target << " does not belong into a "
                                             << (file.is_header ? "header" : "source") << " of "
                                             << top << "/");
    }
  }
}

BOOST_AUTO_TEST_CASE(the_product_does_not_know_its_tests) {
  for (const auto& file : read_sources(product_folders)) {
    for (const auto& include : file.includes) {
      BOOST_TEST(
          (!starts_with_any(include.target, {"tests/", "bench/", "boost/test/", "benchmark/"})),
          place(file, include.line) << ": product code includes " << include.target);
    }
  }
}

BOOST_AUTO_TEST_CASE(our_includes_start_at_the_repository_root) {
  const auto files = read_sources({"xml", "s3", "engine", "cli", "bench", "tests"});
  std::set<std::string> known;
  for (const auto& file : files) known.insert(file.path);
  for (const auto& file : files) {
    for (const auto& include : file.includes) {
      if (!include.quoted) continue;
      BOOST_TEST(known.contains(include.target), place(file, include.line)
                                                     << ": no such file: " << include.target);
    }
  }
}

BOOST_AUTO_TEST_CASE(headers_include_each_other_without_cycles) {
  std::map<std::string, std::vector<std::string>> edges;
  for (const auto& file : read_sources({"xml", "s3", "engine", "cli", "tests"})) {
    if (!file.is_header) continue;
    for (const auto& include : file.includes) {
      if (include.quoted) edges[file.path].push_back(include.target);
    }
  }
  std::set<std::string> done;
  std::vector<std::string> path;
  std::function<void(const std::string&)> visit = [&](const std::string& name) {
    if (done.contains(name)) return;
    const bool cycle = std::ranges::find(path, name) != path.end();
    BOOST_TEST(!cycle, "include cycle through " << name);
    if (cycle) return;
    path.push_back(name);
    for (const auto& next : edges[name]) visit(next);
    path.pop_back();
    done.insert(name);
  };
  std::vector<std::string> names;
  for (const auto& [name, targets] : edges) names.push_back(name);
  for (const auto& name : names) visit(name);
}
