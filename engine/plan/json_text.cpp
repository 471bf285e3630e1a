#include "engine/plan/json_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cmath>

namespace beatsync::engine {

namespace {

/// Bytes of the well-formed UTF-8 sequence that `text` begins with; 0 where it begins with none.
/// (Unicode 15, table 3-7.)
std::size_t sequence_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  const std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (first >= 0x80 && (first < 0xc2 || first > 0xf4)) return 0;
  if (size > text.size()) return 0;
  return simdjson::validate_utf8(text.data(), size) ? size : 0;
}

void append_escaped(std::string& out, unsigned char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  constexpr char digits[] = "0123456789abcdef";
  out += "\\u00";
  out += digits[c >> 4];
  out += digits[c & 15];
}

}  // namespace

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 2);
  const bool valid = simdjson::validate_utf8(text.data(), text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f) {
      append_escaped(out, c);
      ++i;
    } else if (c < 0x80 || valid) {
      out += text[i++];
    } else if (const std::size_t size = sequence_size(text.substr(i)); size > 0) {
      out += text.substr(i, size);
      i += size;
    } else {
      out += "\xef\xbf\xbd";
      ++i;
    }
  }
  return out += '"';
}

std::string base64(std::string_view bytes) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= left ? digits[group >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return out;
}

void json_object::field(std::string_view name) {
  text_ += text_.empty() ? "{" : ",";
  text_ += json_quoted(name);
  text_ += ':';
}

json_object& json_object::text(std::string_view name, std::string_view value) {
  field(name);
  text_ += json_quoted(value);
  return *this;
}

json_object& json_object::bytes(std::string_view name, std::string_view value) {
  if (simdjson::validate_utf8(value.data(), value.size())) return text(name, value);
  return text(std::string(name) + "_base64", base64(value));
}

json_object& json_object::number(std::string_view name, std::uint64_t value) {
  field(name);
  text_ += std::to_string(value);
  return *this;
}

json_object& json_object::signed_number(std::string_view name, std::int64_t value) {
  field(name);
  text_ += std::to_string(value);
  return *this;
}

json_object& json_object::seconds(std::string_view name, double value) {
  // By hand: printf would write a comma in half of Europe's locales.
  const auto milliseconds = static_cast<std::uint64_t>(std::llround(std::max(0.0, value) * 1000));
  const std::string fraction = std::to_string(milliseconds % 1000);
  field(name);
  text_ +=
      std::to_string(milliseconds / 1000) + "." + std::string(3 - fraction.size(), '0') + fraction;
  return *this;
}

json_object& json_object::truth(std::string_view name, bool value) {
  field(name);
  text_ += value ? "true" : "false";
  return *this;
}

json_object& json_object::raw(std::string_view name, std::string_view value) {
  field(name);
  text_ += value;
  return *this;
}

}  // namespace beatsync::engine
