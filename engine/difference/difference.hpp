#pragma once

/// The set difference as a stream: a merge join of the local scan and the remote listing, both in
/// S3 byte order (performance.md §4.4). Yields what has to move, with reasons, while both sides are
/// still being listed; memory does not depend on how many names there are.
///
///     local_scan (file thread) ──► names ahead ──┐
///                                     │ cuts     ├──► merge join ──► difference_batch
///     ordered_listing (I/O thread) ◄──┘ pages ───┘
///
/// Threads: lives on the io_context of its object_store; next() is awaited there, one call at a
/// time. Only the scan itself runs on the file threads.
///
/// Errors: what makes the whole difference untrustworthy (folder gone, listing refused or
/// contradicting itself) is a stop_reason; what concerns one name is a refusal in a batch.

#include "engine/difference/compare.hpp"
#include "engine/names/entry.hpp"
#include "engine/names/selection.hpp"
#include "engine/run/action.hpp"
#include "engine/run/report.hpp"
#include "s3/object_store.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace boost::asio {
class thread_pool;
}

namespace beatsync::engine {

class date_cache;

/// All references must outlive the stream.
struct difference_inputs {
  direction way = direction::upload;
  on_conflict conflict = on_conflict::leave;
  selection names;
  std::string prefix;              ///< of the bucket side; "" or ending in "/"
  folder* root = nullptr;          ///< of the local side; null: not made yet, so it has no names
  std::string root_path;           ///< where root was opened, to see whether it is still there
  key_range range;                 ///< both sides; default: everything
  std::size_t listings = 16;       ///< requests of the listing at once, where they help
  std::size_t most_held = 65'536;  ///< names kept back for their other spelling (nfc_pairing.hpp)

  s3::object_store* store = nullptr;
  file_system* files = nullptr;
  boost::asio::thread_pool* file_threads = nullptr;
  date_cache* dates = nullptr;  ///< null: nothing is remembered
};

/// A handful of decisions. Paths in `differs` are relative to the root, like those of actions.
struct difference_batch {
  std::vector<action> actions;
  std::vector<refusal> refusals;
  std::vector<difference> differs;
  std::vector<std::string> warnings;           ///< e.g. an include entry that matched nothing
  std::vector<std::string> stale_temporaries;  ///< own leftovers, relative to the root
  std::uint64_t compared = 0;                  ///< names seen since the last batch
  std::uint64_t unchanged = 0;                 ///< pairs that agree since the last batch
  bool last = false;  ///< both listings ended completely and without error; nothing follows
};

class difference_stream {
 public:
  explicit difference_stream(difference_inputs inputs);
  ~difference_stream();
  difference_stream(const difference_stream&) = delete;
  difference_stream& operator=(const difference_stream&) = delete;

  /// The next decisions; a batch is handed out as soon as going on would mean waiting. Not to be
  /// called again after `last` or an error.
  boost::asio::awaitable<boost::system::result<difference_batch, stop_reason>> next();

  /// Waits for the page and the scan that may still be read ahead. To be awaited before the stream,
  /// the store or the root is destroyed, whatever next() said; does nothing after `last`.
  boost::asio::awaitable<void> drain();

  struct impl;

 private:
  std::unique_ptr<impl> impl_;
};

/// Called by result::value() on a stop; throws std::runtime_error with its message.
[[noreturn]] void throw_exception_from_error(const stop_reason& e,
                                             const boost::source_location& loc);

}  // namespace beatsync::engine
