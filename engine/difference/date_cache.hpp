#pragma once

/// Remembers the modification times that HEAD requests told, by what a LIST tells of an object, so
/// that the second run with AWS_USE_DATE_MODIFIED needs LISTs only. A cache: losing it costs
/// requests, nothing else.
///
/// LastModified is part of what is remembered: the same bytes uploaded again have the same ETag and
/// another mtime.
///
/// File: `dates-<16 hex digits of store_name>.txt` in the cache folder, text, append-only. First
/// line `beatsync dates 2`. Then one line per object:
///
///     <mtime, nanoseconds since 1970> SP <LastModified, milliseconds since 1970> SP
///     <ETag, percent-encoded> SP <key, percent-encoded> LF
///
/// Later lines win. Anything that is not of this form makes the whole file count as empty, and it
/// is begun anew; so does a file of more than 64 MiB. In memory an entry is 16 bytes: a 64-bit hash
/// of the object, keyed with a secret of the process, and the time.
///
/// Threads: one thread at a time. Reads the file when opened, writes when flushed; both block.

#include "engine/files/file_system.hpp"
#include "s3/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

/// An object as a listing tells of it.
struct listed_object {
  std::string_view key;
  std::string_view etag;
  s3::time_point last_modified{};
};

class date_cache {
 public:
  /// An empty cache that writes nothing.
  date_cache();

  /// Never fails: what cannot be read is an empty cache.
  static date_cache open(file_system& files, const std::string& cache_folder,
                         std::string_view store_name);

  std::optional<std::int64_t> find(const listed_object& object) const;

  /// Known from now on; on disk after flush().
  void remember(const listed_object& object, std::int64_t mtime_ns);

  /// Appends what is new. A failure costs the next run its requests; it may be shown as a warning.
  fs_result<void> flush();

  std::size_t size() const noexcept { return count_; }

 private:
  struct slot {
    std::uint64_t hash = 0;  ///< 0: free
    std::int64_t mtime_ns = 0;
  };

  std::uint64_t hash_of(const listed_object& object) const noexcept;
  void insert(std::uint64_t hash, std::int64_t mtime_ns);
  bool load(std::string_view text);
  bool load_line(std::string_view line);

  file_system* files_ = nullptr;
  std::string folder_;
  std::string path_;
  std::string unsaved_;      ///< lines not yet on disk
  bool begin_anew_ = true;   ///< the file is missing or unusable
  std::vector<slot> slots_;  ///< open addressing, a power of two
  std::size_t count_ = 0;
  std::uint64_t secret_[2] = {0, 0};
};

}  // namespace beatsync::engine
