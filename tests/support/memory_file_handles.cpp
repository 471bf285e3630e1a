// Open files and folders of memory_file_system.

#include "engine/files/temporary_file.hpp"
#include "engine/files/temporary_name.hpp"
#include "tests/support/memory_file_core.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace beatsync::tests {

namespace {

using engine::file_kind;
using engine::file_status;
using engine::fs_result;
using core_ptr = std::shared_ptr<memory_file_system::core>;

std::string below(const std::string& path, std::string_view name) {
  return name.empty() ? path : path + (path.ends_with('/') ? "" : "/") + std::string(name);
}

class memory_input final : public engine::input_file {
 public:
  memory_input(core_ptr core, node_ptr node, std::string path)
      : core_(std::move(core)), node_(std::move(node)), path_(std::move(path)) {}

  fs_result<file_status> status() override {
    if (const int code = core_->arrive("status", path_)) {
      return memory_error(code, "look at", path_);
    }
    const std::lock_guard lock(core_->mutex);
    return status_of_node(*node_);
  }

  fs_result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> buffer) override {
    if (const int code = core_->arrive("read", path_)) return memory_error(code, "read", path_);
    const std::lock_guard lock(core_->mutex);
    if (offset >= node_->bytes.size()) return std::size_t{0};
    const auto size = std::min<std::size_t>(buffer.size(), node_->bytes.size() - offset);
    std::memcpy(buffer.data(), node_->bytes.data() + offset, size);
    return size;
  }

 private:
  core_ptr core_;
  node_ptr node_;
  std::string path_;
};

class memory_output final : public engine::output_file {
 public:
  memory_output(core_ptr core, node_ptr node, std::string name, std::string path)
      : core_(std::move(core)),
        node_(std::move(node)),
        name_(std::move(name)),
        path_(std::move(path)) {}
  ~memory_output() override {
    const std::lock_guard lock(core_->mutex);
    node_->locked = false;
  }

  const std::string& name() const noexcept override { return name_; }

  fs_result<void> write_at(std::uint64_t offset, std::span<const std::byte> bytes) override {
    if (const int code = core_->arrive("write", path_)) return memory_error(code, "write", path_);
    const std::lock_guard lock(core_->mutex);
    const auto end = static_cast<std::size_t>(offset) + bytes.size();
    if (end > node_->bytes.size()) {
      const auto more = end - node_->bytes.size();
      if (core_->used_bytes + more > core_->settings.space) {
        return memory_error(ENOSPC, "write", path_);
      }
      core_->used_bytes += more;
      node_->bytes.resize(end);
    }
    std::memcpy(node_->bytes.data() + offset, bytes.data(), bytes.size());
    node_->mtime_ns = node_->ctime_ns = ++core_->clock_ns;
    node_->synced = false;
    return {};
  }

  void bypass_cache() noexcept override {}  // nothing is cached here

  fs_result<void> reserve(std::uint64_t size) override {
    if (const int code = core_->arrive("reserve", path_)) {
      return memory_error(code, "reserve space for", path_);
    }
    const std::lock_guard lock(core_->mutex);
    if (size > core_->settings.space - core_->used_bytes) {
      return memory_error(ENOSPC, "reserve space for", path_);
    }
    return {};
  }

  fs_result<void> set_mtime(std::int64_t mtime_ns) override {
    if (const int code = core_->arrive("set_mtime", path_)) {
      return memory_error(code, "set the time of", path_);
    }
    const std::lock_guard lock(core_->mutex);
    node_->mtime_ns = mtime_ns;
    node_->synced = false;
    return {};
  }

  fs_result<file_status> status() override {
    if (const int code = core_->arrive("status", path_)) {
      return memory_error(code, "look at", path_);
    }
    const std::lock_guard lock(core_->mutex);
    return status_of_node(*node_);
  }

  void begin_write_back() noexcept override {}

  fs_result<void> end_write_back() override {
    if (const int code = core_->arrive("write_back", path_)) {
      return memory_error(code, "flush to disk", path_);
    }
    return {};
  }

  fs_result<void> sync() override {
    if (const int code = core_->arrive("sync", path_)) {
      return memory_error(code, "flush to disk", path_);
    }
    const std::lock_guard lock(core_->mutex);
    node_->synced = true;
    return {};
  }

