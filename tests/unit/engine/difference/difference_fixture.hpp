#pragma once

/// A library and a bucket in memory, and what the difference says of them.

#include "engine/difference/difference.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/memory_store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace beatsync::tests {

struct difference_run {
  std::vector<engine::action> actions;
  std::vector<engine::refusal> refusals;
  std::vector<engine::difference> differs;
  std::vector<std::string> warnings;
  std::vector<std::string> stale;
  std::uint64_t compared = 0;
  std::uint64_t unchanged = 0;
  std::size_t batches = 0;
  std::optional<engine::stop_reason> stopped;

  /// `path > key reason` of all actions, in their order.
  std::vector<std::string> moves() const {
    std::vector<std::string> all;
    for (const auto& a : actions) {
      const bool up = a.kind == engine::action_kind::upload;
      all.push_back((up ? a.path + " > " + a.key : a.key + " > " + a.path) + " " +
                    std::string(engine::name_of(a.why)));
    }
    return all;
  }

  std::vector<std::string> refused() const {
    std::vector<std::string> all;
    for (const auto& r : refusals) {
      all.push_back((r.key.empty() ? r.path : r.key) + " " + std::string(name_of(r.result)) + " " +
                    std::string(name_of(r.why)));
    }
    return all;
  }
};

inline bool is_list(const store_event& e) { return e.what == store_call::list; }

struct difference_fixture {
  difference_fixture() : bucket(std::make_shared<memory_bucket>()) { files.add_folder("/lib"); }

  void local(const std::string& name, const std::string& bytes = "1", std::int64_t mtime_ns = 0) {
    files.add_file("/lib/" + name, bytes, mtime_ns);
  }
  void remote(const std::string& name, const std::string& bytes = "1",
              s3::metadata_map metadata = {}) {
    bucket->put("p/" + name, bytes, std::move(metadata));
  }

  /// The difference with memory_store, or with another one.
  difference_run run(engine::difference_inputs inputs) {
    boost::asio::io_context context;
    memory_store store(context.get_executor(), bucket);
    return run(std::move(inputs), context, store);
  }

  difference_run run(engine::difference_inputs inputs, boost::asio::io_context& context,
                     s3::object_store& store) {
    boost::asio::thread_pool pool(2);
    auto root = files.open_root("/lib");
    BOOST_REQUIRE(root);
    inputs.prefix = "p/";
    inputs.root = root->get();
    inputs.root_path = "/lib";
    inputs.store = &store;
    inputs.files = &files;
    inputs.file_threads = &pool;
    difference_run all;
    std::exception_ptr failure;
    {
      engine::difference_stream stream(inputs);
      auto collecting = collect(stream, all);
      boost::asio::co_spawn(context, std::move(collecting),
                            [&failure](std::exception_ptr e) { failure = e; });
      context.run();
    }
    pool.join();
    if (failure) std::rethrow_exception(failure);
    return all;
  }

  difference_run run(engine::direction way,
                     engine::on_conflict conflict = engine::on_conflict::leave,
                     engine::selection names = {}) {
    engine::difference_inputs inputs;
    inputs.way = way;
    inputs.conflict = conflict;
    inputs.names = std::move(names);
    return run(std::move(inputs));
  }

  static boost::asio::awaitable<void> collect(engine::difference_stream& stream,
                                              difference_run& all) {
    for (;;) {
      auto next = co_await stream.next();
      if (!next) {
        all.stopped = next.error();
        break;
      }
      ++all.batches;
      append(all.actions, next->actions);
      append(all.refusals, next->refusals);
      append(all.differs, next->differs);
      append(all.warnings, next->warnings);
      append(all.stale, next->stale_temporaries);
      all.compared += next->compared;
      all.unchanged += next->unchanged;
      if (next->last) break;
    }
    co_await stream.drain();
  }

  template <class T>
  static void append(std::vector<T>& to, std::vector<T>& from) {
    to.insert(to.end(), from.begin(), from.end());
  }

  memory_file_system files;
  std::shared_ptr<memory_bucket> bucket;
};

}  // namespace beatsync::tests
