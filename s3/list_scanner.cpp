#include "s3/list_scanner.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace beatsync::s3 {
namespace {

/// Bytes that XML forbids or changes, anywhere in the page: control characters, CR (line ends
/// become LF), `]]>`, U+FFFE and U+FFFF, and what is not UTF-8. One pass over everything costs less
/// than a look at every field.
bool has_surprising_bytes(std::string_view page) noexcept {
  unsigned control = 0;
  for (const char c : page) {
    const auto byte = static_cast<unsigned char>(c);
    control |= static_cast<unsigned>(byte < 0x20) & static_cast<unsigned>(byte != '\n') &
               static_cast<unsigned>(byte != '\t');
  }
  return control != 0 || page.find("]]>") != std::string_view::npos ||
         page.find("\xEF\xBF\xBE") != std::string_view::npos ||
         page.find("\xEF\xBF\xBF") != std::string_view::npos ||
         !simdjson::validate_utf8(page.data(), page.size());
}

bool is_blank(char c) noexcept { return c == ' ' || c == '\n' || c == '\t'; }

bool is_name_byte(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

struct reference {
  char character = '\0';
  std::size_t size = 0;  ///< of the reference itself; 0: none that we take
};

/// The five of XML and character references below U+0080; others go to expat.
reference read_reference(std::string_view text) noexcept {
  struct named {
    std::string_view text;
    char character;
  };
  static constexpr std::array<named, 5> known = {
      {{"&quot;", '"'}, {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&apos;", '\''}}};
  for (const named& one : known)
    if (text.starts_with(one.text)) return {one.character, one.text.size()};
  if (!text.starts_with("&#")) return {};
  const bool hex = text.size() > 2 && text[2] == 'x';
  unsigned value = 0;
  std::size_t at = hex ? 3 : 2;
  const std::size_t first = at;
  for (; at < text.size() && text[at] != ';' && value < 0x80; ++at) {
    const char c = text[at];
    unsigned digit = 16;
    if (c >= '0' && c <= '9') digit = static_cast<unsigned>(c - '0');
    if (hex && c >= 'a' && c <= 'f') digit = static_cast<unsigned>(c - 'a' + 10);
    if (hex && c >= 'A' && c <= 'F') digit = static_cast<unsigned>(c - 'A' + 10);
    if (digit == 16) return {};
    value = value * (hex ? 16 : 10) + digit;
  }
  const bool character =
      (value >= 0x20 && value < 0x80) || value == 9 || value == 10 || value == 13;
  if (at == first || at >= text.size() || text[at] != ';' || !character) return {};
  return {static_cast<char>(value), at + 1};
}

/// Where fields of the page stand; a reference in one of them is resolved after everything was
/// accepted.
class scanner {
 public:
  explicit scanner(std::vector<char>& body) noexcept
      : body_(body), begin_(body.data()), at_(begin_), end_(begin_ + body.size()) {}

  std::optional<raw_list_page> scan() {
    if (has_surprising_bytes(std::string_view(begin_, body_.size()))) return std::nullopt;
    take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    skip_blanks();
    if (!open_root()) return std::nullopt;
    while (!take("</ListBucketResult>"))
      if (!top_level_element()) return std::nullopt;
    skip_blanks();
    if (at_ != end_) return std::nullopt;
    resolve_references();
    return std::move(page_);
  }

 private:
  bool take(std::string_view text) noexcept {
    if (static_cast<std::size_t>(end_ - at_) < text.size() ||
        std::memcmp(at_, text.data(), text.size()) != 0)
      return false;
    at_ += text.size();
    return true;
  }

  void skip_blanks() noexcept {
    while (at_ != end_ && is_blank(*at_)) ++at_;
  }

  bool open_root() noexcept {
    if (!take("<ListBucketResult")) return false;
    if (take(" xmlns=\"")) {
      const auto* const quote =
          static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
      if (quote == nullptr || std::any_of(at_, quote, [](char c) { return c == '<' || c == '&'; }))
        return false;
      at_ = quote + 1;
    }
    if (!take(">")) return false;
    skip_blanks();
    return true;
  }

  /// `<name>` without attributes. `<name/>` counts as opened and closed.
  struct tag {
    std::string_view name;
    bool empty = false;
  };
  std::optional<tag> open() noexcept {
    if (at_ == end_ || *at_ != '<') return std::nullopt;
    const char* const name = ++at_;
    while (at_ != end_ && is_name_byte(*at_)) ++at_;
    tag opened;
    opened.name = std::string_view(name, static_cast<std::size_t>(at_ - name));
    if (opened.name.empty() || (*name >= '0' && *name <= '9')) return std::nullopt;
    opened.empty = at_ != end_ && *at_ == '/';
    if (opened.empty) ++at_;
    if (at_ == end_ || *at_++ != '>') return std::nullopt;
    return opened;
  }

  bool close(std::string_view name) noexcept { return take("</") && take(name) && take(">"); }

  /// The text of an element without children, and its end.
  std::optional<text_span> leaf(const tag& opened) {
    text_span span;
    span.first = static_cast<std::size_t>(at_ - begin_);
    has_reference_ = false;
    if (opened.empty) return span;
    const auto* const less =
        static_cast<const char*>(std::memchr(at_, '<', static_cast<std::size_t>(end_ - at_)));
    if (less == nullptr) return std::nullopt;
    span.size = static_cast<std::size_t>(less - at_);
    for (const char* amp = at_;
         (amp = static_cast<const char*>(
              std::memchr(amp, '&', static_cast<std::size_t>(less - amp)))) != nullptr;) {
      const reference found =
          read_reference(std::string_view(amp, static_cast<std::size_t>(less - amp)));
      if (found.size == 0) return std::nullopt;
      has_reference_ = true;
      amp += found.size;
    }
    at_ = less;
    if (!close(opened.name)) return std::nullopt;
    return span;
  }

  /// Elements that we do not use: their text and nesting has to be in order all the same.
  bool skip(const tag& opened, int depth) {
    if (opened.empty) return true;
    if (depth > 4) return false;
    const char* const content = at_;
    skip_blanks();
    if (at_ == end_) return false;
    if (*at_ != '<' || (end_ - at_ > 1 && at_[1] == '/')) {
      at_ = content;
      return leaf(opened).has_value();
    }
    while (!close(opened.name)) {
      const auto child = open();
      if (!child || !skip(*child, depth + 1)) return false;
      skip_blanks();
    }
    return true;
  }

  bool top_level_element() {
    const auto opened = open();
    if (!opened) return false;
    bool fine = false;
    if (opened->name == "Contents")
      fine = object(*opened);
    else if (opened->name == "CommonPrefixes")
      fine = common_prefix(*opened);
    else if (opened->name == "EncodingType")
      fine = once(*opened, page_.encoding_type, 1);
    else if (opened->name == "IsTruncated")
      fine = once(*opened, page_.is_truncated, 2);
    else if (opened->name == "NextContinuationToken")
      fine = once(*opened, page_.next_token, 4);
    else
      fine = skip(*opened, 1);
    skip_blanks();
    return fine;
  }

  bool once(const tag& opened, text_span& target, unsigned bit) {
    const auto span = leaf(opened);
    if (!span || (seen_ & bit) != 0) return false;
    seen_ |= bit;
    target = *span;
    if (has_reference_) page_references_ |= bit;
    return true;
  }

  bool object(const tag& opened) {
    if (opened.empty) return false;
    raw_object& made = page_.objects.emplace_back();
    unsigned seen = 0;
    skip_blanks();
    while (!close("Contents")) {
      const auto child = open();
      if (!child) return false;
      text_span* const target = field(made, child->name, seen);
      if (target == nullptr) {
        if (!skip(*child, 2)) return false;
      } else {
        const auto span = leaf(*child);
        if (!span || repeated_) return false;
        *target = *span;
        if (has_reference_)
          references_.push_back(field_reference{page_.objects.size() - 1, target_bit_});
      }
      skip_blanks();
    }
    made.has_key = (seen & key_bit) != 0;
    made.has_size = (seen & size_bit) != 0;
    return true;
  }

  text_span* field(raw_object& made, std::string_view name, unsigned& seen) noexcept {
    text_span* target = nullptr;
    if (name == "Key") {
      target = &made.key;
      target_bit_ = key_bit;
    } else if (name == "Size") {
      target = &made.size;
      target_bit_ = size_bit;
    } else if (name == "ETag") {
      target = &made.etag;
      target_bit_ = etag_bit;
    } else if (name == "LastModified") {
      target = &made.last_modified;
      target_bit_ = time_bit;
    } else if (name == "StorageClass") {
      target = &made.storage_class;
      target_bit_ = storage_bit;
    } else {
      return nullptr;
    }
    repeated_ = (seen & target_bit_) != 0;
    seen |= target_bit_;
    return target;
  }

  bool common_prefix(const tag& opened) {
    if (opened.empty) return false;
    skip_blanks();
    const auto child = open();
    if (!child || child->name != "Prefix") return false;
    const auto span = leaf(*child);
    if (!span) return false;
    page_.common_prefixes.push_back(*span);
    if (has_reference_) prefix_references_.push_back(page_.common_prefixes.size() - 1);
    skip_blanks();
    return close("CommonPrefixes");
  }

  void resolve(text_span& span) noexcept {
    char* const text = body_.data() + span.first;
    std::size_t to = 0;
    for (std::size_t from = 0; from < span.size; ++to) {
      if (text[from] == '&') {
        const reference found = read_reference(std::string_view(text + from, span.size - from));
        text[to] = found.character;
        from += found.size;
      } else {
        text[to] = text[from++];
      }
    }
    span.size = to;
  }

  void resolve_references() noexcept {
    for (const field_reference& where : references_) {
      raw_object& object = page_.objects[where.object];
      switch (where.field) {
        case key_bit:
          resolve(object.key);
          break;
        case size_bit:
          resolve(object.size);
          break;
        case etag_bit:
          resolve(object.etag);
          break;
        case time_bit:
          resolve(object.last_modified);
          break;
        default:
          resolve(object.storage_class);
          break;
      }
    }
    for (const std::size_t i : prefix_references_) resolve(page_.common_prefixes[i]);
    if (page_references_ & 1) resolve(page_.encoding_type);
    if (page_references_ & 2) resolve(page_.is_truncated);
    if (page_references_ & 4) resolve(page_.next_token);
  }

  static constexpr unsigned key_bit = 1, size_bit = 2, etag_bit = 4, time_bit = 8, storage_bit = 16;
  struct field_reference {
    std::size_t object;
    unsigned field;
  };

  std::vector<char>& body_;
  const char* begin_;
  const char* at_;
  const char* end_;
  raw_list_page page_;
  unsigned seen_ = 0;
  bool has_reference_ = false;
  bool repeated_ = false;
  unsigned target_bit_ = 0;
  unsigned page_references_ = 0;
  std::vector<field_reference> references_;
  std::vector<std::size_t> prefix_references_;
};

}  // namespace

std::optional<raw_list_page> scan_list(std::vector<char>& body) {
  if (body.empty()) return std::nullopt;
  scanner reader(body);
  return reader.scan();
}

}  // namespace beatsync::s3
