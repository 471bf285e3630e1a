/// Locations and roots on any bytes: what is spelt can be read again, whatever the spelling.

#include "xml/location.hpp"
#include "xml/location_spelling.hpp"
#include "xml/root_tally.hpp"
#include "xml/start_tag.hpp"
#include "xml/utf.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

using namespace beatsync::xml;

namespace {

void demand(bool promise, const char* what) {
  if (promise) return;
  std::cerr << "broken promise: " << what << '\n';
  std::abort();
}

/// As an XML parser would, for the five entities and decimal references that spell() writes.
std::string decoded(std::string_view text) {
  std::string out(text);
  for (const auto& [name, plain] :
       {std::pair{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&amp;", "&"}}) {
    const std::string_view wanted = name;
    for (std::size_t at = out.find(wanted); at != out.npos; at = out.find(wanted, at + 1)) {
      out.replace(at, wanted.size(), plain);
    }
  }
  return out;
}

void check_root(std::string_view text) {
  const auto parsed = root::parse(text);
  if (!parsed) return;
  const auto again = root::parse(parsed->text());
  demand(again && *again == *parsed, "the display form parses to the same root");
  for (const auto how : {spelling::native, spelling::upper_hex, spelling::raw}) {
    const std::string prefix = spell(*parsed, how, document_encoding::utf_8);
    const std::string value = "file://localhost" + decoded(prefix) + "/a.mp3";
    location where;
    where.read(value, parsed->segments().size() + 1);
    const auto found = match(where, *parsed);
    demand(found.has_value(), "a root is found where it was written");
    demand(found->exact, "and with its own case");
    demand(value.substr(found->end) == "/a.mp3", "and nothing but the root");
  }
  const std::string ascii = spell(*parsed, spelling::raw, document_encoding::us_ascii);
  demand(!may_change_under_normalisation(ascii), "other encodings get ASCII only");
}

void check_location(std::string_view value) {
  location where;
  where.read(value, root_tally::depth);
  (void)likely_root(where, true);
  (void)likely_root(where, false);
  demand(where.path_begin() <= value.size(), "the path begins in the value");
  std::size_t before = where.path_begin();
  for (std::size_t i = 0; i < where.size(); ++i) {
    demand(!where.segment(i).empty(), "segments are not empty");
    demand(where.segment_end(i) > before && where.segment_end(i) <= value.size(), "segments rise");
    before = where.segment_end(i);
  }
  std::string path;
  decode_relative_path(value, path);
  demand(!path.starts_with('/') && path.find("//") == path.npos,
         "relative paths have single slashes");
  demand(decoded_length(value) <= value.size(), "decoding only shortens");
  (void)spelling_of(value);
  const std::string folded = casefold_nfc(value);
  demand(casefold_nfc(folded) == folded, "folding twice is folding once");
  demand(to_nfc(to_nfd(value)) == to_nfc(value), "the normal forms agree");
}

void check_tag(std::string_view tag) {
  for (std::size_t count = 0; count < 4; ++count) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto span = find_value(tag, i, count);
      demand(!span || (span->begin <= span->end && span->end < tag.size()),
             "values lie in their tag");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_root(text);
  check_location(text);
  check_location("file://localhost" + std::string(text));
  check_tag(text);
  return 0;
}
