#pragma once

#include "engine/copy/copy_run.hpp"
#include "engine/run/runtime.hpp"
#include "tests/unit/engine/sync/sync_fixture.hpp"

#include <memory>
#include <string>
#include <utility>

namespace beatsync::tests {

/// Two buckets in memory, list pages of `page` keys; objects above 2,000 bytes are copied in parts
/// of 1,000.
struct two_buckets {
  explicit two_buckets(std::size_t page = 1'000) {
    memory_bucket_settings settings;
    settings.page = page;
    from = std::make_shared<memory_bucket>(settings);
    to = std::make_shared<memory_bucket>(settings);
    tuning.parts.smallest_part = 1;
    tuning.copy_part_size = 1'000;
    task.source_bucket = "old";
    task.source_prefix = "music/";
    task.source_url = "s3://old/music/";
    task.prefix = "copy/";
  }

  engine::report run() {
    const auto make_target = [this](boost::asio::any_io_executor executor) {
      auto store = std::make_unique<memory_store>(std::move(executor), to);
      store->knows("old", from);
      return store;
    };
    const auto make_source = [this](boost::asio::any_io_executor executor) {
      return std::make_unique<memory_store>(std::move(executor), from);
    };
    memory_file_system files;
    engine::runtime_options options;
    options.io_threads = 2;
    engine::runtime rt(options, make_target, files, make_source);
    return engine::copy_with(rt, task, tuning, seen);
  }

  std::string copied(const std::string& path) const {
    const auto found = to->find("copy/" + path);
    return found ? found->bytes : std::string("(none)");
  }

  std::shared_ptr<memory_bucket> from;
  std::shared_ptr<memory_bucket> to;
  engine::transfer_tuning tuning;
  engine::copy_task task;
  recording_observer seen;
};

}  // namespace beatsync::tests
