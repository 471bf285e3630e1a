#pragma once

/// What a run tells the outside: items, progress and totals. The command line prints these as text
/// or JSON; tests assert them.

#include "s3/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beatsync::engine {

enum class action_kind : std::uint8_t { upload, download, copy, remove, rewrite };
enum class outcome : std::uint8_t { planned, done, skipped, failed };

/// Why an item exists or ended as it did. A closed list: `--json` prints name_of(reason) and
/// docs/json.md explains each.
enum class reason : std::uint8_t {
  // Why something moves.
  missing,  ///< the target lacks the name
  differs,  ///< other size (or other content, for XML)
  newer,    ///< AWS_USE_DATE_MODIFIED: this side is newer
  // Why something was skipped.
  unreadable,   ///< permission, or an error while reading the folder or file
  not_regular,  ///< FIFO, socket, device
  dangling_link,
  link_loop,
  invalid_name,  ///< not UTF-8, or longer than 1,024 bytes as a key
  hostile_name,  ///< a key that is no path below the root: `..`, `//`, absolute, NUL, …
  archived,      ///< the object must be restored from its storage class first
  vanished,      ///< gone between the scan and the transfer
  // Why something failed.
  collision,  ///< the target's file system merges this name with another one
  changed,    ///< kept changing while it was read
  corrupt,    ///< bytes do not match their checksum
  store,      ///< the store or the way to it; see error
  local_io,   ///< the local file system; the message says what
  disk_full,
  stopped,    ///< the run was interrupted or had to stop before this item was finished
  no_match,   ///< XML: no location below the expected root
  malformed,  ///< XML: not well-formed
};

std::string_view name_of(action_kind kind) noexcept;
std::string_view name_of(outcome result) noexcept;
std::string_view name_of(reason why) noexcept;

/// The end (or, on a dry run, the plan) of one item.
struct item {
  action_kind action = action_kind::upload;
  outcome result = outcome::done;
  reason why = reason::missing;
  std::string message;  ///< for people; empty when the reason says it all
  std::string key;      ///< full key in the bucket
  std::string path;     ///< absolute local path, raw bytes (perhaps not UTF-8); empty for copies
  std::uint64_t bytes = 0;  ///< size of the file or object
  bool unverified = false;  ///< a download for which the store offered nothing to verify it by
  std::optional<s3::error> error;
};

/// Names on both sides that are not the same and that nobody asked to move (contract.md §5).
/// Reported, but no item of the plan.
struct difference {
  std::string key;
  std::string path;  ///< of a copy: the source object as s3://bucket/key, its size as local_size
  std::uint64_t local_size = 0;
  std::uint64_t remote_size = 0;
};

/// Totals of one operation. planned == done + skipped + failed, but on a dry run.
struct totals {
  std::uint64_t planned = 0;
  std::uint64_t done = 0;
  std::uint64_t skipped = 0;
  std::uint64_t failed = 0;
  std::uint64_t differs = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t unverified = 0;
  std::uint64_t bytes = 0;           ///< bytes of the items done
  std::uint64_t bytes_in_place = 0;  ///< of planned items that were found done (`unchanged`)
};

/// A snapshot for the progress line.
struct progress {
  std::uint64_t items_planned = 0;  ///< so far; final once listing_complete
  std::uint64_t items_finished = 0;
  std::uint64_t bytes_planned = 0;
  std::uint64_t bytes_moved = 0;  ///< includes transfers in flight
  std::uint64_t names_compared = 0;
  bool listing_complete = false;
};

/// What stopped it where it was no error of the store: a closed list, for exit codes and `--json`.
enum class stop_cause : std::uint8_t {
  other,
  disk_full,
  locked,    ///< another run is at work on the same library
  no_plan,   ///< apply, status: there is none where one was named
  bad_plan,  ///< apply, status: the one there cannot be used
};

/// `stopped` for `other`.
std::string_view name_of(stop_cause why) noexcept;

/// Why a whole operation could not start or had to stop (exit code 4, or 130/143).
struct stop_reason {
  std::string message;  ///< what happened and what to do now
  std::optional<s3::error> error;
  bool interrupted = false;  ///< by stop(), not by a fault
  stop_cause cause = stop_cause::other;
};

stop_reason stop_because(std::string message, stop_cause cause = stop_cause::other);
/// `what`: what could not be done; may be empty.
stop_reason stop_because(const s3::error& e, std::string_view what = {});

/// How one operation ended.
struct report {
  totals count;
  std::optional<stop_reason> stopped;
  std::vector<std::string>
      unanswered_aborts;  ///< `key (upload id)`: parts may be left in the store
  std::vector<std::string> warnings;
};

/// Receives what happens. The engine serialises the calls; they come from its I/O threads and from
/// the thread that called the operation, and must be quick.
class observer {
 public:
  virtual ~observer() = default;
  virtual void on_item(const item& it) = 0;
  virtual void on_difference(const difference& d) = 0;
  virtual void on_warning(const std::string& text) = 0;
  /// About four times a second while an operation runs.
  virtual void on_progress(const progress& p) = 0;
};

}  // namespace beatsync::engine
