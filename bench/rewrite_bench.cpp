// How fast does the rewriter read a collection? Input: native exports of 20,000 tracks (some 19 MB,
// the size of the largest public one), fed in the 256 KiB pieces that the engine uses.
#include "tests/support/rekordbox_generator.hpp"
#include "xml/collection_rewriter.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>

namespace {

using namespace beatsync;

const std::string& document() {
  static const std::string text = [] {
    tests::rekordbox_export what;
    what.tracks = 20'000;
    what.roots = {"/Volumes/NO NAME", "/Volumes/NO NAME 1"};
    return tests::make_rekordbox_export(what);
  }();
  return text;
}

void rewrite_collection(benchmark::State& state) {
  constexpr std::size_t piece = 256 * 1024;
  std::uint64_t rewritten = 0;
  for (auto _ : state) {
    xml::rewrite_options options{{xml::root::parse("/Volumes/NO NAME").value()},
                                 xml::root::parse("E:/").value()};
    std::size_t written = 0;
    xml::collection_rewriter rewriter(
        std::move(options), [&](std::span<const char> bytes) { written += bytes.size(); });
    const std::span<const char> all(document());
    for (std::size_t at = 0; at < all.size(); at += piece) {
      rewriter.feed(all.subspan(at, std::min(piece, all.size() - at))).value();
    }
    rewritten = rewriter.finish().value().rewritten;
    benchmark::DoNotOptimize(written);
  }
  if (rewritten == 0) state.SkipWithError("nothing was rewritten");
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * document().size()));
}
BENCHMARK(rewrite_collection)->Unit(benchmark::kMillisecond);

}  // namespace
