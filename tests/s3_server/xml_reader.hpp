#pragma once

/// Reads the small XML documents that clients send (Delete, CompleteMultipartUpload). Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3_server {

/// An element without its namespace; attributes are not kept.
struct xml_node {
  std::string name;
  std::string text;
  std::vector<xml_node> children;

  /// Text of the first child of this name, or empty.
  std::string_view child(std::string_view child_name) const noexcept;
};

/// Nothing where the document is malformed or has a DOCTYPE.
std::optional<xml_node> parse_xml(std::string_view text);

}  // namespace beatsync::s3_server
