#pragma once

/// A small XML document as a tree: the errors, multipart and STS answers, which have at most a few
/// thousand elements. Listings do not come this way. Namespaces and attributes are dropped.
/// Internal to reply_xml.hpp and STS. Pure; any thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3 {

struct reply_element {
  std::string name;
  std::string text;  ///< all of its own characters, in order
  std::vector<reply_element> children;
  bool mended = false;  ///< of the root: something in the document stood for another character

  /// The first child of that name.
  const reply_element* child(std::string_view wanted) const noexcept;
  /// Text of that child, "" where there is none.
  std::string text_of(std::string_view wanted) const;
};

/// Nothing where the text is not well-formed to its end, has a DOCTYPE, or goes beyond the limits
/// of size. Blanks before the XML declaration are passed over: MinIO sends them to keep a slow
/// Complete alive.
///
/// A key may have characters that XML 1.0 does not have, and stores repeat it as it is or as a
/// reference (`&#27;`). They are read as U+FFFD, and `mended` says so: who needs the key must not
/// take the answer.
std::optional<reply_element> parse_reply(std::string_view body);

}  // namespace beatsync::s3
