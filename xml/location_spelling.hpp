#pragma once

/// How a root is written into a location, so that it looks as if the same program had written the
/// whole (docs/dev/rekordbox.md §1.3, §2.3 point 5). Pure; any thread.

#include "xml/root.hpp"
#include "xml/sax_parser.hpp"

#include <string>
#include <string_view>

namespace beatsync::xml {

enum class spelling {
  native,     ///< rekordbox's own table of escapes, lower-case hex: `NO%20NAME`, `%c3%a9`
  upper_hex,  ///< the same table, upper-case hex, as Python's and JavaScript's libraries write it
  raw,        ///< nothing percent-encoded, only escaped for XML, as VirtualDJ exports are
};

/// The spelling of an attribute's value (after XML decoding). Raw: it has blanks, bytes beyond
/// ASCII or a `%` that starts no escape. Upper: all its hex letters, and there are some, are upper
/// case.
spelling spelling_of(std::string_view value) noexcept;

/// The root as it stands in the document behind `file://localhost`: `/Volumes/NO%20NAME`,
/// `/E:/Music`, `//server/share`; empty for `/`. Ready to be put between either kind of quotes.
/// Documents that are not UTF-8 get character references for what is not ASCII.
std::string spell(const root& r, spelling how, document_encoding encoding);

}  // namespace beatsync::xml
