#pragma once

/// The bytes of a start tag that expat has accepted: where an attribute's value stands in them.
///
/// expat tells where a tag begins and ends but not, in the builds that are shipped, where its
/// attributes are (`XML_ATTR_INFO`). Since the tag is known to be well-formed, a few hops between
/// quotes find them: values may hold `>` and the other kind of quote, never their own.
///
/// For encodings in which markup is ASCII. Pure; any thread.

#include "xml/sax_parser.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace beatsync::xml {

/// Between the quotes; offsets in the tag.
struct value_span {
  std::size_t begin;
  std::size_t end;
};

/// The attribute with this index, of `count`. Walks from the nearer end of the tag. `at_least`: how
/// many bytes the value has for certain, which need not be looked at. Nothing if the tag is not
/// what it should be.
std::optional<value_span> find_value(std::string_view tag, std::size_t index, std::size_t count,
                                     std::size_t at_least = 0) noexcept;

/// The fewest bytes that a value of this decoded size can have in the document.
std::size_t smallest_raw_size(std::size_t decoded_size, document_encoding encoding) noexcept;

/// Which byte of a value as it stands in the document (`raw`) the byte `offset` of the decoded
/// value comes from. `decoded_size`: of the whole decoded value. Nothing inside a character.
std::optional<std::size_t> raw_offset(std::string_view raw, std::size_t decoded_size,
                                      std::size_t offset, document_encoding encoding) noexcept;

}  // namespace beatsync::xml
