#pragma once

/// Why a text is no JSON, where, and what to write instead, in words for people who edit such files
/// by hand. simdjson says that a text is wrong; this says which line. Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace beatsync::cli {

struct json_fault {
  std::size_t line = 0;  ///< from 1
  std::string message;   ///< with the key, where the fault is in the value of one
};

/// By its byte order mark, or without one by its first two bytes.
bool is_utf16(std::string_view text);

/// `text` must be one that simdjson's DOM parser refuses.
json_fault find_json_fault(std::string_view text);

/// The line of a byte, from 1.
std::size_t line_of(std::string_view text, std::size_t offset);

/// `E:\DJ` as it should be written: `E:/DJ`. `raw` is what stands between the quotes.
std::string with_slashes(std::string_view raw);

}  // namespace beatsync::cli
