#pragma once

/// A DJ's XML in the bucket: where it lies and whose root goes with it (contract.md §3).

#include "s3/object_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

/// `x-amz-meta-beatsync-root`: the uploader's XML_ROOT, percent-encoded, because metadata is ASCII.
inline constexpr std::string_view root_metadata_name = "beatsync-root";

std::string encode_root(std::string_view root);

/// Nothing where there is none, or where it is broken.
std::optional<std::string> root_in(const s3::metadata_map& metadata);

struct xml_candidates {
  xml_candidates() = default;

  std::string key;                 ///< the one to read; empty: none, or several
  std::vector<std::string> names;  ///< all `*.xml` directly in the folder, below the prefix
};

/// `rekordbox.xml`, else the only `*.xml` (upstream uploaded under the file's own name).
boost::asio::awaitable<s3::result<xml_candidates>> find_xml(s3::object_store& store,
                                                            std::string prefix);

/// Who else has a folder beside `prefix` (`dj/xml/mia/`), as far as one page of the listing tells;
/// nobody where that is refused, and where `prefix` has objects: then its name is right.
boost::asio::awaitable<std::vector<std::string>> find_other_users(s3::object_store& store,
                                                                  std::string prefix);

/// Why there is no XML: perhaps the name is not right, and one of `others` is meant. Pure.
std::string no_xml_text(std::vector<std::string> others,
                        const std::function<std::size_t(std::string_view)>& unlikeness);

}  // namespace beatsync::engine
