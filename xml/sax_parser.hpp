#pragma once

/// Streaming XML, made safe: expat with limits, positions and C++ exceptions.
///
/// For documents that strangers wrote. A DOCTYPE is refused (so there are no entities but the five
/// and character references, and nothing external is ever opened), so are UTF-16 and anything
/// beyond `sax_limits`; UTF-8 with or without BOM, US-ASCII and ISO-8859-1 are read. Names keep
/// their prefixes: there are no namespaces here. Memory is bounded by the limits and by what
/// prepare() is asked for, whatever the size of the document or of the pieces it comes in.
///
/// The handler is called from feed(), commit() and finish() only and must outlive the parser; it
/// may throw (the exception comes out of these) but not destroy the parser. After an error or an
/// exception every further call gives an error. Distinct objects are independent.

#include "xml/error.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace beatsync::xml {

/// Real exports: depth 8 at most, 30 attributes, start tags of 1,027 bytes, some 60 names
/// (docs/dev/rekordbox.md §1); the limits are those of reliability.md §2.3.
struct sax_limits {
  std::size_t depth = 64;
  std::size_t attributes = 256;       ///< of one element
  std::size_t token = 1024 * 1024;    ///< bytes of one tag, comment or processing instruction
  std::size_t name = 1024;            ///< bytes of an element's or attribute's name
  std::size_t distinct_names = 4096;  ///< expat keeps every distinct name until the end
  std::size_t text = 1024 * 1024;     ///< bytes of text held at one time (with sax_text::collect)
};

enum class sax_text {
  collect,  ///< on_end() gets the element's text
  ignore,   ///< faster: character data is checked but not handed out
};

enum class document_encoding { utf_8, us_ascii, iso_8859_1 };

/// The attributes of one start tag in document order, decoded; valid during on_start() only.
class attribute_list {
 public:
  struct attribute {
    std::string_view name;
    std::string_view value;
  };

  /// `pairs`: name, value, name, value, …, null.
  attribute_list(const char* const* pairs, std::size_t size) noexcept
      : pairs_(pairs), size_(size) {}

  std::size_t size() const noexcept { return size_; }
  attribute operator[](std::size_t index) const noexcept {
    return {pairs_[2 * index], pairs_[2 * index + 1]};
  }

  std::optional<std::size_t> index_of(std::string_view name) const noexcept;
  std::optional<std::string_view> find(std::string_view name) const noexcept;

 private:
  const char* const* pairs_;
  std::size_t size_;
};

class sax_handler {
 public:
  virtual ~sax_handler() = default;

  virtual void on_start(std::string_view name, const attribute_list& attributes) = 0;

  /// `text`: the character data directly inside the element, in one piece, without that of its
  /// children. Runs of white space beside child elements are left out.
  virtual void on_end(std::string_view name, std::string_view text) = 0;
};

class sax_parser {
 public:
  explicit sax_parser(sax_handler& handler, sax_text text = sax_text::collect,
                      sax_limits limits = sax_limits());
  ~sax_parser();
  sax_parser(const sax_parser&) = delete;
  sax_parser& operator=(const sax_parser&) = delete;

  /// Any split of the document is fine.
  result<void> feed(std::span<const char> bytes);

  /// The same without a copy: room for the next `size` bytes of the document, then how many of them
  /// came. They stay where they are, unchanged, until the next prepare() or feed().
  result<std::span<char>> prepare(std::size_t size);
  result<void> commit(std::size_t size);

  /// The document is complete: an error if it is not.
  result<void> finish();

  /// From inside the handler: stop, and let the call from outside give this error, positioned at
  /// the current tag.
  void refuse(std::string message);

  /// Inside on_start() and on_end(): where the tag stands in the input. The end of `<a/>` is no tag
  /// of its own: its size is 0.
  std::uint64_t tag_offset() const noexcept;
  std::size_t tag_size() const noexcept;

  /// After feed() or commit(): every event for bytes before this offset has been delivered. What
  /// follows is the open token, no longer than `limits.token`.
  std::uint64_t consumed() const noexcept;

  /// As declared; valid from the first on_start() on.
  document_encoding encoding() const noexcept;

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace beatsync::xml
