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

  /// The first child of that name.
  const reply_element* child(std::string_view wanted) const noexcept;
  /// Text of that child, "" where there is none.
  std::string text_of(std::string_view wanted) const;
};

/// Nothing where the text is not well-formed to its end, has a DOCTYPE, or goes beyond the limits
/// of size. Blanks before the XML declaration are passed over: MinIO sends them to keep a slow
/// Complete alive.
std::optional<reply_element> parse_reply(std::string_view body);

}  // namespace beatsync::s3
