/// The rewriter on any bytes: the verdict and the output do not depend on how the document is cut;
/// a result is well-formed; what it changed can be found again; the same root on both sides changes
/// nothing.

#include "xml/collection_rewriter.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

using namespace beatsync::xml;

namespace {

struct outcome {
  std::string document;
  rewrite_report report;
};

root root_of(std::string_view text) { return root::parse(text).value(); }

std::optional<outcome> rewrite(std::string_view document, const rewrite_options& options,
                               std::size_t chunk) {
  outcome done;
  collection_rewriter rewriter(
      options,
      [&done](std::span<const char> bytes) { done.document.append(bytes.data(), bytes.size()); },
      [](std::string_view path) {
        if (path.starts_with('/')) std::abort();
      });
  for (std::size_t at = 0; at < document.size(); at += chunk) {
    const std::string_view piece = document.substr(at, chunk);
    const auto room = rewriter.prepare(std::max<std::size_t>(chunk, 64));
    if (!room) return std::nullopt;
    std::ranges::copy(piece, room->begin());
    if (!rewriter.commit(piece.size())) return std::nullopt;
  }
  const auto report = rewriter.finish();
  if (!report) return std::nullopt;
  done.report = *report;
  return done;
}

void demand(bool promise, const char* what) {
  if (promise) return;
  std::cerr << "broken promise: " << what << '\n';
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rewrite_options away{.from = {root_of("/Volumes/NO NAME"), root_of("D:"),
                                             root_of("//nas/dj"), root_of("/M\xc3\xbc")},
                                    .to = root_of("/Volumes/\xc3\x89t\xc3\xa9 & 'x'")};
  static const rewrite_options nowhere{.from = {root_of("D:")}, .to = root_of("d:/")};
  if (size == 0) return 0;
  const std::size_t chunk = 1 + data[0] % 64;
  const std::string_view document(reinterpret_cast<const char*>(data) + 1, size - 1);

  const auto whole = rewrite(document, away, document.size() + 1);
  const auto pieces = rewrite(document, away, chunk);
  demand(whole.has_value() == pieces.has_value(), "one verdict for every chunk size");
  if (!whole) return 0;
  demand(whole->document == pieces->document, "one output for every chunk size");

  const auto again = rewrite(whole->document, away, document.size() + 1);
  demand(again.has_value(), "the output is well-formed");
  demand(again->report.tracks == whole->report.tracks, "no track is lost");
  demand(again->report.streaming == whole->report.streaming, "streaming tracks stay what they are");

  rewrite_options home{.from = {away.to}, .to = root_of("D:")};
  const auto back = rewrite(whole->document, home, chunk);
  demand(back.has_value() && back->report.rewritten >= whole->report.rewritten,
         "what was written is found again");

  const auto same = rewrite(document, nowhere, chunk);
  demand(same.has_value() && same->document == document, "the same root changes nothing");
  return 0;
}
