#pragma once

/// The tree behind memory_file_system and its handles. Private to memory_*.cpp.

#include "tests/support/memory_file_system.hpp"

#include <atomic>

namespace beatsync::tests {

using node_ptr = std::shared_ptr<memory_node>;

struct memory_file_system::core {
  explicit core(memory_file_settings s) : settings(s), root(std::make_shared<memory_node>()) {
    root->inode = 1;
  }

  /// 0, or the errno the script wants.
  int arrive(const char* operation, const std::string& path);

  node_ptr make(engine::file_kind kind);
  std::string spelled(std::string_view name) const;  ///< the form in which names are compared

  /// All of these with the mutex held.
  node_ptr child_of(const memory_node& folder, std::string_view name) const;
  void put_child(memory_node& folder, const std::string& name, node_ptr node);
  void drop_child(memory_node& folder, std::string_view name);
  /// Walks `path` from `from` (absolute targets of links from the root).
  node_ptr walk(node_ptr from, std::string_view path, bool follow_last, int& code, int hops = 0);
  node_ptr parent_for(const std::string& path, std::string& name);  ///< makes folders
  std::uint64_t used() const { return used_bytes; }

  const memory_file_settings settings;
  mutable std::mutex mutex;
  node_ptr root;
  std::uint64_t next_inode = 2;
  std::uint64_t next_temporary = 1;
  std::uint64_t used_bytes = 0;
  std::int64_t clock_ns = 1'700'000'000'000'000'000;
  script on_event;
  std::vector<fs_event> log;
  bool recording = true;
  std::uint64_t calls = 0;
};

engine::file_status status_of_node(const memory_node& node);

std::unique_ptr<engine::folder> make_memory_folder(std::shared_ptr<memory_file_system::core> core,
                                                   node_ptr node, std::string path);
std::unique_ptr<engine::input_file> make_memory_input(
    std::shared_ptr<memory_file_system::core> core, node_ptr node, std::string path);
std::unique_ptr<engine::output_file> make_memory_output(
    std::shared_ptr<memory_file_system::core> core, node_ptr node, std::string name,
    std::string path);

inline engine::fs_error memory_error(int code, const char* operation, const std::string& path) {
  return {code, operation, path};
}

}  // namespace beatsync::tests