  fs_result<void> close() override {
    if (const int code = core_->arrive("close", path_)) return memory_error(code, "close", path_);
    return {};
  }

 private:
  core_ptr core_;
  node_ptr node_;
  std::string name_;
  std::string path_;
};

class memory_folder final : public engine::folder {
 public:
  memory_folder(core_ptr core, node_ptr node, std::string path)
      : core_(std::move(core)), node_(std::move(node)), path_(std::move(path)) {}

  const std::string& path() const noexcept override { return path_; }

  fs_result<file_status> status() override {
    if (const int code = core_->arrive("status", path_)) {
      return memory_error(code, "look at", path_);
    }
    const std::lock_guard lock(core_->mutex);
    return status_of_node(*node_);
  }

  fs_result<void> list(engine::folder_listing& out) override {
    if (const int code = core_->arrive("list", path_)) {
      return memory_error(code, "read the folder", path_);
    }
    const std::lock_guard lock(core_->mutex);
    // From the back, so that nobody can rely on the order.
    for (auto c = node_->children.rbegin(); c != node_->children.rend(); ++c) {
      out.add(c->first, core_->settings.hides_kinds ? file_kind::unknown : c->second->kind);
    }
    return {};
  }

  fs_result<file_status> status_of(std::string_view path, engine::links last) override {
    const auto full = below(path_, path);
    int code = core_->arrive("status_of", full);
    if (code != 0) return memory_error(code, "look at", full);
    const std::lock_guard lock(core_->mutex);
    const auto found = core_->walk(node_, path, last == engine::links::follow, code);
    if (!found) return memory_error(code, "look at", full);
    return status_of_node(*found);
  }

  fs_result<std::unique_ptr<folder>> open_folder(std::string_view name,
                                                 engine::links last) override {
    const auto full = below(path_, name);
    int code = core_->arrive("open_folder", full);
    if (code != 0) return memory_error(code, "open the folder", full);
    const std::lock_guard lock(core_->mutex);
    auto found = core_->walk(node_, name, last == engine::links::follow, code);
    if (found && found->kind != file_kind::folder) code = ENOTDIR;
    if (code != 0) return memory_error(code, "open the folder", full);
    return make_memory_folder(core_, std::move(found), full);
  }

  fs_result<std::unique_ptr<engine::input_file>> open_file(std::string_view path) override {
    const auto full = below(path_, path);
    int code = core_->arrive("open_file", full);
    if (code != 0) return memory_error(code, "open", full);
    const std::lock_guard lock(core_->mutex);
    auto found = core_->walk(node_, path, true, code);
    if (found && found->kind != file_kind::regular) code = EINVAL;
    if (code != 0) return memory_error(code, "open", full);
    return make_memory_input(core_, std::move(found), full);
  }

  fs_result<std::unique_ptr<folder>> open_beneath(std::string_view path) override {
    return beneath(path, nullptr);
  }

  fs_result<engine::made_folder> make_beneath(std::string_view path) override {
    engine::made_folder made;
    auto opened = beneath(path, &made.levels);
    if (opened.has_error()) return opened.error();
    made.handle = std::move(*opened);
    return made;
  }

  fs_result<std::unique_ptr<folder>> beneath(std::string_view path, std::size_t* made) {
    std::string full = path_;
    if (const int code = core_->arrive("open_beneath", below(path_, path))) {
      return memory_error(code, "open the folder", below(path_, path));
    }
    node_ptr at = node_;
    while (!path.empty()) {
      const auto slash = path.find('/');
      const std::string name(path.substr(0, slash));
      path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
      full = below(full, name);
      if (name.empty() || name == "." || name == "..") {
        return memory_error(EXDEV, "open the folder", full);
      }
      node_ptr next;
      {
        const std::lock_guard lock(core_->mutex);
        next = core_->child_of(*at, name);
      }
      if (!next) {
        if (made == nullptr) return memory_error(ENOENT, "open the folder", full);
        if (const int code = core_->arrive("make_folder", full)) {
          return memory_error(code, "make the folder", full);
        }
        const std::lock_guard lock(core_->mutex);
        next = core_->child_of(*at, name);
        if (!next) {
          core_->put_child(*at, name, next = core_->make(file_kind::folder));
          ++*made;
        }
      }
      if (next->kind == file_kind::link) return memory_error(ELOOP, "open the folder", full);
      if (next->kind != file_kind::folder) return memory_error(ENOTDIR, "open the folder", full);
      at = next;
    }
    return make_memory_folder(core_, std::move(at), full);
  }

