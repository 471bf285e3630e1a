#include "xml/start_tag.hpp"

#include <cstdint>

namespace beatsync::xml {
namespace {

bool is_quote(char c) noexcept { return c == '"' || c == '\''; }

std::optional<value_span> walk_forward(std::string_view tag, std::size_t index) noexcept {
  std::size_t at = 0;
  for (std::size_t i = 0;; ++i) {
    std::size_t open = at;
    while (open < tag.size() && !is_quote(tag[open])) ++open;
    if (open == tag.size()) return std::nullopt;
    const std::size_t close = tag.find(tag[open], open + 1);
    if (close == tag.npos) return std::nullopt;
    if (i == index) return value_span{open + 1, close};
    at = close + 1;
  }
}

/// `places`: how many attributes stand behind the wanted one.
std::optional<value_span> walk_backward(std::string_view tag, std::size_t places,
                                        std::size_t at_least) noexcept {
  std::size_t end = tag.size();
  for (std::size_t i = 0;; ++i) {
    while (end > 0 && !is_quote(tag[end - 1])) --end;
    if (end == 0) return std::nullopt;
    const std::size_t close = end - 1;
    const std::size_t certain = i == places ? at_least : 0;
    if (certain > close) return std::nullopt;
    std::size_t begin = close - certain;
    while (begin > 0 && tag[begin - 1] != tag[close]) --begin;
    if (begin == 0) return std::nullopt;
    if (i == places) return value_span{begin, close};
    end = begin - 1;
  }
}

std::size_t utf8_size(std::uint32_t point) noexcept {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/// Bytes of UTF-8 that a reference (without `&` and `;`) stands for.
std::size_t reference_size(std::string_view name) noexcept {
  if (!name.starts_with('#')) return 1;  // the five of XML
  const bool hex = name.size() > 1 && name[1] == 'x';
  std::uint32_t point = 0;
  for (const char c : name.substr(hex ? 2 : 1)) {
    const auto digit = static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    point = point * (hex ? 16 : 10) + digit;  // expat has checked that it is a character
  }
  return utf8_size(point);
}

}  // namespace

std::optional<value_span> find_value(std::string_view tag, std::size_t index, std::size_t count,
                                     std::size_t at_least) noexcept {
  if (index >= count) return std::nullopt;
  if (index < count / 2) return walk_forward(tag, index);
  return walk_backward(tag, count - 1 - index, at_least);
}

std::size_t smallest_raw_size(std::size_t decoded_size, document_encoding encoding) noexcept {
  // References and line ends shrink; only a letter of Latin-1 grows, to two bytes.
  return encoding == document_encoding::iso_8859_1 ? decoded_size / 2 : decoded_size;
}

std::optional<std::size_t> raw_offset(std::string_view raw, std::size_t decoded_size,
                                      std::size_t offset, document_encoding encoding) noexcept {
  // Decoding UTF-8 only ever shortens, so equal sizes mean that nothing was decoded.
  const bool latin = encoding == document_encoding::iso_8859_1;
  if (!latin && raw.size() == decoded_size) return offset;

  std::size_t at = 0;
  std::size_t decoded = 0;
  while (decoded < offset && at < raw.size()) {
    if (raw[at] == '&') {
      const std::size_t end = raw.find(';', at);
      if (end == raw.npos) return std::nullopt;
      decoded += reference_size(raw.substr(at + 1, end - at - 1));
      at = end + 1;
    } else if (raw.substr(at, 2) == "\r\n") {
      decoded += 1;  // XML reads every line end as one character
      at += 2;
    } else {
      decoded += latin && static_cast<unsigned char>(raw[at]) >= 0x80 ? 2 : 1;
      at += 1;
    }
  }
  if (decoded != offset) return std::nullopt;
  return at;
}

}  // namespace beatsync::xml
