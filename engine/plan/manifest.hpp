#pragma once

/// The lines of a shard manifest: what `plan` writes and `apply` reads. JSON, one object a line:
///
///     {"beatsync_manifest":1,"plan":"5f3c…","shard":0,"shards":2,"source":"/lustre/music",
///      "target":"s3://bucket/dj/music/","endpoint":"https://s3.example.org"}
///     {"action":"upload","reason":"missing","key":"dj/music/a.mp3","size":9,
///      "source":{"mtime_ns":1600000000123456789}}
///     {"action":"upload","reason":"differs",…,"target":{"etag":"…"}}
///     {"action":"download",…,"source":{"etag":"…"},"target":{"size":8,"mtime_ns":…}}
///     {"action":"copy",…,"source":{"etag":"…"},"target":{"etag":"…"}}
///     {"end":true,"items":3,"bytes":27}
///
/// `"target_there":true` in the first line: the folder that the downloads go to was there.
/// `key` is the full key in the bucket (copy: in the target's); `path` below the folder is given
/// only where it is not the key without its prefix (another spelling of the name). No `target`: it
/// lacked the name.
///
/// A manifest is hostile until it is parsed: it may have been written by anybody. Unknown fields
/// are for later versions and ignored, wrong types are refused, and no name leaves its root or
/// prefix. Pure; any thread; a parser belongs to one.

#include "engine/run/action.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace beatsync::engine {

/// A key of 1,024 bytes and a path of as many, each byte as `\u00xx`, and the rest of a line.
inline constexpr std::size_t longest_manifest_line = 16 * 1024;

/// One shard per task of a Slurm array or a Kubernetes job; either would have to be set up for
/// more.
inline constexpr std::uint32_t most_shards = 10'000;

/// One end of a plan.
struct plan_place {
  std::string bucket;  ///< empty: a folder
  std::string path;    ///< the folder, absolute; or the prefix, "" or ending in "/"

  bool in_store() const noexcept { return !bucket.empty(); }
  /// `s3://bucket/prefix/` or the folder.
  std::string text() const;

  friend bool operator==(const plan_place&, const plan_place&) = default;
};

/// Of text(); nothing where it is neither.
std::optional<plan_place> parse_plan_place(std::string_view text);

/// What a plan is of; the first line of each of its manifests.
struct plan_header {
  std::string plan;  ///< 32 random hex digits: tells this plan's results from another's
  std::uint32_t shard = 0;
  std::uint32_t shards = 1;
  plan_place source;
  plan_place target;
  std::string endpoint;  ///< of the store: `https://host[:port][/path]`
  /// Download: the target's folder was there when this was planned.
  bool target_there = false;

  action_kind kind() const noexcept;
};

/// The last line: a manifest without it was cut off.
struct manifest_end {
  std::uint64_t items = 0;
  std::uint64_t bytes = 0;
};

/// Is it UTF-8, without NUL?
bool fits_a_manifest(std::string_view text) noexcept;

std::string header_line(const plan_header& header);
std::string action_line(const plan_header& header, const action& what);
std::string end_line(const manifest_end& end);

/// What is wrong with a line, as it reads after its file and number.
struct line_fault {
  std::string message;
};
template <class T>
using line_result = boost::system::result<T, line_fault>;

/// Called by value() on a fault; throws std::runtime_error.
[[noreturn]] void throw_exception_from_error(const line_fault& e,
                                             const boost::source_location& loc);

class manifest_parser {
 public:
  manifest_parser();
  ~manifest_parser();
  manifest_parser(const manifest_parser&) = delete;
  manifest_parser& operator=(const manifest_parser&) = delete;

  line_result<plan_header> header(std::string_view line);

  /// An action, or the end.
  struct body_line {
    std::optional<action> what;
    manifest_end end;
  };
  line_result<body_line> body(const plan_header& header, std::string_view line);

 private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace beatsync::engine
