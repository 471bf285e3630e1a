#include "xml/sax_parser.hpp"

#include "xml/distinct_names.hpp"
#include "xml/element_text.hpp"
#include "xml/expat_memory.hpp"
#include "xml/feed.hpp"

#include <expat.h>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>
#include <vector>

namespace beatsync::xml {
namespace {

/// A token of 1 MiB makes expat hold some 6 MiB (its buffer, the one it grows from, the decoded
/// value).
constexpr std::size_t expat_ceiling = 12 * 1024 * 1024;

constexpr XML_Memory_Handling_Suite hooks = {&expat_memory::allocate, &expat_memory::reallocate,
                                             &expat_memory::release};

std::optional<document_encoding> known_encoding(std::string_view declared) {
  std::string name(declared);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (name == "UTF-8") return document_encoding::utf_8;
  if (name == "US-ASCII") return document_encoding::us_ascii;
  if (name == "ISO-8859-1") return document_encoding::iso_8859_1;
  return std::nullopt;
}

std::string mebibytes(std::size_t bytes) {
  constexpr std::size_t mib = 1024 * 1024;
  return bytes % mib == 0 ? std::to_string(bytes / mib) + " MiB" : std::to_string(bytes) + " bytes";
}

}  // namespace

std::optional<std::size_t> attribute_list::index_of(std::string_view name) const noexcept {
  for (std::size_t i = 0; i < size_; ++i) {
    // The first letter tells most names apart without measuring them.
    if (pairs_[2 * i][0] == name[0] && pairs_[2 * i] == name) return i;
  }
  return std::nullopt;
}

std::optional<std::string_view> attribute_list::find(std::string_view name) const noexcept {
  const auto index = index_of(name);
  if (!index) return std::nullopt;
  return (*this)[*index].value;
}

class sax_parser::impl {
 public:
  impl(sax_handler& handler, sax_text text, const sax_limits& limits)
      : handler_(handler),
        limits_(limits),
        memory_(expat_ceiling),
        names_(limits.distinct_names),
        collect_text_(text == sax_text::collect) {
    const expat_memory::charge charge(memory_);
    parser_ = XML_ParserCreate_MM(nullptr, &hooks, nullptr);
    if (parser_ == nullptr) throw std::bad_alloc();
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(parser_, &impl::start, &impl::end);
    if (collect_text_) XML_SetCharacterDataHandler(parser_, &impl::characters);
    XML_SetXmlDeclHandler(parser_, &impl::declaration);
    XML_SetStartDoctypeDeclHandler(parser_, &impl::doctype);
    XML_SetCommentHandler(parser_, &impl::comment);
    XML_SetProcessingInstructionHandler(parser_, &impl::instruction);
  }

  ~impl() {
    const expat_memory::charge charge(memory_);
    XML_ParserFree(parser_);
  }

  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  result<std::span<char>> prepare(std::size_t size) {
    const expat_memory::charge charge(memory_);
    if (failure_) return *failure_;
    void* const room = XML_GetBuffer(parser_, static_cast<int>(size));
    if (room == nullptr) {
      fail_as_expat_says();
      return *failure_;
    }
    prepared_ = {static_cast<char*>(room), size};
    return prepared_;
  }

  result<void> commit(std::size_t size) {
    const expat_memory::charge charge(memory_);
    if (failure_) return *failure_;
    if (looks_like_utf_16(prepared_.first(size))) {
      fail("the document is UTF-16; only UTF-8, US-ASCII and ISO-8859-1 can be read");
    } else {
      fed_ += size;
      settle(XML_ParseBuffer(parser_, static_cast<int>(size), XML_FALSE));
      if (!failure_ && fed_ - consumed_ > limits_.token) refuse_long_token();
    }
    return outcome();
  }

  result<void> finish() {
    const expat_memory::charge charge(memory_);
    if (!failure_) settle(XML_Parse(parser_, "", 0, XML_TRUE));
    const result<void> last = outcome();
    if (!failure_) failure_ = error{.message = "the document is already complete"};
    return last;
  }

  void refuse(std::string message) {
    if (failure_) return;
    fail(std::move(message));
    XML_StopParser(parser_, XML_FALSE);
  }

