#pragma once

/// The fast half of parse_list: a strict scanner for ListBucketResult as the known stores write it.
///
/// Listing is bound by its parser: expat reads about 1 M keys per CPU second, this one over 8 M
/// (the reason is in docs/dev/performance.md, 4.3). It knows a subset of XML and gives up on
/// anything outside of it (comments, CDATA, processing instructions, attributes where none belong,
/// unknown nesting, references but the usual ones, bytes that are not UTF-8); expat then reads the
/// page instead. What it does accept, expat reads the same way: tests and a fuzzer hold the two
/// against each other. It does not judge the listing (order, prefix): list_page_builder does. Pure;
/// any thread.

#include "s3/replies/list_page_builder.hpp"

#include <optional>
#include <vector>

namespace beatsync::s3 {

/// Nothing: not for this scanner. The raw fields point into `body`, which is changed in place
/// (references are resolved) only when the answer is not nothing.
std::optional<raw_list_page> scan_list(std::vector<char>& body);

}  // namespace beatsync::s3
