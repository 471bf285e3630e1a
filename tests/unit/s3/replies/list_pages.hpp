#pragma once

/// Listings made up for tests: plain ones as the known stores write them, and odd ones.

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::tests {

inline constexpr std::string_view last_page = "<IsTruncated>false</IsTruncated>";

/// `<ListBucketResult>` around `inside`, as AWS writes it: the last page where `inside` does not
/// say otherwise.
std::string list_document(std::string_view inside);

/// One `<Contents>`; `key` as it shall stand in the XML.
std::string list_entry(std::string_view key, std::string_view size = "1");

std::vector<char> as_body(std::string_view text);

/// Well-formed or nearly so, from a seed; the seeds cover every feature that the scanner takes and
/// those that it leaves to expat.
std::string random_list(std::uint32_t seed);

}  // namespace beatsync::tests
