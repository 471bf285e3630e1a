#include "cli/settings/json_fault.hpp"

#include "s3/printable.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

namespace beatsync::cli {

namespace {

// A hostile file may nest as deep as it likes; nothing that belongs into ours goes beyond three.
constexpr int deepest = 64;

/// Reads everything once, remembering where it is; throws simdjson_error at the first fault.
class walker {
 public:
  explicit walker(const simdjson::padded_string& text) : text_(text) {}

  void walk(simdjson::ondemand::document& document) {
    simdjson::ondemand::value root = document;
    value(root, 0);
  }

  const std::string& key() const { return key_; }
  std::size_t last_string() const { return last_string_; }
  /// The number at the fault, where it is one.
  std::string_view number() const { return number_; }

 private:
  void value(simdjson::ondemand::value v, int depth) {
    if (depth > deepest) throw simdjson::simdjson_error(simdjson::DEPTH_ERROR);
    switch (simdjson::ondemand::json_type(v.type())) {
      case simdjson::ondemand::json_type::object:
        for (auto field : v.get_object()) {
          const char* raw = simdjson::ondemand::raw_json_string(field.key()).raw();
          last_string_ = static_cast<std::size_t>(raw - text_.data()) - 1;
          const std::string_view name = field.unescaped_key();
          if (depth == 0) key_ = name;
          value(field.value(), depth + 1);
        }
        if (depth == 0) key_.clear();
        break;
      case simdjson::ondemand::json_type::array:
        for (auto entry : v.get_array()) value(entry.value(), depth + 1);
        break;
      case simdjson::ondemand::json_type::string: {
        const std::string_view token = v.raw_json_token();
        last_string_ = static_cast<std::size_t>(token.data() - text_.data());
        static_cast<void>(std::string_view(v.get_string()));
        break;
      }
      case simdjson::ondemand::json_type::number:
        number_ = v.raw_json_token();
        // Not as a double, which takes what is too large for an integer.
        static_cast<void>(simdjson::ondemand::number(v.get_number()));
        number_ = {};
        break;
      case simdjson::ondemand::json_type::boolean:
        static_cast<void>(bool(v.get_bool()));
        break;
      case simdjson::ondemand::json_type::null:
        if (!v.is_null()) throw simdjson::simdjson_error(simdjson::N_ATOM_ERROR);
        break;
    }
  }

  const simdjson::padded_string& text_;
  std::string key_;
  std::size_t last_string_ = 0;
  std::string_view number_;
};

/// The first string that a line ends in: its closing quote is what is missing.
std::size_t open_string(std::string_view text) {
  bool inside = false;
  std::size_t began = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside && c == '\\') {
      ++i;
    } else if (c == '"') {
      inside = !inside;
      began = i;
    } else if (inside && static_cast<unsigned char>(c) < 0x20) {
      return began;
    }
  }
  return inside ? began : text.size();
}

std::size_t first_line_not_utf8(std::string_view text) {
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (!simdjson::validate_utf8(text.data() + at, end - at)) return line;
    at = end + 1;
  }
  return line;
}

/// What stands between the quotes of the string that begins at `offset`.
std::string_view between_quotes(std::string_view text, std::size_t offset) {
  std::size_t end = offset + 1;
  while (end < text.size() && text[end] != '"' && text[end] != '\n') ++end;
  return text.substr(offset + 1, end - offset - 1);
}

/// The first escape, where it is half of a pair (RFC 8259, 7) without the other half; empty: where
/// another one is wrong.
std::string_view lone_half(std::string_view raw) {
  const auto unit_at = [raw](std::size_t at) -> unsigned {
    if (at + 6 > raw.size() || raw.substr(at, 2) != "\\u") return 0;
    const std::string_view digits = raw.substr(at + 2, 4);
    unsigned unit = 0;
    const auto read = std::from_chars(digits.begin(), digits.end(), unit, 16);
    return read.ptr == digits.end() ? unit : 0;
  };
  for (std::size_t at = raw.find('\\'); at != std::string_view::npos; at = raw.find('\\', at)) {
    const unsigned unit = unit_at(at);
    if (unit >= 0xd800 && unit < 0xe000) {
      const unsigned next = unit < 0xdc00 ? unit_at(at + 6) : 0;
      if (next < 0xdc00 || next >= 0xe000) return raw.substr(at, 6);
      at += 12;
    } else if (unit != 0) {
      at += 6;
    } else {
      const std::string_view simple = "\"\\/bfnrt";
      if (at + 1 >= raw.size() || simple.find(raw[at + 1]) == std::string_view::npos) return {};
      at += 2;
    }
  }
  return {};
}

