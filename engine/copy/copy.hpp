#pragma once

/// Brings a prefix in step with another one of the same store, in the same bucket or another; the
/// bytes never come by here.
///
///     listing of the source ──┐
///                             ├─► set difference ─► multipart copies inside the store
///     listing of the target ──┘
///
/// Keys are compared byte by byte, sizes decide (contract.md §5). Copies are multipart uploads
/// whose parts the store takes from the source (UploadPartCopy), also of small objects: MinIO and
/// Versity Gateway ignore If-None-Match on CopyObject and honour it on CompleteMultipartUpload.
///
/// The runtime's stores are of the target bucket, its source stores of the source bucket.

#include "engine/difference/compare.hpp"
#include "engine/names/selection.hpp"
#include "engine/run/report.hpp"

#include <cstdint>
#include <string>

namespace beatsync::engine {

class runtime;

struct copy_task {
  std::string source_bucket;                        ///< empty: the target's
  std::string source_prefix;                        ///< "" or ending in "/"
  std::string source_url;                           ///< s3://bucket/prefix/, for messages
  std::string prefix;                               ///< of the target; likewise
  on_conflict conflict = on_conflict::source_wins;  ///< or leave; times are not compared
  selection names;
  bool dry_run = false;
  std::uint64_t part_size = 0;  ///< bytes; 0: chosen by size
};

/// Runs to the end on the calling thread and the runtime's I/O threads. Never throws for what the
/// store does: that is in the report.
report copy(runtime& rt, const copy_task& task, observer& out);

}  // namespace beatsync::engine