  fs_result<std::unique_ptr<engine::output_file>> create_temporary(
      std::string_view target) override {
    const auto full = below(path_, target);
    if (const int code = core_->arrive("create", full)) return memory_error(code, "make", full);
    const std::lock_guard lock(core_->mutex);
    const auto name = engine::temporary_name(core_->next_temporary++);
    auto node = core_->make(file_kind::regular);
    node->locked = true;
    core_->put_child(*node_, name, node);
    return make_memory_output(core_, std::move(node), name, below(path_, name));
  }

  fs_result<void> rename(std::string_view from, std::string_view to,
                         engine::replace existing) override {
    const auto full = below(path_, to);
    if (const int code = core_->arrive("rename", full)) {
      return memory_error(code, "rename to", full);
    }
    const std::lock_guard lock(core_->mutex);
    const auto moved = core_->child_of(*node_, from);
    const auto there = core_->child_of(*node_, to);
    if (!moved) return memory_error(ENOENT, "rename to", full);
    if (to.size() > 255) return memory_error(ENAMETOOLONG, "rename to", full);
    if (there && existing == engine::replace::no) return memory_error(EEXIST, "rename to", full);
    if (there && there->kind == file_kind::folder) return memory_error(EISDIR, "rename to", full);
    if (there) core_->used_bytes -= there->bytes.size();
    core_->drop_child(*node_, from);
    core_->put_child(*node_, std::string(to), moved);
    return {};
  }

  fs_result<void> remove_leftover(std::string_view name, std::int64_t now_ns) override {
    const auto found = status_of(name, engine::links::no_follow);
    if (!found) return found.error();
    if (found->kind != file_kind::regular) {
      return memory_error(EINVAL, "remove", below(path_, name));
    }
    if (engine::changed_just_now(*found, now_ns) || is_locked(name)) {
      return memory_error(EWOULDBLOCK, "remove", below(path_, name));
    }
    return remove(name);
  }

  fs_result<void> remove(std::string_view name) override {
    const auto full = below(path_, name);
    if (const int code = core_->arrive("remove", full)) return memory_error(code, "remove", full);
    const std::lock_guard lock(core_->mutex);
    const auto found = core_->child_of(*node_, name);
    if (!found) return memory_error(ENOENT, "remove", full);
    if (found->kind == file_kind::folder) return memory_error(EISDIR, "remove", full);
    core_->used_bytes -= found->bytes.size();
    core_->drop_child(*node_, name);
    return {};
  }

  fs_result<void> sync() override {
    if (const int code = core_->arrive("sync_folder", path_)) {
      return memory_error(code, "flush the folder", path_);
    }
    return {};
  }

  fs_result<std::uint64_t> free_space() override {
    if (const int code = core_->arrive("free_space", path_)) {
      return memory_error(code, "ask for the free space of", path_);
    }
    const std::lock_guard lock(core_->mutex);
    return core_->settings.space - core_->used_bytes;
  }

 private:
  bool is_locked(std::string_view name) {
    const std::lock_guard lock(core_->mutex);
    const auto found = core_->child_of(*node_, name);
    return found && found->locked;
  }

  core_ptr core_;
  node_ptr node_;
  std::string path_;
};

}  // namespace

std::unique_ptr<engine::folder> make_memory_folder(core_ptr core, node_ptr node, std::string path) {
  return std::make_unique<memory_folder>(std::move(core), std::move(node), std::move(path));
}

std::unique_ptr<engine::input_file> make_memory_input(core_ptr core, node_ptr node,
                                                      std::string path) {
  return std::make_unique<memory_input>(std::move(core), std::move(node), std::move(path));
}

std::unique_ptr<engine::output_file> make_memory_output(core_ptr core, node_ptr node,
                                                        std::string name, std::string path) {
  return std::make_unique<memory_output>(std::move(core), std::move(node), std::move(name),
                                         std::move(path));
}

}  // namespace beatsync::tests
