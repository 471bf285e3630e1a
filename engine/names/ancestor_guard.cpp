#include "engine/names/ancestor_guard.hpp"

#include <algorithm>

namespace beatsync::engine {

bool ancestor_guard::blocks(std::string_view name) {
  const auto most = std::min(name.size(), last_.size());
  const auto differ =
      std::mismatch(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(most), last_.begin());
  const auto common = static_cast<std::size_t>(differ.first - name.begin());
  while (!sizes_.empty() && sizes_.back() > common) sizes_.pop_back();
  return std::ranges::any_of(
      sizes_, [name](std::size_t size) { return size < name.size() && name[size] == '/'; });
}

void ancestor_guard::add(std::string_view name) {
  last_.assign(name);
  sizes_.push_back(name.size());
}

bool may_have_names_beneath(std::span<const s3::object_summary> objects, bool all) noexcept {
  const std::string_view name = objects.front().key;
  for (const s3::object_summary& next : objects.subspan(1)) {
    if (!next.key.starts_with(name)) return false;
    if (next.key[name.size()] == '/') return true;
  }
  return !all;
}

}  // namespace beatsync::engine
