#include "tests/support/memory_file_system.hpp"

#include "tests/support/memory_file_core.hpp"

#include <algorithm>
#include <cerrno>

namespace beatsync::tests {

using engine::file_kind;
using engine::fs_result;

namespace {

class memory_lock final : public engine::file_lock {
 public:
  memory_lock(std::shared_ptr<memory_file_system::core> core, node_ptr node)
      : core_(std::move(core)), node_(std::move(node)) {}
  ~memory_lock() override {
    const std::lock_guard lock(core_->mutex);
    node_->locked = false;
  }
  memory_lock(const memory_lock&) = delete;
  memory_lock& operator=(const memory_lock&) = delete;

 private:
  std::shared_ptr<memory_file_system::core> core_;
  node_ptr node_;
};

void collect(const memory_node& folder, const std::string& path, std::vector<std::string>& out) {
  for (const auto& [name, node] : folder.children) {
    const auto full = path + '/' + name;
    if (node->kind == file_kind::regular) out.push_back(full);
    if (node->kind == file_kind::folder) collect(*node, full, out);
  }
}

}  // namespace

memory_file_system::memory_file_system(memory_file_settings settings)
    : core_(std::make_shared<core>(settings)) {}

memory_file_system::~memory_file_system() = default;

void memory_file_system::add_folder(const std::string& path) {
  const std::lock_guard lock(core_->mutex);
  std::string name;
  const auto parent = core_->parent_for(path, name);
  if (!core_->child_of(*parent, name)) {
    core_->put_child(*parent, name, core_->make(file_kind::folder));
  }
}

void memory_file_system::add_file(const std::string& path, std::string bytes,
                                  std::int64_t mtime_ns) {
  const std::lock_guard lock(core_->mutex);
  std::string name;
  const auto parent = core_->parent_for(path, name);
  auto node = core_->make(file_kind::regular);
  core_->used_bytes += bytes.size();
  node->bytes = std::move(bytes);
  if (mtime_ns != 0) node->mtime_ns = mtime_ns;
  core_->put_child(*parent, name, std::move(node));
}

void memory_file_system::add_link(const std::string& path, std::string target) {
  const std::lock_guard lock(core_->mutex);
  std::string name;
  const auto parent = core_->parent_for(path, name);
  auto node = core_->make(file_kind::link);
  node->bytes = std::move(target);
  core_->put_child(*parent, name, std::move(node));
}

void memory_file_system::add_special(const std::string& path, file_kind kind) {
  const std::lock_guard lock(core_->mutex);
  std::string name;
  const auto parent = core_->parent_for(path, name);
  core_->put_child(*parent, name, core_->make(kind));
}

void memory_file_system::erase(const std::string& path) {
  const std::lock_guard lock(core_->mutex);
  std::string name;
  const auto parent = core_->parent_for(path, name);
  core_->drop_child(*parent, name);
}

void memory_file_system::exchange(const std::string& path) {
  erase(path);
  add_folder(path);
}

std::optional<memory_node> memory_file_system::find(const std::string& path) const {
  const std::lock_guard lock(core_->mutex);
  int code = 0;
  const auto found = core_->walk(core_->root, path, false, code);
  if (!found) return std::nullopt;
  return *found;
}

std::vector<std::string> memory_file_system::files() const {
  const std::lock_guard lock(core_->mutex);
  std::vector<std::string> found;
  collect(*core_->root, "", found);
  std::ranges::sort(found);
  return found;
}

void memory_file_system::set_script(script s) {
  const std::lock_guard lock(core_->mutex);
  core_->on_event = std::move(s);
}

std::vector<fs_event> memory_file_system::events() const {
  const std::lock_guard lock(core_->mutex);
  return core_->log;
}

std::size_t memory_file_system::count(std::string_view operation) const {
  const std::lock_guard lock(core_->mutex);
  return static_cast<std::size_t>(std::ranges::count_if(
      core_->log, [&](const fs_event& e) { return e.operation == operation; }));
}

void memory_file_system::record(bool wanted) {
  const std::lock_guard lock(core_->mutex);
  core_->recording = wanted;
}

fs_result<std::unique_ptr<engine::folder>> memory_file_system::open_root(const std::string& path) {
  int code = core_->arrive("open_root", path);
  if (code != 0) return memory_error(code, "open the folder", path);
  const std::lock_guard lock(core_->mutex);
  auto found = core_->walk(core_->root, path, true, code);
  if (found && found->kind != file_kind::folder) code = ENOTDIR;
  if (code != 0) return memory_error(code, "open the folder", path);
  return make_memory_folder(core_, std::move(found), path);
}

fs_result<void> memory_file_system::make_folders(const std::string& path) {
  int code = core_->arrive("make_folder", path);
  if (code != 0) return memory_error(code, "make the folder", path);
  {
    const std::lock_guard lock(core_->mutex);
    const auto found = core_->walk(core_->root, path, true, code);
    if (found && found->kind == file_kind::folder) return {};
    if (found) return memory_error(ENOTDIR, "make the folder", path);
  }
  add_folder(path);
  return {};
}

fs_result<std::unique_ptr<engine::input_file>> memory_file_system::open_file(
    const std::string& path) {
  int code = core_->arrive("open_file", path);
  if (code != 0) return memory_error(code, "open", path);
  const std::lock_guard lock(core_->mutex);
  auto found = core_->walk(core_->root, path, true, code);
  if (found && found->kind != file_kind::regular) code = EINVAL;
  if (code != 0) return memory_error(code, "open", path);
  return make_memory_input(core_, std::move(found), path);
}

fs_result<std::string> memory_file_system::place_of_file(const std::string& path) {
  if (const int code = core_->arrive("place", path)) return memory_error(code, "look at", path);
  const std::lock_guard lock(core_->mutex);
  std::string at = path;
  for (int links = 0; links <= 40; ++links) {
    const auto slash = at.rfind('/');
    int code = 0;
    const auto folder = core_->walk(core_->root, at.substr(0, slash), true, code);
    if (!folder) return memory_error(code, "open the folder", at.substr(0, slash));
    const auto there = core_->child_of(*folder, at.substr(slash + 1));
    if (!there || there->kind == file_kind::regular) return at;
    if (there->kind != file_kind::link) return memory_error(EINVAL, "write", path);
    at = there->bytes.starts_with('/') ? there->bytes : at.substr(0, slash + 1) + there->bytes;
  }
  return memory_error(ELOOP, "follow the links of", path);
}

fs_result<std::string> memory_file_system::read_file(const std::string& path, std::size_t limit) {
  int code = core_->arrive("read", path);
  if (code != 0) return memory_error(code, "read", path);
  const std::lock_guard lock(core_->mutex);
  const auto found = core_->walk(core_->root, path, true, code);
  if (!found) return memory_error(code, "read", path);
  if (found->bytes.size() > limit) return memory_error(EFBIG, "read", path);
  return found->bytes;
}

fs_result<void> memory_file_system::append_file(const std::string& path, std::string_view bytes,
                                                engine::readers /*who*/) {
  if (const int code = core_->arrive("append", path)) return memory_error(code, "write", path);
  if (!find(path)) add_file(path, "");
  const std::lock_guard lock(core_->mutex);
  int code = 0;
  core_->walk(core_->root, path, true, code)->bytes += bytes;
  return {};
}

fs_result<void> memory_file_system::replace_file(const std::string& path, std::string_view bytes,
                                                 engine::readers /*who*/) {
  if (const int code = core_->arrive("write", path)) return memory_error(code, "write", path);
  add_file(path, std::string(bytes));
  return {};
}

fs_result<std::unique_ptr<engine::file_lock>> memory_file_system::lock_file(
    const std::string& path, std::string_view content) {
  if (const int code = core_->arrive("lock", path)) return memory_error(code, "lock", path);
  if (!find(path)) add_file(path, "");
  const std::lock_guard lock(core_->mutex);
  int code = 0;
  const auto node = core_->walk(core_->root, path, true, code);
  if (node->locked) return memory_error(EWOULDBLOCK, "lock", path);
  node->locked = true;
  node->bytes = content;
  std::unique_ptr<engine::file_lock> held = std::make_unique<memory_lock>(core_, node);
  return held;
}

}  // namespace beatsync::tests
