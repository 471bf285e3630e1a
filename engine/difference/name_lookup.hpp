#pragma once

/// Questions about single names that a listing cannot answer, asked with a bounded number of
/// requests at once: the modification time of an object (LIST carries no metadata), and whether a
/// name exists in another spelling on the other side.
///
/// Threads: the store's. Errors: one per name, in its answer; the caller decides what they mean.

#include "engine/difference/compare.hpp"
#include "engine/difference/decider.hpp"
#include "engine/files/file_system.hpp"
#include "engine/names/nfc_pairing.hpp"
#include "s3/object_store.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace boost::asio {
class thread_pool;
}

namespace beatsync::engine {

/// Where names are looked up. All of it outlives the lookups.
struct lookup_places {
  s3::object_store* store = nullptr;
  std::string prefix;
  folder* root = nullptr;  ///< null: the local side has no names
  boost::asio::thread_pool* file_threads = nullptr;
};

struct date_answer {
  std::int64_t mtime_ns = 0;
  bool gone = false;  ///< the object was deleted since it was listed
  std::optional<s3::error> failed;
};

/// HEADs the remote side of every pair and brings its size, ETag and LastModified up to date.
/// Answers are in the order of the pairs.
boost::asio::awaitable<std::vector<date_answer>> ask_dates(const lookup_places& places,
                                                           std::vector<name_pair>& pairs);

/// Does a folder (and no link to one) of this name stand on the local side?
boost::asio::awaitable<bool> is_local_folder(const lookup_places& places, const std::string& path);

struct spelling_answer {
  std::optional<name_pair> pair;         ///< the source and its partner in another spelling
  std::optional<std::int64_t> mtime_ns;  ///< of the object, where a HEAD told it
  std::optional<s3::error> failed;
};

/// Looks for every source name's other spellings on the other side. A partner is a name that has no
/// exact partner of its own.
boost::asio::awaitable<std::vector<spelling_answer>> ask_spellings(
    const lookup_places& places, direction way, const std::vector<held_name>& sources);

}  // namespace beatsync::engine
