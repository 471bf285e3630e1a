#pragma once

/// What a runtime is made of, for the operations of this folder. Nobody outside includes it.

#include "engine/files/file_system.hpp"
#include "engine/run/runtime.hpp"
#include "s3/object_store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace boost::asio {
class thread_pool;
}

namespace beatsync::engine {

/// One I/O thread: its io_context and the store whose calls complete there.
class io_lane {
 public:
  io_lane(const store_factory& make_store, const store_factory& make_source);
  ~io_lane();  ///< lets the context run out of work, joins
  io_lane(const io_lane&) = delete;
  io_lane& operator=(const io_lane&) = delete;

  boost::asio::any_io_executor executor() const;
  s3::object_store& store() noexcept { return *store_; }
  /// The bucket that copies come from; perhaps the same one.
  s3::object_store& source_store() noexcept { return source_ ? *source_ : *store_; }

 private:
  struct context;
  std::unique_ptr<context> context_;
  std::unique_ptr<s3::object_store> store_;
  std::unique_ptr<s3::object_store> source_;
  std::thread thread_;
};

struct runtime::impl {
  impl(const runtime_options& o, const store_factory& make_store, file_system& port,
       const store_factory& make_source);
  ~impl();

  runtime_options options;
  file_system& files;
  std::atomic<bool> stopping{false};
  std::unique_ptr<boost::asio::thread_pool> file_threads;
  std::vector<std::unique_ptr<io_lane>> lanes;

 private:
  void start(const store_factory& make_store, const store_factory& make_source);
  void join_file_threads();

  std::vector<std::thread> pool_threads_;  ///< those of file_threads
};

/// Runs coroutines to their ends while the calling thread waits: every one is awaited, and the
/// first exception comes out of wait().
class coroutine_group {
 public:
  coroutine_group();
  ~coroutine_group();  ///< waits too, for what wait() did not

  /// Calling thread only.
  void start(const io_lane& lane, boost::asio::awaitable<void> coroutine);

  /// Until all have ended; calls `meanwhile` about four times a second.
  void wait(const std::function<void()>& meanwhile);

 private:
  struct state;
  std::shared_ptr<state> state_;
};

}  // namespace beatsync::engine
