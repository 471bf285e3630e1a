#pragma once

/// A library in a file system in memory, a bucket in memory, and sync() between them with sizes so
/// small that every kind of transfer takes a few bytes: up to 300 in one file job, up to 2,000 in
/// one request, more in parts of 1,000.

#include "engine/plan/plan.hpp"
#include "engine/run/runtime.hpp"
#include "engine/sync/sync_run.hpp"
#include "tests/support/memory_file_system.hpp"
#include "tests/support/memory_store.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace beatsync::tests {

/// Keeps what it is told.
class recording_observer : public engine::observer {
 public:
  void on_item(const engine::item& it) override { items.push_back(it); }
  void on_difference(const engine::difference& d) override { differences.push_back(d); }
  void on_warning(const std::string& text) override { warnings.push_back(text); }
  void on_progress(const engine::progress& p) override { last = p; }

  /// The only item of this key; throws where there is none or more than one.
  const engine::item& of(const std::string& key) const;

  std::vector<engine::item> items;
  std::vector<engine::difference> differences;
  std::vector<std::string> warnings;
  engine::progress last;
};

/// Bytes that differ from each other and from one seed to the next.
std::string some_bytes(std::size_t size, unsigned seed = 1);

class sync_fixture {
 public:
  sync_fixture();

  static constexpr const char* library = "/stick/DJ Music";

  engine::report upload() { return run(task(engine::direction::upload)); }
  engine::report download() { return run(task(engine::direction::download)); }
  engine::sync_task task(engine::direction way) const;
  engine::report run(const engine::sync_task& task);
  engine::plan_report plan(const engine::plan_task& task);
  engine::report apply(const std::string& manifest);

  /// Stops the run that is on; for scripts.
  void stop() const { running_->stop(); }

  void add_file(const std::string& path, std::string bytes);
  std::optional<std::string> file(const std::string& path) const;
  std::optional<std::string> object(const std::string& path) const;
  void put(const std::string& path, std::string bytes);
  std::string key(const std::string& path) const { return "dj/music/" + path; }

  /// Of the books: planned = done + skipped + failed, and one item for each.
  void check_totals(const engine::report& how) const;
  /// No temporary file, no multipart upload is left.
  void check_nothing_left() const;

  engine::transfer_tuning tuning;
  engine::runtime_options threads;
  memory_bucket_settings store_settings;
  std::shared_ptr<memory_bucket> bucket;
  std::unique_ptr<memory_file_system> files;
  recording_observer seen;

 private:
  engine::store_factory stores() const;

  engine::runtime* running_ = nullptr;
};

/// Sizes on both sides of every border of the fixture's tuning.
std::vector<std::size_t> border_sizes();

}  // namespace beatsync::tests
