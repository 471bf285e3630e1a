#include "tests/support/memory_file_core.hpp"

#include "xml/utf.hpp"

#include <algorithm>
#include <cerrno>

namespace beatsync::tests {

using engine::file_kind;

int memory_file_system::core::arrive(const char* operation, const std::string& path) {
  script wanted;
  fs_event event;
  event.operation = operation;
  event.path = path;
  {
    const std::lock_guard lock(mutex);
    event.number = ++calls;
    if (recording) log.push_back(event);
    wanted = on_event;
  }
  return wanted ? wanted(event) : 0;
}

node_ptr memory_file_system::core::make(file_kind kind) {
  auto node = std::make_shared<memory_node>();
  node->kind = kind;
  node->inode = next_inode++;
  node->ctime_ns = node->mtime_ns = ++clock_ns;
  return node;
}

std::string memory_file_system::core::spelled(std::string_view name) const {
  if (settings.merges_case) return xml::casefold_nfc(name);
  if (settings.merges_forms) return xml::to_nfc(name);
  return std::string(name);
}

node_ptr memory_file_system::core::child_of(const memory_node& folder,
                                            std::string_view name) const {
  if (const auto exact = folder.children.find(std::string(name)); exact != folder.children.end()) {
    return exact->second;
  }
  if (!settings.merges_case && !settings.merges_forms) return nullptr;
  const auto wanted = spelled(name);
  for (const auto& [other, node] : folder.children) {
    if (spelled(other) == wanted) return node;
  }
  return nullptr;
}

void memory_file_system::core::drop_child(memory_node& folder, std::string_view name) {
  const auto wanted = spelled(name);
  std::erase_if(folder.children, [&](const auto& c) { return spelled(c.first) == wanted; });
}

void memory_file_system::core::put_child(memory_node& folder, const std::string& name,
                                         node_ptr node) {
  drop_child(folder, name);
  folder.children[name] = std::move(node);
  folder.mtime_ns = ++clock_ns;
}

node_ptr memory_file_system::core::walk(node_ptr from, std::string_view path, bool follow_last,
                                        int& code, int hops) {
  if (path.starts_with('/')) from = root;
  std::vector<node_ptr> above{from};
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (name.empty() || name == ".") continue;
    if (above.back()->kind != file_kind::folder) return code = ENOTDIR, nullptr;
    if (name.size() > 255) return code = ENAMETOOLONG, nullptr;
    if (name == "..") {
      if (above.size() > 1) above.pop_back();
      continue;
    }
    auto next = child_of(*above.back(), name);
    if (!next) return code = ENOENT, nullptr;
    if (next->kind == file_kind::link && (follow_last || !path.empty())) {
      constexpr int most_links = 40;  // as Linux, path_resolution(7)
      if (hops == most_links) return code = ELOOP, nullptr;
      next = walk(above.back(), next->bytes, true, code, hops + 1);
      if (!next) return nullptr;
    }
    above.push_back(std::move(next));
  }
  return above.back();
}

node_ptr memory_file_system::core::parent_for(const std::string& path, std::string& name) {
  node_ptr at = root;
  std::string_view rest = path;
  for (;;) {
    while (rest.starts_with('/')) rest.remove_prefix(1);
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos) break;
    const std::string segment(rest.substr(0, slash));
    auto next = child_of(*at, segment);
    if (!next) put_child(*at, segment, next = make(file_kind::folder));
    at = next;
    rest.remove_prefix(slash + 1);
  }
  name = rest;
  return at;
}

engine::file_status status_of_node(const memory_node& node) {
  engine::file_status status;
  status.kind = node.kind;
  status.size = node.bytes.size();
  status.mtime_ns = node.mtime_ns;
  status.ctime_ns = node.ctime_ns;
  status.device = node.device;
  status.inode = node.inode;
  return status;
}

}  // namespace beatsync::tests
