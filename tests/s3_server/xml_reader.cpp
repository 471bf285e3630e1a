#include "tests/s3_server/xml_reader.hpp"

#include <expat.h>

#include <memory>

namespace beatsync::s3_server {
namespace {

struct builder {
  XML_Parser parser = nullptr;
  xml_node root;
  std::vector<xml_node> open;
};

void XMLCALL on_start(void* data, const XML_Char* name, const XML_Char**) {
  auto& state = *static_cast<builder*>(data);
  const std::string_view full(name);
  const auto space = full.rfind(' ');  // expat puts the namespace first, parted by our separator
  xml_node node;
  node.name = space == std::string_view::npos ? full : full.substr(space + 1);
  state.open.push_back(std::move(node));
}

void XMLCALL on_end(void* data, const XML_Char*) {
  auto& state = *static_cast<builder*>(data);
  auto node = std::move(state.open.back());
  state.open.pop_back();
  auto& siblings = state.open.empty() ? state.root.children : state.open.back().children;
  siblings.push_back(std::move(node));
}

void XMLCALL on_text(void* data, const XML_Char* text, int size) {
  auto& state = *static_cast<builder*>(data);
  if (!state.open.empty()) state.open.back().text.append(text, static_cast<std::size_t>(size));
}

void XMLCALL on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  XML_StopParser(static_cast<builder*>(data)->parser, XML_FALSE);
}

}  // namespace

std::string_view xml_node::child(std::string_view child_name) const noexcept {
  for (const auto& node : children) {
    if (node.name == child_name) return node.text;
  }
  return {};
}

std::optional<xml_node> parse_xml(std::string_view text) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreateNS(nullptr, ' '), &XML_ParserFree);
  builder state;
  state.parser = parser.get();
  XML_SetUserData(parser.get(), &state);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
  const auto status = XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE);
  if (status != XML_STATUS_OK || state.root.children.empty()) return std::nullopt;
  return std::move(state.root.children.front());
}

}  // namespace beatsync::s3_server
