// How fast are the checksums that every uploaded and downloaded byte goes through? Input: 1 MiB,
// the size of the buffers they are fed with.
#include "s3/checksum.hpp"
#include "s3/crc64nvme.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <vector>

namespace {

using namespace beatsync;

void checksum(benchmark::State& state, s3::checksum_algorithm algorithm) {
  const std::vector<std::byte> data(1 << 20, std::byte{0x5a});
  for (auto _ : state) {
    s3::crc_stream stream(algorithm);
    stream.update(data);
    auto sum = stream.value();
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * data.size()));
}
BENCHMARK_CAPTURE(checksum, crc64nvme, s3::checksum_algorithm::crc64nvme);
BENCHMARK_CAPTURE(checksum, crc32c, s3::checksum_algorithm::crc32c);
BENCHMARK_CAPTURE(checksum, crc32, s3::checksum_algorithm::crc32);

void crc64_by(benchmark::State& state, s3::crc64_way way) {
  if (!s3::cpu_knows(way)) return state.SkipWithError("this CPU does not know it");
  const std::vector<std::byte> data(128 << 10, std::byte{0x5a});  // body_piece
  for (auto _ : state) {
    auto sum = s3::crc64nvme(way, 0, data);
    benchmark::DoNotOptimize(sum);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * data.size()));
}
BENCHMARK_CAPTURE(crc64_by, table, s3::crc64_way::table);
BENCHMARK_CAPTURE(crc64_by, fold, s3::crc64_way::fold);
BENCHMARK_CAPTURE(crc64_by, fold_two, s3::crc64_way::fold_two);

}  // namespace
