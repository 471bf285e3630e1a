#pragma once

/// The machinery under a run: one io_context per I/O thread, each with its own object_store, and a
/// pool of threads for blocking file work. Nothing is shared between I/O threads on the hot path.

#include "engine/files/file_system.hpp"
#include "s3/object_store.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace beatsync::engine {

struct runtime_options {
  std::size_t io_threads = 0;    ///< 0: one per core, at most 8
  std::size_t file_threads = 0;  ///< 0: 4; fsyncs of small files overlap here
  std::size_t transfers = 16;    ///< requests in flight over all threads
  /// Small requests in flight where that pays off (transfer_window.hpp); 0: as `transfers`.
  std::size_t most_transfers = 0;
};

/// Makes the object_store of one I/O thread; called once per thread, from the constructor.
using store_factory =
    std::function<std::unique_ptr<s3::object_store>(boost::asio::any_io_executor)>;

class runtime {
 public:
  /// `make_source`: of the bucket that copies come from; empty: the same bucket.
  runtime(const runtime_options& options, store_factory make_store, file_system& files,
          store_factory make_source = {});
  ~runtime();  ///< joins all threads
  runtime(const runtime&) = delete;
  runtime& operator=(const runtime&) = delete;

  /// Asks everything in flight to end: unfinished transfers are aborted, sync() returns with
  /// stopped->interrupted. Callable from any thread and, being lock-free, from a signal's handler
  /// thread; any number of times.
  void stop() noexcept;

  struct impl;
  impl& internals() noexcept { return *impl_; }

 private:
  std::unique_ptr<impl> impl_;
};

}  // namespace beatsync::engine
