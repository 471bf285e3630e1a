#pragma once

/// Runs a document through the rewriter in one line of a test.

#include "xml/collection_rewriter.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beatsync::tests {

struct rewritten {
  std::string document;
  xml::rewrite_report report;
  std::vector<std::string> visited;
};

inline xml::root root_of(std::string_view text) {
  auto parsed = xml::root::parse(text);
  if (!parsed) throw std::invalid_argument(parsed.error().message);
  return *parsed;
}

/// `chunk` 0: the whole document at once.
inline xml::result<rewritten> rewrite(std::string_view document, std::vector<xml::root> from,
                                      xml::root to, std::size_t chunk = 0) {
  rewritten done;
  xml::rewrite_options options{.from = std::move(from), .to = std::move(to)};
  xml::collection_rewriter rewriter(
      std::move(options),
      [&done](std::span<const char> bytes) { done.document.append(bytes.data(), bytes.size()); },
      [&done](std::string_view path) { done.visited.emplace_back(path); });
  if (chunk == 0) chunk = std::max<std::size_t>(document.size(), 1);
  for (std::size_t at = 0; at < document.size(); at += chunk) {
    const std::string_view piece = document.substr(at, chunk);
    if (auto fed = rewriter.feed(std::span(piece.data(), piece.size())); !fed) return fed.error();
  }
  auto report = rewriter.finish();
  if (!report) return report.error();
  done.report = *report;
  return done;
}

inline xml::result<rewritten> rewrite(std::string_view document, std::string_view from,
                                      std::string_view to, std::size_t chunk = 0) {
  return rewrite(document, std::vector{root_of(from)}, root_of(to), chunk);
}

/// A collection of one track with this Location, as it stands between the quotes.
inline std::string collection_of(std::string_view location) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<DJ_PLAYLISTS Version=\"1.0.0\">"
         "<COLLECTION Entries=\"1\"><TRACK TrackID=\"1\" Location=\"" +
         std::string(location) + "\" Mix=\"\"/></COLLECTION></DJ_PLAYLISTS>\r\n";
}

/// What becomes of one Location; the error's text if the document is refused.
inline std::string moved(std::string_view location, std::string_view from, std::string_view to) {
  const auto done = rewrite(collection_of(location), from, to);
  if (!done) return done.error().text();
  constexpr std::string_view name = "Location=\"";
  const std::size_t begin = done->document.find(name) + name.size();
  return done->document.substr(begin, done->document.find('"', begin) - begin);
}

}  // namespace beatsync::tests
