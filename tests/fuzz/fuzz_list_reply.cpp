// Listings: the scanner and expat must read the same from any page, and never crash. The first byte
// of the input chooses the prefix.

#include "s3/replies/list_scanner.hpp"
#include "s3/replies/reply_xml.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

using namespace beatsync::s3;

namespace {

bool same(const object_summary& a, const object_summary& b) {
  return a.key == b.key && a.size == b.size && a.etag == b.etag &&
         a.last_modified == b.last_modified && a.archived == b.archived;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view prefix = data[0] % 2 == 0 ? "" : "k/";
  const char* const text = reinterpret_cast<const char*>(data) + 1;
  const std::vector<char> body(text, text + size - 1);

  std::vector<char> scanned = body;
  const bool taken = scan_list(scanned).has_value();
  if (!taken && scanned != body) std::abort();

  const auto fast = parse_list(body, prefix);
  const auto slow = parse_list_by_expat(body, prefix);
  if (fast.has_value() != slow.has_value()) std::abort();
  if (!fast) return 0;
  if (fast->next_token != slow->next_token || fast->common_prefixes != slow->common_prefixes)
    std::abort();
  if (!std::equal(fast->objects.begin(), fast->objects.end(), slow->objects.begin(),
                  slow->objects.end(), same))
    std::abort();
  for (std::size_t i = 0; i < fast->objects.size(); ++i) {
    if (!fast->objects[i].key.starts_with(prefix)) std::abort();
    if (i != 0 && fast->objects[i].key <= fast->objects[i - 1].key) std::abort();
  }
  return 0;
}
