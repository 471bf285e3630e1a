#include "s3/uri.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace beatsync::s3 {
namespace {

constexpr std::array<bool, 256> unreserved = [] {
  std::array<bool, 256> table{};
  for (int c = 'A'; c <= 'Z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = 'a'; c <= 'z'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (int c = '0'; c <= '9'; ++c) table[static_cast<std::size_t>(c)] = true;
  for (const char c : {'-', '.', '_', '~'}) table[static_cast<std::size_t>(c)] = true;
  return table;
}();

std::string encode(std::string_view text, bool keep_slash) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (unreserved[byte] || (keep_slash && c == '/')) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
  return out;
}

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

/// Bytes before the next `%` or `+`, eight at a time: listings are decoded here.
std::size_t plain_run(const char* text, std::size_t size) noexcept {
  std::size_t run = 0;
  if constexpr (std::endian::native == std::endian::little) {
    constexpr std::uint64_t ones = 0x0101010101010101, high_bits = 0x8080808080808080;
    for (; size - run >= 8; run += 8) {
      std::uint64_t word;
      std::memcpy(&word, text + run, 8);
      const std::uint64_t percent = word ^ ones * '%', plus = word ^ ones * '+';
      // A byte that became zero borrows into its high bit; the lowest such bit is never wrong.
      const std::uint64_t found =
          (((percent - ones) & ~percent) | ((plus - ones) & ~plus)) & high_bits;
      if (found != 0) return run + static_cast<std::size_t>(std::countr_zero(found)) / 8;
    }
  }
  while (run < size && text[run] != '%' && text[run] != '+') ++run;
  return run;
}

}  // namespace

std::string percent_encode(std::string_view text) { return encode(text, false); }

std::string percent_encode_path(std::string_view text) { return encode(text, true); }

std::optional<std::size_t> percent_decode_in_place(char* text, std::size_t size, plus_sign plus) {
  std::size_t to = 0;
  for (std::size_t from = 0;;) {
    const std::size_t run = plain_run(text + from, size - from);
    if (to != from) std::memmove(text + to, text + from, run);
    to += run;
    from += run;
    if (from == size) return to;
    if (text[from] == '+') {
      text[to++] = plus == plus_sign::blank ? ' ' : '+';
      ++from;
      continue;
    }
    if (size - from < 3) return std::nullopt;
    const int high = hex_digit(text[from + 1]);
    const int low = hex_digit(text[from + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    text[to++] = static_cast<char>(high << 4 | low);
    from += 3;
  }
}

std::optional<std::string> percent_decode(std::string_view text, plus_sign plus) {
  std::string out(text);
  const auto size = percent_decode_in_place(out.data(), out.size(), plus);
  if (!size) return std::nullopt;
  out.resize(*size);
  return out;
}

std::string canonical_query(const query_parameters& parameters) {
  query_parameters encoded;
  encoded.reserve(parameters.size());
  for (const auto& [name, value] : parameters)
    encoded.emplace_back(percent_encode(name), percent_encode(value));
  std::sort(encoded.begin(), encoded.end());
  std::string out;
  for (const auto& [name, value] : encoded) {
    if (!out.empty()) out += '&';
    out += name;
    out += '=';
    out += value;
  }
  return out;
}

}  // namespace beatsync::s3
