#include "s3/printable.hpp"
#include "s3/replies/list_page_builder.hpp"
#include "s3/replies/list_scanner.hpp"
#include "s3/replies/reply_xml.hpp"
#include "xml/sax_parser.hpp"

#include <span>
#include <utility>

namespace beatsync::s3 {
namespace {

std::string_view local_name(std::string_view name) noexcept {
  const auto colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// Collects the same raw fields as the scanner, from any well-formed page.
class list_handler final : public xml::sax_handler {
 public:
  void on_start(std::string_view qualified, const xml::attribute_list&) override {
    const std::string_view name = local_name(qualified);
    ++depth_;
    if (leaf_ != nullptr)
      parser->refuse("an element inside a text: " + std::string(name));
    else if (depth_ == 1 && name != "ListBucketResult")
      parser->refuse("the document is a <" + std::string(name) + ">, not a <ListBucketResult>");
    else if (depth_ == 2)
      begin_top_level(name);
    else if (depth_ == 3)
      begin_inner(name);
  }

  void on_end(std::string_view, std::string_view content) override {
    if (leaf_ != nullptr) {
      leaf_->first = text.size();
      leaf_->size = content.size();
      text.insert(text.end(), content.begin(), content.end());
      leaf_ = nullptr;
    }
    if (depth_ == 2) container_ = container::none;
    --depth_;
  }

  xml::sax_parser* parser = nullptr;
  std::vector<char> text;
  raw_list_page page;

 private:
  enum class container { none, contents, common_prefixes };

  void begin_leaf(text_span& target, unsigned& seen, unsigned bit) {
    if (seen & bit) parser->refuse("an element that may occur once occurs twice");
    seen |= bit;
    leaf_ = &target;
  }

  void begin_top_level(std::string_view name) {
    if (name == "Contents") {
      container_ = container::contents;
      page.objects.emplace_back();
      seen_in_object_ = 0;
    } else if (name == "CommonPrefixes") {
      container_ = container::common_prefixes;
    } else if (name == "EncodingType") {
      begin_leaf(page.encoding_type, seen_, 1);
    } else if (name == "IsTruncated") {
      begin_leaf(page.is_truncated, seen_, 2);
    } else if (name == "NextContinuationToken") {
      begin_leaf(page.next_token, seen_, 4);
    }
  }

  void begin_inner(std::string_view name) {
    if (container_ == container::common_prefixes && name == "Prefix") {
      leaf_ = &page.common_prefixes.emplace_back();
    } else if (container_ == container::contents) {
      raw_object& object = page.objects.back();
      if (name == "Key") {
        object.has_key = true;
        begin_leaf(object.key, seen_in_object_, 1);
      } else if (name == "Size") {
        object.has_size = true;
        begin_leaf(object.size, seen_in_object_, 2);
      } else if (name == "ETag") {
        begin_leaf(object.etag, seen_in_object_, 4);
      } else if (name == "LastModified") {
        begin_leaf(object.last_modified, seen_in_object_, 8);
      } else if (name == "StorageClass") {
        begin_leaf(object.storage_class, seen_in_object_, 16);
      }
    }
  }

  int depth_ = 0;
  container container_ = container::none;
  text_span* leaf_ = nullptr;
  unsigned seen_ = 0;
  unsigned seen_in_object_ = 0;
};

std::span<const char> without_leading_blanks(std::span<const char> body) noexcept {
  while (!body.empty() && (body.front() == ' ' || body.front() == '\t' || body.front() == '\r' ||
                           body.front() == '\n'))
    body = body.subspan(1);
  return body;
}

}  // namespace

result<list_page> parse_list_by_expat(std::vector<char> body, std::string_view prefix) {
  list_handler handler;
  xml::sax_parser parser(handler);
  handler.parser = &parser;
  auto parsed = parser.feed(without_leading_blanks(body));
  if (parsed) parsed = parser.finish();
  if (!parsed)
    return make_error(errc::bad_reply, "the store's listing is not what it should be: " +
                                           printable(parsed.error().text(), 300));
  return build_list_page(std::move(handler.text), handler.page, prefix);
}

result<list_page> parse_list(std::vector<char> body, std::string_view prefix) {
  if (const auto raw = scan_list(body)) return build_list_page(std::move(body), *raw, prefix);
  return parse_list_by_expat(std::move(body), prefix);
}

}  // namespace beatsync::s3
