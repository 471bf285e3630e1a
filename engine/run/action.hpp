#pragma once

/// What the difference decides and the transfers carry out: one thing to do, with its reason.
/// Plain data.

#include "engine/files/file_system.hpp"
#include "engine/run/report.hpp"
#include "s3/types.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace beatsync::engine {

/// One transfer to make.
struct action {
  action_kind kind = action_kind::upload;  ///< upload, download or copy
  reason why = reason::missing;            ///< missing, differs or newer
  std::string path;        ///< below the root, raw bytes, in the local side's spelling
  std::string key;         ///< full key, in the remote side's spelling; copy: of the new object
  std::uint64_t size = 0;  ///< bytes of the source as the scan or the listing saw it

  /// Upload: the file's time. Download: the object's time where a HEAD has told it.
  std::int64_t mtime_ns = 0;
  bool mtime_known = false;  ///< a download without it takes mtime_of() of the GET's head

  /// Download: of the source object, for If-Match. Upload or copy over an existing object: of that
  /// object.
  std::string etag;
  std::string source_key;          ///< copy: full key of the object that is copied
  std::string source_etag;         ///< copy: of that object, as it was listed
  s3::time_point last_modified{};  ///< of the object; where there is none, the epoch

  /// The target has a file or an object of this name that the action is to replace. False: the name
  /// is believed missing, and finding it there is a collision (downloads: RENAME_NOREPLACE).
  bool target_exists = false;
  /// Download with target_exists: the file to be replaced, as the scan saw it (size and mtime_ns
  /// only). Where it is another one by the time of the rename, it must not be replaced.
  std::uint64_t target_size = 0;
  std::int64_t target_mtime_ns = 0;

  /// Download or copy: the source is listed in an archive class. Only its head tells whether a copy
  /// was restored that can be read (s3::object_head::archived).
  bool archived = false;

  /// It comes from a manifest that somebody has reviewed: the source must be just the one described
  /// here, and a target that is neither as described nor already what it is to become is a failure.
  bool planned = false;
};

/// An item that ends before it begins: a name that cannot be moved, and why.
struct refusal {
  action_kind kind = action_kind::upload;
  outcome result = outcome::skipped;  ///< skipped or failed (collisions)
  reason why = reason::unreadable;
  std::string message;  ///< for people; empty when the reason says it all
  std::string path;     ///< below the root; empty where no such path can exist
  std::string key;      ///< full key; empty where no such key can exist
  std::uint64_t bytes = 0;
  std::optional<s3::error> error;  ///< of a HEAD that failed
};

}  // namespace beatsync::engine
