#include "s3/replies/reply_tree.hpp"

#include "xml/sax_parser.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <span>
#include <utility>

namespace beatsync::s3 {
namespace {

/// ListMultipartUploads of 1,000 uploads has some 12,000 elements, DeleteResult of 1,000 keys
/// 5,000.
constexpr std::size_t most_elements = 50'000;

std::string_view local_name(std::string_view name) noexcept {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

class tree_builder final : public xml::sax_handler {
 public:
  void on_start(std::string_view name, const xml::attribute_list&) override {
    if (++count_ > most_elements) {
      parser->refuse("more elements than any answer of S3 has");
      return;
    }
    open_.emplace_back();
    open_.back().name = std::string(local_name(name));
  }

  void on_end(std::string_view, std::string_view text) override {
    reply_element done = std::move(open_.back());
    open_.pop_back();
    done.text = std::string(text);
    if (open_.empty())
      root = std::move(done);
    else
      open_.back().children.push_back(std::move(done));
  }

  xml::sax_parser* parser = nullptr;
  std::optional<reply_element> root;

 private:
  std::vector<reply_element> open_;
  std::size_t count_ = 0;
};

constexpr std::string_view replacement = "\uFFFD";

/// The production Char, https://www.w3.org/TR/xml/#charsets .
bool is_xml_character(std::uint32_t c) noexcept {
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c < 0xD800 || (c >= 0xE000 && c <= 0xFFFD) || (c >= 0x10000 && c <= 0x10FFFF);
}

/// The length of a reference to no character of XML that `text` begins with; 0: it does not.
std::size_t forbidden_reference(std::string_view text) noexcept {
  if (!text.starts_with("&#")) return 0;
  const bool hex = text.substr(2).starts_with('x');
  const char* const digits = text.data() + (hex ? 3 : 2);
  const char* const end = text.data() + text.size();
  std::uint32_t value = 0;
  const auto [stop, failure] = std::from_chars(digits, end, value, hex ? 16 : 10);
  if (failure == std::errc::invalid_argument || stop == end || *stop != ';') return 0;
  if (failure == std::errc() && is_xml_character(value)) return 0;
  return static_cast<std::size_t>(stop + 1 - text.data());
}

/// The same for the character itself, in UTF-8.
std::size_t forbidden_character(std::string_view text) noexcept {
  if (text.starts_with("\xEF\xBF\xBE") || text.starts_with("\xEF\xBF\xBF")) return 3;
  const auto first = static_cast<unsigned char>(text.front());
  return first < 0x20 && !is_xml_character(first) ? 1 : 0;
}

std::string without_forbidden_characters(std::string_view text) {
  std::string mended;
  while (!text.empty()) {
    const auto size = std::max(forbidden_reference(text), forbidden_character(text));
    if (size == 0) {
      mended += text.front();
    } else {
      mended += replacement;
    }
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return mended;
}

std::optional<reply_element> parse_well_formed(std::string_view body) {
  tree_builder builder;
  xml::sax_parser parser(builder);
  builder.parser = &parser;
  if (!parser.feed(std::span<const char>(body.data(), body.size())) || !parser.finish())
    return std::nullopt;
  return std::move(builder.root);
}

}  // namespace

const reply_element* reply_element::child(std::string_view wanted) const noexcept {
  for (const reply_element& one : children)
    if (one.name == wanted) return &one;
  return nullptr;
}

std::string reply_element::text_of(std::string_view wanted) const {
  const reply_element* const found = child(wanted);
  return found != nullptr ? found->text : std::string();
}

std::optional<reply_element> parse_reply(std::string_view body) {
  const auto start = body.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos) return std::nullopt;
  body.remove_prefix(start);
  if (auto tree = parse_well_formed(body)) return tree;
  const std::string mended = without_forbidden_characters(body);
  if (mended == body) return std::nullopt;
  auto tree = parse_well_formed(mended);
  if (tree) tree->mended = true;
  return tree;
}

}  // namespace beatsync::s3
