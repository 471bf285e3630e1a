#pragma once

/// Text from outside made safe to show: server bytes, keys and file names may hold anything.
/// Pure; any thread.

#include <cstddef>
#include <string>
#include <string_view>

namespace beatsync::s3 {

/// For a terminal or a log: control characters (C0, DEL, C1, and the Unicode ones that turn text
/// around or break lines) and bytes that are not UTF-8 become `\n`, `\t`, `\x1b`, `\u{202e}`; a
/// backslash stays. Cut after `limit` bytes with an ellipsis.
std::string printable(std::string_view text, std::size_t limit = 1000);

/// For the text of an XML element or attribute: the five entities and character references for
/// control characters that XML 1.0 can carry at all (TAB, LF, CR).
std::string xml_escape(std::string_view text);

}  // namespace beatsync::s3
