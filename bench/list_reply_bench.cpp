// How fast is a page of a listing read? Input: 1,000 entries as AWS writes them, keys of some 90
// bytes, one in ten with percent escapes.
#include "s3/replies/reply_xml.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace beatsync;

std::vector<char> page() {
  std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>b</Name>"
      "<Prefix>dj/music/</Prefix><KeyCount>1000</KeyCount><MaxKeys>1000</MaxKeys>"
      "<EncodingType>url</EncodingType><IsTruncated>false</IsTruncated>";
  for (int i = 0; i < 1000; ++i) {
    char entry[512];
    std::snprintf(entry, sizeof entry,
                  "<Contents><Key>dj/music/House/2024-05/%04d+Artist+Name+-+Some+Track+Title+"
                  "%s%%28Extended+Mix%%29.mp3</Key><LastModified>2026-01-02T03:04:05.000Z"
                  "</LastModified><ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag>"
                  "<Size>11400000</Size><StorageClass>STANDARD</StorageClass></Contents>",
                  i, i % 10 == 0 ? "%C3%A9" : "");
    text += entry;
  }
  text += "</ListBucketResult>";
  return {text.begin(), text.end()};
}

void read_page(benchmark::State& state,
               s3::result<s3::list_page> (*parse)(std::vector<char>, std::string_view)) {
  const std::vector<char> text = page();
  for (auto _ : state) {
    auto read = parse(text, "dj/music/");
    if (read.has_error() || read->objects.size() != 1000) state.SkipWithError("not read");
    benchmark::DoNotOptimize(read);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 1000);
}
BENCHMARK_CAPTURE(read_page, scanner, s3::parse_list);
BENCHMARK_CAPTURE(read_page, expat, s3::parse_list_by_expat);

}  // namespace
