#pragma once

/// Writes the small XML documents of S3's answers. Pure.

#include <concepts>
#include <string>
#include <string_view>

namespace beatsync::s3_server {

/// Text as element content. Control characters become character references, as AWS writes them
/// (which XML 1.0 parsers refuse: the reason for encoding-type=url).
void append_xml_text(std::string& out, std::string_view text);

class xml_writer {
 public:
  /// Begins the document with its root element, in S3's namespace.
  explicit xml_writer(std::string_view root);

  xml_writer& open(std::string_view name);
  xml_writer& close(std::string_view name);
  xml_writer& element(std::string_view name, std::string_view text);
  xml_writer& element(std::string_view name, bool value) {
    return element(name, std::string_view(value ? "true" : "false"));
  }
  xml_writer& element(std::string_view name, const char* text) {
    return element(name, std::string_view(text));
  }
  template <std::integral Number>
  xml_writer& element(std::string_view name, Number value) {
    return element(name, std::string_view(std::to_string(value)));
  }
  xml_writer& raw(std::string_view xml);

  /// Ends the root element and hands the document over.
  std::string finish() &&;

 private:
  std::string root_;
  std::string text_;
};

}  // namespace beatsync::s3_server