/// What is wrong with a string, from what stands between its quotes.
std::string string_fault(std::string_view raw) {
  const std::string begin = "\"" + s3::printable(raw) + "\" is not JSON, because ";
  if (const std::string_view half = lone_half(raw); !half.empty()) {
    return begin + s3::printable(half) +
           " is half of a character, and the other half is missing: write the character itself";
  }
  return begin + "a backslash has a meaning of its own there: write " +
         s3::printable(with_slashes(raw));
}

/// What is wrong with a number: JSON has no limits, but whoever reads it.
std::string number_fault(std::string_view token) {
  const std::string_view number = token.substr(0, token.find_first_of(" \t\r\n,]}"));
  const std::string_view digits = number.substr(number.starts_with('-') ? 1 : 0);
  const bool whole = !digits.empty() && digits.front() != '0' &&
                     digits.find_first_not_of("0123456789") == std::string_view::npos;
  return s3::printable(number, 40) +
         (whole ? " is too large a number" : " is no number, or too large a one");
}

std::string shown(char c) { return "`" + s3::printable(std::string_view(&c, 1)) + "`"; }

/// What people most often do wrong, by what stands at the fault and before it.
std::string guess(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) {
    return "the file ends too early: a closing brace, bracket or quote is missing";
  }
  std::size_t before = offset;
  while (before > 0 &&
         std::string_view(" \t\r\n").find(text[before - 1]) != std::string_view::npos) {
    --before;
  }
  const char previous = before > 0 ? text[before - 1] : ' ';
  const char c = text[offset];
  if ((c == '}' || c == ']') && previous == ',') {
    return "the comma before " + shown(c) + " must go: nothing follows it";
  }
  if (c == '"' && previous != ',' && previous != '{' && previous != '[' && previous != ':') {
    return "a comma is missing before this line's text";
  }
  if (c == '/' || c == '#') return "JSON has no comments: take this one away";
  if (c == '\'') return "texts stand in double quotes";
  // TextEdit, Word and phones write these of their own accord.
  for (const std::string_view quote : {"\u201c", "\u201d", "\u201e", "\u201f", "\u2018", "\u2019",
                                       "\u201a", "\u00ab", "\u00bb", "\u2033", "\uff02"}) {
    if (!text.substr(offset).starts_with(quote)) continue;
    return std::string(quote) + " is a typographic quotation mark: write straight ones (\")";
  }
  return "did not expect " + shown(c) + " here";
}

}  // namespace

std::size_t line_of(std::string_view text, std::size_t offset) {
  const std::size_t end = std::min(offset, text.size());
  return 1 + static_cast<std::size_t>(
                 std::count(text.begin(), text.begin() + static_cast<long>(end), '\n'));
}

std::string with_slashes(std::string_view raw) {
  std::string path;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      path += raw[i];
      continue;
    }
    if (i + 1 < raw.size() && raw[i + 1] == '\\') ++i;
    path += '/';
  }
  return path;
}

bool is_utf16(std::string_view text) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return true;
  // Without a mark: of its first character, `{` or a blank, one byte is 0.
  return text.size() >= 2 && (text[0] == '\0') != (text[1] == '\0');
}

json_fault find_json_fault(std::string_view text) {
  if (is_utf16(text)) return {1, "the file is UTF-16: save it as UTF-8"};
  const simdjson::padded_string padded(text);
  simdjson::ondemand::parser parser;
  simdjson::ondemand::document document;
  const auto began = parser.iterate(padded).get(document);
  if (began == simdjson::UTF8_ERROR) {
    return {first_line_not_utf8(text), "the file is not UTF-8: save it as UTF-8"};
  }
  if (began == simdjson::EMPTY) return {1, "the file is empty: it should hold at least {}"};
  if (began != simdjson::SUCCESS) {
    return {line_of(text, open_string(text)), "a text is not closed: its last quote is missing"};
  }

  walker reader(padded);
  std::size_t offset = text.size();
  try {
    reader.walk(document);
    // The object is whole: what is wrong stands behind it.
    const char* where = nullptr;
    if (document.current_location().get(where) == simdjson::SUCCESS) {
      offset = static_cast<std::size_t>(where - padded.data());
    }
    return {line_of(text, offset), "nothing may follow the closing brace"};
  } catch (const simdjson::simdjson_error& e) {
    const std::string begin = reader.key().empty() ? "" : s3::printable(reader.key()) + ": ";
    if (e.error() == simdjson::STRING_ERROR) {
      const std::string_view raw = between_quotes(text, reader.last_string());
      return {line_of(text, reader.last_string()), begin + string_fault(raw)};
    }
    if (!reader.number().empty()) {
      const auto at = static_cast<std::size_t>(reader.number().data() - padded.data());
      return {line_of(text, at), begin + number_fault(reader.number())};
    }
    const char* where = nullptr;
    if (document.current_location().get(where) == simdjson::SUCCESS) {
      offset = static_cast<std::size_t>(where - padded.data());
    }
  }
  return {line_of(text, offset), guess(text, offset)};
}

}  // namespace beatsync::cli