  std::uint64_t tag_offset() const noexcept { return offset(); }
  std::size_t tag_size() const noexcept {
    return static_cast<std::size_t>(XML_GetCurrentByteCount(parser_));
  }
  std::uint64_t consumed() const noexcept { return consumed_; }
  document_encoding encoding() const noexcept { return encoding_; }

 private:
  /// expat's index is a `long`, 32 bits wide on some systems; its distance from the end of what was
  /// fed is always small.
  std::uint64_t offset() const noexcept {
    const auto index = static_cast<unsigned long>(XML_GetCurrentByteIndex(parser_));
    return fed_ - (static_cast<unsigned long>(fed_) - index);
  }

  void fail(std::string message) {
    failure_ = error{.message = std::move(message),
                     .line = XML_GetCurrentLineNumber(parser_),
                     .column = XML_GetCurrentColumnNumber(parser_) + 1,
                     .offset = XML_GetCurrentByteIndex(parser_) < 0 ? consumed_ : offset()};
  }

  void fail_as_expat_says() {
    if (memory_.exceeded()) {
      fail("a tag needs more than " + mebibytes(expat_ceiling) +
           " of memory: too many or too long attributes");
      return;
    }
    const XML_Error code = XML_GetErrorCode(parser_);
    if (code == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
    // expat's own words for the commonest one would only say "not well-formed" again.
    const std::string what = code == XML_ERROR_INVALID_TOKEN ? "something that cannot stand here"
                                                             : std::string(XML_ErrorString(code));
    fail("the document is not well-formed XML: " + what);
  }

  void settle(XML_Status status) {
    if (thrown_) {
      if (!failure_)
        failure_ = error{.message = "the document was given up because of an exception"};
      std::rethrow_exception(std::exchange(thrown_, nullptr));
    }
    if (status == XML_STATUS_ERROR) {
      if (!failure_) fail_as_expat_says();
      return;
    }
    // The event that stopped expat is the open token. There is none while expat waits for more of
    // a long token before it looks again.
    if (XML_GetCurrentByteIndex(parser_) >= 0) consumed_ = std::max(consumed_, offset());
  }

  /// More than a token's worth is waiting. That may be expat's patience (it looks at a long token
  /// again only when it has doubled), so make it look before the verdict, which is then the same
  /// for every split of the document.
  void refuse_long_token() {
    XML_SetReparseDeferralEnabled(parser_, XML_FALSE);
    settle(XML_ParseBuffer(parser_, 0, XML_FALSE));
    XML_SetReparseDeferralEnabled(parser_, XML_TRUE);
    if (!failure_ && fed_ - consumed_ > limits_.token) fail(long_token());
  }

  std::string long_token() const {
    return "a tag, comment or processing instruction is longer than " + mebibytes(limits_.token);
  }

  /// A byte order mark, or the zero byte that every other one of the ASCII characters has.
  bool looks_like_utf_16(std::span<const char> block) const noexcept {
    constexpr std::uint64_t telling = 2;
    if (fed_ >= telling) return false;
    const auto first = block.first(std::min<std::size_t>(block.size(), telling - fed_));
    return std::any_of(first.begin(), first.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte == 0x00 || byte == 0xFE || byte == 0xFF;
    });
  }

  result<void> outcome() const {
    if (failure_) return *failure_;
    return {};
  }

  /// No exception crosses expat's frames, and nothing is delivered after a refusal (expat still
  /// reports the end of an empty element whose start was refused).
  template <class Body>
  void guarded(Body body) noexcept {
    if (failure_ || thrown_) return;
    try {
      body();
    } catch (...) {
      thrown_ = std::current_exception();
      XML_StopParser(parser_, XML_FALSE);
    }
  }

  static impl& self(void* data) noexcept { return *static_cast<impl*>(data); }

  static void XMLCALL start(void* data, const XML_Char* name, const XML_Char** pairs) {
    self(data).guarded([&] { self(data).on_start(name, pairs); });
  }

  static void XMLCALL end(void* data, const XML_Char* name) {
    self(data).guarded([&] { self(data).on_end(name); });
  }

  static void XMLCALL characters(void* data, const XML_Char* text, int size) {
    self(data).guarded([&] {
      impl& me = self(data);
      me.text_.append({text, static_cast<std::size_t>(size)});
      if (me.text_.size() > me.limits_.text) {
        me.refuse("an element's text is longer than " + mebibytes(me.limits_.text));
      }
    });
  }

