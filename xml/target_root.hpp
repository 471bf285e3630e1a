#pragma once

/// The root that locations get, in every spelling a document may ask for. Immutable: any thread.

#include "xml/location_spelling.hpp"
#include "xml/root.hpp"
#include "xml/sax_parser.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace beatsync::xml {

class target_root {
 public:
  explicit target_root(const root& to);

  /// What stands in front of the remainder of `value` (decoded from XML), spelt as `value` is.
  const std::string& spelt_like(std::string_view value, document_encoding encoding) const noexcept;

  /// Would rekordbox refuse the path of this root and `remainder` (still percent-encoded)?
  bool makes_too_long(std::string_view remainder) const noexcept;

 private:
  std::array<std::string, 3> spelt_;  ///< by enumerator of `spelling`
  std::string raw_in_ascii_;
  bool always_the_same_;    ///< no spelling differs from another: no need to look at values
  std::size_t characters_;  ///< of the root's path
};

}  // namespace beatsync::xml
