#include "s3/replies/list_scanner.hpp"

#include "s3/replies/plain_xml.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

namespace beatsync::s3 {
namespace {

bool is_blank(char c) noexcept { return c == ' ' || c == '\n' || c == '\t'; }

/// Letters and digits: the names of S3's elements have no others. A table, since this is asked for
/// most bytes of a page.
constexpr std::array<bool, 256> name_bytes = [] {
  std::array<bool, 256> table{};
  for (const char c :
       std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_name_byte(char c) noexcept { return name_bytes[static_cast<unsigned char>(c)]; }

/// Where fields of the page stand; a reference in one of them is resolved after everything was
/// accepted.
class scanner {
 public:
  explicit scanner(std::vector<char>& body) noexcept
      : body_(body), begin_(body.data()), at_(begin_), end_(begin_ + body.size()) {}

  std::optional<raw_list_page> scan() {
    if (!is_plain_xml(std::string_view(begin_, body_.size()))) return std::nullopt;
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

  /// Text up to the next tag; its references are those that we take.
  std::optional<text_span> text() noexcept {
    text_span span;
    span.first = static_cast<std::size_t>(at_ - begin_);
    has_reference_ = false;
    const auto* const less =
        static_cast<const char*>(std::memchr(at_, '<', static_cast<std::size_t>(end_ - at_)));
    if (less == nullptr) return std::nullopt;
    span.size = static_cast<std::size_t>(less - at_);
    for (const char* amp = at_;
         (amp = static_cast<const char*>(
              std::memchr(amp, '&', static_cast<std::size_t>(less - amp)))) != nullptr;) {
      const xml_reference found =
          read_xml_reference(std::string_view(amp, static_cast<std::size_t>(less - amp)));
      if (found.size == 0) return std::nullopt;
      has_reference_ = true;
      amp += found.size;
    }
    at_ = less;
    return span;
  }

  /// The text of an element without children, and its end.
  std::optional<text_span> leaf(const tag& opened) noexcept {
    has_reference_ = false;
    if (opened.empty) return text_span{static_cast<std::size_t>(at_ - begin_), 0};
    const auto span = text();
    if (!span || !close(opened.name)) return std::nullopt;
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
    seen_in_object_ = 0;
    skip_blanks();
    while (!take("</Contents>")) {
      if (!object_member(made)) return false;
      skip_blanks();
    }
    made.has_key = (seen_in_object_ & key_bit) != 0;
    made.has_size = (seen_in_object_ & size_bit) != 0;
    return true;
  }

  /// Whole tags are compared: most of a page is these five.
  bool object_member(raw_object& made) {
    if (take("<Key>")) return field(made.key, key_bit) && take("</Key>");
    if (take("<LastModified>"))
      return field(made.last_modified, time_bit) && take("</LastModified>");
    if (take("<ETag>")) return field(made.etag, etag_bit) && take("</ETag>");
    if (take("<Size>")) return field(made.size, size_bit) && take("</Size>");
    if (take("<StorageClass>"))
      return field(made.storage_class, storage_bit) && take("</StorageClass>");
    const auto other = open();
    return other && !is_known(other->name) && skip(*other, 2);
  }

  static bool is_known(std::string_view name) noexcept {
    return name == "Key" || name == "LastModified" || name == "ETag" || name == "Size" ||
           name == "StorageClass";
  }

  bool field(text_span& target, unsigned bit) {
    const auto span = text();
    if (!span || (seen_in_object_ & bit) != 0) return false;
    seen_in_object_ |= bit;
    target = *span;
    if (has_reference_) references_.push_back(field_reference{page_.objects.size() - 1, bit});
    return true;
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
    const char* const end = text + span.size;
    char* to = text;
    for (const char* from = text; from != end;) {
      if (*from == '&') {
        const xml_reference found =
            read_xml_reference(std::string_view(from, static_cast<std::size_t>(end - from)));
        *to++ = found.character;
        from += found.size;
        continue;
      }
      const void* const amp = std::memchr(from, '&', static_cast<std::size_t>(end - from));
      const char* const stop = amp != nullptr ? static_cast<const char*>(amp) : end;
      std::memmove(to, from, static_cast<std::size_t>(stop - from));
      to += stop - from;
      from = stop;
    }
    span.size = static_cast<std::size_t>(to - text);
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
  unsigned seen_in_object_ = 0;
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
