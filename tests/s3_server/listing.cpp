#include "tests/s3_server/listing.hpp"

#include "tests/s3_server/hash.hpp"
#include "tests/s3_server/uri.hpp"
#include "tests/s3_server/xml_writer.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::s3_server {
namespace {

/// Where a page begins: after a key, or after all keys under a common prefix.
struct position {
  std::string from;
  bool inclusive = true;
};

/// The smallest key greater than all keys that begin with the prefix; nothing when there is none.
std::optional<std::string> after_prefix(std::string prefix) {
  while (!prefix.empty()) {
    const auto last = static_cast<unsigned char>(prefix.back());
    if (last < 0xff) {
      prefix.back() = static_cast<char>(last + 1);
      return prefix;
    }
    prefix.pop_back();
  }
  return std::nullopt;
}

// Tokens name the last item shown: "k" + key, or "p" + common prefix.
constexpr std::string_view token_head = "1";

std::string make_token(char kind, const std::string& name) {
  return std::string(token_head) + to_base64(kind + name);
}

std::optional<position> read_token(const std::string& token) {
  if (!token.starts_with(token_head)) return std::nullopt;
  const auto plain = from_base64(std::string_view(token).substr(token_head.size()));
  if (!plain || plain->empty()) return std::nullopt;
  const auto name = plain->substr(1);
  if (plain->front() == 'k') return position{name, false};
  if (plain->front() != 'p') return std::nullopt;
  const auto next = after_prefix(name);
  return next ? position{*next, true} : position{name + std::string(1024, '\xff'), true};
}

std::optional<position> first_position(const listing_query& query) {
  if (query.token) return read_token(*query.token);
  // V1 clients go on with a common prefix as the marker: all that lies under it has been shown.
  if (!query.delimiter.empty() && query.start_after.ends_with(query.delimiter)) {
    if (auto next = after_prefix(query.start_after); next && !query.v2) {
      return position{std::move(*next), true};
    }
  }
  if (query.start_after < query.prefix) return position{query.prefix, true};
  return position{query.start_after, false};
}

}  // namespace

std::optional<listing_page> make_page(const listing_query& query, const entry_source& next) {
  auto at = first_position(query);
  if (!at) return std::nullopt;
  listing_page page;
  page.query = query;
  page.url_encoding = query.url_encoding;
  if (at->from < query.prefix) *at = position{query.prefix, true};
  std::string last;
  char last_kind = 'k';
  std::size_t count = 0;
  while (true) {
    auto entry = next(at->from, at->inclusive);
    if (!entry || !entry->key.starts_with(query.prefix)) break;
    if (count >= query.max_keys) {
      page.truncated = query.max_keys > 0;
      break;
    }
    ++count;
    const auto cut = query.delimiter.empty()
                         ? std::string::npos
                         : entry->key.find(query.delimiter, query.prefix.size());
    if (cut == std::string::npos) {
      last = entry->key;
      last_kind = 'k';
      *at = position{entry->key, false};
      page.entries.push_back(std::move(*entry));
      continue;
    }
    last = entry->key.substr(0, cut + query.delimiter.size());
    last_kind = 'p';
    page.common_prefixes.push_back(last);
    auto beyond = after_prefix(last);
    if (!beyond) break;
    *at = position{std::move(*beyond), true};
  }
  if (page.truncated) {
    if (query.v2) {
      page.next_token = make_token(last_kind, last);
    } else if (!query.delimiter.empty()) {
      page.next_token = last;  // V1 without delimiter: the client takes the last key
    }
  }
  return page;
}

std::string to_xml(const listing_page& page) {
  const auto& query = page.query;
  const auto spelled = [&](const std::string& key) {
    return page.url_encoding ? listing_encode(key) : key;
  };
  xml_writer xml("ListBucketResult");
  xml.element("Name", query.bucket).element("Prefix", spelled(query.prefix));
  if (!query.v2) xml.element("Marker", spelled(query.start_after));
  if (query.v2 && !query.start_after.empty()) {
    xml.element("StartAfter", spelled(query.start_after));
  }
  if (query.token) xml.element("ContinuationToken", *query.token);
  if (!page.next_token.empty()) {
    if (query.v2) {
      xml.element("NextContinuationToken", page.next_token);
    } else {
      xml.element("NextMarker", spelled(page.next_token));
    }
  }
  if (query.v2) xml.element("KeyCount", page.entries.size() + page.common_prefixes.size());
  xml.element("MaxKeys", query.max_keys);
  if (!query.delimiter.empty()) xml.element("Delimiter", spelled(query.delimiter));
  if (page.url_encoding) xml.element("EncodingType", "url");
  xml.element("IsTruncated", page.truncated);
  for (const auto& entry : page.entries) {
    xml.open("Contents").element("Key", spelled(entry.key));
    xml.element("LastModified", entry.last_modified).element("ETag", '"' + entry.etag + '"');
    if (!entry.checksum_algorithm.empty()) {
      xml.element("ChecksumAlgorithm", entry.checksum_algorithm);
      xml.element("ChecksumType", entry.checksum_type);
    }
    xml.element("Size", entry.size);
    if (query.fetch_owner || !query.v2) {
      xml.raw("<Owner><ID>beatsync</ID><DisplayName>beatsync</DisplayName></Owner>");
    }
    xml.element("StorageClass", entry.storage_class).close("Contents");
  }
  for (const auto& prefix : page.common_prefixes) {
    xml.open("CommonPrefixes").element("Prefix", spelled(prefix)).close("CommonPrefixes");
  }
  xml.raw(page.extra_xml);
  return std::move(xml).finish();
}

}  // namespace beatsync::s3_server
