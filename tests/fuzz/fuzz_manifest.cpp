// Shard manifests, which anybody may have written: any line is an action or a fault. No action
// leaves its root or prefix, and what was read reads the same when it is written again. The first
// line is the header, all others are of the body.

#include "engine/names/key_mapping.hpp"
#include "engine/plan/manifest.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace beatsync::engine;

namespace {

bool same(const action& a, const action& b) {
  return a.kind == b.kind && a.why == b.why && a.path == b.path && a.key == b.key &&
         a.size == b.size && a.mtime_known == b.mtime_known && a.mtime_ns == b.mtime_ns &&
         a.etag == b.etag && a.source_key == b.source_key && a.source_etag == b.source_etag &&
         a.target_exists == b.target_exists && a.target_size == b.target_size &&
         a.target_mtime_ns == b.target_mtime_ns;
}

bool same(const plan_header& a, const plan_header& b) {
  return a.plan == b.plan && a.shard == b.shard && a.shards == b.shards && a.source == b.source &&
         a.target == b.target && a.endpoint == b.endpoint;
}

void check(manifest_parser& parser, const plan_header& header, std::string_view line) {
  const auto parsed = parser.body(header, line);
  if (!parsed && parsed.error().message.empty()) std::abort();
  if (!parsed || !parsed->what) return;
  const action& what = *parsed->what;
  const plan_place& place = what.kind == action_kind::download ? header.source : header.target;
  if (!what.key.starts_with(place.path) || what.key.size() == place.path.size()) std::abort();
  if (what.kind != action_kind::copy && problem_of_key(what.path)) std::abort();
  const std::string written = action_line(header, what);
  if (written.size() > longest_manifest_line) std::abort();
  const auto again = parser.body(header, written);
  if (!again || !again->what || !same(*again->what, what)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto line = [&text] {
    const std::string_view first = text.substr(0, text.find('\n'));
    text.remove_prefix(first.size() < text.size() ? first.size() + 1 : first.size());
    return first;
  };
  manifest_parser parser;
  const auto header = parser.header(line());
  if (!header) {
    if (header.error().message.empty()) std::abort();
    return 0;
  }
  const auto again = parser.header(header_line(*header));
  if (!again || !same(*again, *header)) std::abort();
  while (!text.empty()) check(parser, *header, line());
  return 0;
}
