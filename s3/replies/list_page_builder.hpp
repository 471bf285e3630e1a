#pragma once

/// From the raw fields of a listing to a list_page that can be trusted: decodes, unquotes, parses
/// numbers and dates, and checks that the listing does not contradict itself. The two parsers of
/// reply_xml.hpp share it. Pure; any thread.

#include "s3/error.hpp"
#include "s3/types.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3 {

/// A piece of a page's text, with references resolved but not decoded.
struct text_span {
  std::size_t first = 0;
  std::size_t size = 0;
  friend bool operator==(const text_span&, const text_span&) = default;
};

struct raw_object {
  text_span key, size, etag, last_modified, storage_class;
  bool has_key = false, has_size = false;
};

/// What stands in the document, before anything is believed. Spans lie in the text given along with
/// it.
struct raw_list_page {
  std::vector<raw_object> objects;
  std::vector<text_span> common_prefixes;
  text_span encoding_type, is_truncated, next_token;
};

/// Decodes in place within `text` and hands it over to the page.
result<list_page> build_list_page(std::vector<char> text, const raw_list_page& raw,
                                  std::string_view prefix);

}  // namespace beatsync::s3
