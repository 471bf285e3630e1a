// What does a signature cost? Input: the PUT of a small track with its metadata.
#include "s3/identity/signer.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace beatsync;

void sign_put(benchmark::State& state) {
  const std::vector<std::pair<std::string, std::string>> headers = {
      {"content-length", "11400000"},
      {"content-type", "audio/mpeg"},
      {"x-amz-checksum-crc64nvme", "rosUhgp5mIg="},
      {"x-amz-meta-mtime", "1700000000.123456789"}};
  s3::signable_request request;
  request.method = "PUT";
  request.host = "bucket.s3.eu-central-1.amazonaws.com";
  request.path = "/dj/music/House/2024-05/Artist%20-%20Track%20%28Extended%20Mix%29.mp3";
  request.headers = headers;
  s3::credentials keys;
  keys.access_key = "AKIAIOSFODNN7EXAMPLE";
  keys.secret_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  s3::signer signer;
  const std::chrono::sys_seconds now{std::chrono::seconds(1'750'000'000)};
  for (auto _ : state) {
    auto lines = signer.sign(request, keys, "eu-central-1", now);
    benchmark::DoNotOptimize(lines);
  }
}
BENCHMARK(sign_put);

}  // namespace
