#include "tests/unit/engine/sync/sync_fixture.hpp"

#include "engine/files/temporary_name.hpp"
#include "engine/plan/apply.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <utility>

namespace beatsync::tests {

const engine::item& recording_observer::of(const std::string& key) const {
  const engine::item* found = nullptr;
  for (const engine::item& it : items) {
    if (it.key != key) continue;
    if (found != nullptr) throw std::runtime_error("two items for " + key);
    found = &it;
  }
  if (found == nullptr) throw std::runtime_error("no item for " + key);
  return *found;
}

std::string some_bytes(std::size_t size, unsigned seed) {
  std::string bytes(size, '\0');
  std::uint32_t state = seed * 2654435761U + 1;
  for (char& c : bytes) {
    state = state * 1664525U + 1013904223U;
    c = static_cast<char>(state >> 24U);
  }
  return bytes;
}

std::vector<std::size_t> border_sizes() {
  return {0, 1, 299, 300, 301, 1000, 1999, 2000, 2001, 2999, 3000, 3001, 9999};
}

sync_fixture::sync_fixture() : files(std::make_unique<memory_file_system>()) {
  tuning.parts.smallest_part = 1000;
  tuning.parts.usual_part = 1000;
  tuning.parts.rounding = 1;
  tuning.buffer = 512;
  tuning.small_file = 300;
  tuning.queue = 4;
  tuning.changed_pause = std::chrono::milliseconds(0);
  tuning.handles_pause = std::chrono::milliseconds(0);
  // Scripts may then count without a lock; tests without scripts take more.
  threads.io_threads = 1;
  threads.file_threads = 1;
  threads.transfers = 4;
  store_settings.piece = 128;
  bucket = std::make_shared<memory_bucket>(store_settings);
  files->add_folder(library);
}

engine::sync_task sync_fixture::task(engine::direction way) const {
  engine::sync_task t;
  t.way = way;
  t.root = library;
  t.prefix = "dj/music/";
  return t;
}

engine::store_factory sync_fixture::stores() const {
  return [this](boost::asio::any_io_executor executor) {
    return std::make_unique<memory_store>(std::move(executor), bucket);
  };
}

engine::plan_report sync_fixture::plan(const engine::plan_task& task) {
  seen = recording_observer();
  engine::runtime rt(threads, stores(), *files);
  return engine::plan(rt, task, seen);
}

engine::report sync_fixture::apply(const std::string& manifest) {
  seen = recording_observer();
  engine::runtime rt(threads, stores(), *files);
  engine::apply_task task;
  task.manifest = manifest;
  return engine::apply(rt, task, seen);
}

engine::report sync_fixture::run(const engine::sync_task& task) {
  seen = recording_observer();
  engine::runtime rt(threads, stores(), *files);
  running_ = &rt;
  engine::report how = engine::sync_with(rt, task, tuning, seen);
  running_ = nullptr;
  return how;
}

void sync_fixture::add_file(const std::string& path, std::string bytes) {
  files->add_file(std::string(library) + "/" + path, std::move(bytes), 1'600'000'000'123'456'789);
}

std::optional<std::string> sync_fixture::file(const std::string& path) const {
  const auto node = files->find(std::string(library) + "/" + path);
  if (!node || node->kind != engine::file_kind::regular) return std::nullopt;
  return node->bytes;
}

std::optional<std::string> sync_fixture::object(const std::string& path) const {
  const auto found = bucket->find(key(path));
  if (!found) return std::nullopt;
  return found->bytes;
}

void sync_fixture::put(const std::string& path, std::string bytes) {
  bucket->put(key(path), std::move(bytes));
}

void sync_fixture::check_totals(const engine::report& how) const {
  const engine::totals& n = how.count;
  BOOST_TEST(n.planned == n.done + n.skipped + n.failed);
  BOOST_TEST(seen.items.size() == n.planned);
}

void sync_fixture::check_nothing_left() const {
  for (const std::string& path : files->files()) {
    BOOST_TEST(!engine::is_temporary_name(path.substr(path.rfind('/') + 1)), path);
  }
  BOOST_TEST(bucket->pending_uploads() == 0U);
}

}  // namespace beatsync::tests
