#pragma once

/// Pages of ListObjects (V1) and ListObjectsV2: which entries a page holds, and its XML.
///
/// Pure: works on any ordered range of keys. The page is a value between the two steps, so that
/// faults can make it lie.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::s3_server {

struct listing_query {
  bool v2 = true;
  std::string bucket;
  std::string prefix;
  std::string delimiter;
  std::string start_after;           ///< V2's start-after or V1's marker
  std::optional<std::string> token;  ///< V2's continuation-token as sent
  std::size_t max_keys = 1000;
  bool url_encoding = false;
  bool fetch_owner = false;
};

/// An entry; texts, so that faults can write anything.
struct listing_entry {
  std::string key;
  std::string last_modified;
  std::string etag;  ///< without quotes
  std::string size;
  std::string storage_class = "STANDARD";
  std::string checksum_algorithm;  ///< empty: none stored
  std::string checksum_type;
};

struct listing_page {
  listing_query query;
  std::vector<listing_entry> entries;
  std::vector<std::string> common_prefixes;
  bool truncated = false;
  std::string next_token;     ///< V2: NextContinuationToken; V1: NextMarker
  bool url_encoding = false;  ///< keys are written so, and the page says so
  std::string extra_xml;      ///< put before the closing tag as it is
};

/// Looks at the bucket: calls back with the first entry at or after a key, repeatedly.
/// `next(from, inclusive)` returns the first entry whose key is >= from (or > from), or nothing.
using entry_source =
    std::function<std::optional<listing_entry>(const std::string& from, bool inclusive)>;

/// Nothing when the continuation token is not one of ours.
std::optional<listing_page> make_page(const listing_query& query, const entry_source& next);

std::string to_xml(const listing_page& page);

}  // namespace beatsync::s3_server
