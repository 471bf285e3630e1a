#pragma once

/// The bytes of an XML text that need no thought, for the scanner of listings. Pure; any thread.

#include <cstddef>
#include <string_view>

namespace beatsync::s3 {

/// False where a byte stands anywhere that XML forbids or changes: control characters, CR (line
/// ends become LF), `]]>`, U+FFFE and U+FFFF, and what is not UTF-8. One pass over everything costs
/// less than a look at every field.
bool is_plain_xml(std::string_view page) noexcept;

struct xml_reference {
  char character = '\0';
  std::size_t size = 0;  ///< of the reference itself; 0: none that we take
};

/// At the front of `text`, which begins with `&`: the five of XML and character references below
/// U+0080.
xml_reference read_xml_reference(std::string_view text) noexcept;

}  // namespace beatsync::s3