  static void XMLCALL declaration(void* data, const XML_Char*, const XML_Char* encoding, int) {
    self(data).guarded([&] {
      self(data).check_token();
      if (encoding == nullptr) return;
      const auto known = known_encoding(encoding);
      if (known) {
        self(data).encoding_ = *known;
      } else {
        self(data).refuse("the document declares the encoding " + std::string(encoding) +
                          "; only UTF-8, US-ASCII and ISO-8859-1 can be read");
      }
    });
  }

  static void XMLCALL doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    self(data).guarded([&] {
      self(data).refuse("the document has a DOCTYPE, which could define entities; it is refused");
    });
  }

  static void XMLCALL comment(void* data, const XML_Char*) {
    self(data).guarded([&] { self(data).check_token(); });
  }

  static void XMLCALL instruction(void* data, const XML_Char*, const XML_Char*) {
    self(data).guarded([&] { self(data).check_token(); });
  }

  bool check_token() {
    if (tag_size() <= limits_.token) return true;
    refuse(long_token());
    return false;
  }

  bool check_name(std::string_view name) {
    if (name.size() > limits_.name) {
      refuse("a name is longer than " + std::to_string(limits_.name) + " bytes");
      return false;
    }
    if (!names_.add(name)) {
      refuse("the document has more than " + std::to_string(limits_.distinct_names) +
             " distinct names of elements and attributes");
      return false;
    }
    return true;
  }

  void on_start(std::string_view name, const XML_Char** pairs) {
    if (!check_token() || !check_name(name)) return;
    if (name_sizes_.size() == limits_.depth) {
      refuse("elements are nested more than " + std::to_string(limits_.depth) + " deep");
      return;
    }
    std::size_t size = 0;
    for (; pairs[2 * size] != nullptr; ++size) {
      if (!names_.was_added_recently(pairs[2 * size]) && !check_name(pairs[2 * size])) return;
    }
    if (size > limits_.attributes) {
      refuse("a tag has more than " + std::to_string(limits_.attributes) + " attributes");
      return;
    }
    if (collect_text_) text_.open();
    name_sizes_.push_back(name.size());
    handler_.on_start(name, attribute_list(pairs, size));
  }

  void on_end(const XML_Char* characters) {
    const std::string_view name(characters, name_sizes_.back());
    name_sizes_.pop_back();
    if (!collect_text_) {
      handler_.on_end(name, {});
      return;
    }
    handler_.on_end(name, text_.get());
    text_.close();
  }

  sax_handler& handler_;
  const sax_limits limits_;
  expat_memory memory_;
  XML_Parser parser_ = nullptr;
  distinct_names names_;

  std::span<char> prepared_;
  std::uint64_t fed_ = 0;
  std::uint64_t consumed_ = 0;
  document_encoding encoding_ = document_encoding::utf_8;
  std::vector<std::size_t> name_sizes_;  ///< of the open elements

  const bool collect_text_;
  element_text text_;

  std::optional<error> failure_;
  std::exception_ptr thrown_;
};

sax_parser::sax_parser(sax_handler& handler, sax_text text, sax_limits limits)
    : impl_(std::make_unique<impl>(handler, text, limits)) {}

sax_parser::~sax_parser() = default;

result<std::span<char>> sax_parser::prepare(std::size_t size) { return impl_->prepare(size); }
result<void> sax_parser::commit(std::size_t size) { return impl_->commit(size); }
result<void> sax_parser::feed(std::span<const char> bytes) { return feed_by_copy(*this, bytes); }
result<void> sax_parser::finish() { return impl_->finish(); }
void sax_parser::refuse(std::string message) { impl_->refuse(std::move(message)); }
std::uint64_t sax_parser::tag_offset() const noexcept { return impl_->tag_offset(); }
std::size_t sax_parser::tag_size() const noexcept { return impl_->tag_size(); }
std::uint64_t sax_parser::consumed() const noexcept { return impl_->consumed(); }
document_encoding sax_parser::encoding() const noexcept { return impl_->encoding(); }

}  // namespace beatsync::xml
