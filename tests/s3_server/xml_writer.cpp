#include "tests/s3_server/xml_writer.hpp"

#include <utility>

namespace beatsync::s3_server {

namespace {

/// Printable text but for the characters of markup, which is nearly all of a listing.
bool is_plain(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && c != '&' && c != '<' && c != '>' && c != '"';
}

}  // namespace

void append_xml_text(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto begin = i;
    while (i < text.size() && is_plain(text[i])) ++i;
    out += text.substr(begin, i - begin);
    if (i == text.size()) return;
    switch (const char c = text[i]; c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
      case '\t':
        out += c;
        break;
      default:
        out += "&#" + std::to_string(static_cast<unsigned char>(c)) + ";";
    }
  }
}

xml_writer::xml_writer(std::string_view root) : root_(root) {
  text_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<";
  text_ += root;
  // Errors are the one document that AWS sends without a namespace.
  if (root != "Error") text_ += " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";
  text_ += '>';
}

xml_writer& xml_writer::open(std::string_view name) {
  ((text_ += '<') += name) += '>';
  return *this;
}

xml_writer& xml_writer::close(std::string_view name) {
  ((text_ += "</") += name) += '>';
  return *this;
}

xml_writer& xml_writer::element(std::string_view name, std::string_view text) {
  open(name);
  append_xml_text(text_, text);
  return close(name);
}

xml_writer& xml_writer::raw(std::string_view xml) {
  text_ += xml;
  return *this;
}

std::string xml_writer::finish() && {
  close(root_);
  return std::move(text_);
}

}  // namespace beatsync::s3_server
