// Percent-encoding goes there and back, and what is decoded never grows. URLs are taken apart or
// refused; printable text has no control characters left.

#include "s3/http_date.hpp"
#include "s3/printable.hpp"
#include "s3/redact.hpp"
#include "s3/uri.hpp"
#include "s3/url.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace beatsync::s3;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto plus : {plus_sign::literal, plus_sign::blank}) {
    if (percent_decode(percent_encode(text), plus) != text) std::abort();
    if (percent_decode(percent_encode_path(text), plus) != text) std::abort();
    const auto decoded = percent_decode(text, plus);
    if (decoded && decoded->size() > size) std::abort();
  }
  const auto url = parse_url(text);
  if (url && (url->host.empty() || url->port == 0 || !url->target.starts_with('/'))) std::abort();
  const std::string shown = printable(text);
  if (std::any_of(shown.begin(), shown.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
    std::abort();
  (void)redact(text);
  (void)parse_http_date(text);
  const auto time = parse_iso8601(text);
  if (time && parse_iso8601(format_iso8601(*time)) != time) std::abort();
  return 0;
}
