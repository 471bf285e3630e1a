#include "s3/replies/reply_tree.hpp"

#include "xml/sax_parser.hpp"

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
  tree_builder builder;
  xml::sax_parser parser(builder);
  builder.parser = &parser;
  if (!parser.feed(std::span<const char>(body.data(), body.size())) || !parser.finish())
    return std::nullopt;
  return std::move(builder.root);
}

}  // namespace beatsync::s3
