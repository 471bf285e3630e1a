// What this machine has to spend on the bare steps of a workload: the floors beside the figures.
//
//   floors tls-send BYTES [FILE]     the sender's CPU; with FILE: read out of the page cache
//   floors tls-receive BYTES [FILE]  the receiver's CPU; with FILE: written past the page cache
//   floors requests-up COUNT SIZE [FOLDER]    COUNT small requests that carry SIZE bytes each
//   floors requests-down COUNT SIZE [FOLDER]  … whose answers do
//   floors walk FOLDER               getdents and statx, nothing else
//   floors list KEYS                 list pages, looked through for their keys
//   floors expat FILE                start tags handed to a function that does nothing
//
// Each prints one line of JSON: units done, CPU seconds of the thread under test, wall seconds.
#include "bench/floor_files.hpp"
#include "bench/floor_tls.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

namespace {

using namespace beatsync::bench;

floor_cost measure(const std::vector<std::string>& words) {
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string(); };
  const auto number = [&](std::size_t i) { return std::stoull(words.at(i)); };
  const auto& what = words.at(0);
  if (what == "tls-send") return tls_send(number(1), word(2));
  if (what == "tls-receive") return tls_receive(number(1), word(2));
  if (what == "requests-up") return requests_up(number(1), number(2), word(3));
  if (what == "requests-down") return requests_down(number(1), number(2), word(3));
  if (what == "walk") return walk(words.at(1));
  if (what == "list") return scan_list_pages(number(1));
  if (what == "expat") return parse_by_expat(words.at(1));
  throw std::invalid_argument("no such floor: " + what);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto cost = measure({argv + 1, argv + argc});
    std::printf("{\"units\": %.0f, \"cpu\": %.6f, \"wall\": %.6f}\n", cost.units, cost.cpu,
                cost.wall);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "floors: %s\n", error.what());
    return 2;
  }
}
