// How fast is the merge join? Input: pages of 1,000 names that both sides have with the same size,
// as in a sync that finds nothing to do, 50 to a folder, some 40 bytes each; and the same with one
// name in a hundred missing on the other side.
#include "engine/difference/decider.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace beatsync;

constexpr std::uint64_t size = 11'400'000;

std::vector<std::string> names() {
  std::vector<std::string> made;
  for (int i = 0; i < 1000; ++i) {
    char name[64];
    std::snprintf(name, sizeof name, "House/2024-%02d/%04d Artist - Title.mp3", i / 50, i);
    made.emplace_back(name);
  }
  return made;
}

engine::local_batch local_side(const std::vector<std::string>& all) {
  engine::local_batch batch;
  for (const auto& name : all) {
    engine::local_entry entry;
    entry.offset = static_cast<std::uint32_t>(batch.text.size());
    entry.length = static_cast<std::uint32_t>(name.size());
    entry.size = size;
    batch.text += name;
    batch.entries.push_back(entry);
  }
  return batch;
}

void merge_join(benchmark::State& state) {
  const auto missing_every = static_cast<std::size_t>(state.range(0));
  const auto all = names();
  const auto local = local_side(all);
  std::vector<s3::object_summary> remote;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (missing_every != 0 && i % missing_every == 0) continue;
    s3::object_summary object;
    object.key = all[i];
    object.size = size;
    remote.push_back(object);
  }
  engine::selection_filter filter{engine::selection()};
  std::uint64_t decisions = 0;
  for (auto _ : state) {
    engine::decider decide(engine::direction::upload, engine::on_conflict::leave, "", filter,
                           nullptr, {});
    engine::difference_batch out;
    std::size_t there = 0;
    for (const auto& entry : local.entries) {
      const auto path = local.path_of(entry);
      if (there < remote.size() && path == remote[there].key) {
        decide.both(path, entry, remote[there++], out);
      } else {
        decide.only_local(path, entry, out);
      }
    }
    decisions += out.actions.size();
    benchmark::DoNotOptimize(out);
  }
  if ((missing_every == 0) != (decisions == 0)) state.SkipWithError("decided wrongly");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * all.size()));
}
BENCHMARK(merge_join)->ArgName("missing_every")->Arg(0)->Arg(100);

}  // namespace
