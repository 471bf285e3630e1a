#include "xml/distinct_names.hpp"

#include <cstring>
#include <functional>

namespace beatsync::xml {

bool distinct_names::add(std::string_view name) {
  short_name key;
  short_name* slot = nullptr;
  if (name.size() <= 2 * sizeof(std::uint64_t)) {
    std::array<char, 2 * sizeof(std::uint64_t)> bytes{};
    std::memcpy(bytes.data(), name.data(), name.size());
    std::memcpy(&key.first, bytes.data(), sizeof key.first);
    std::memcpy(&key.second, bytes.data() + sizeof key.first, sizeof key.second);
    key.size = name.size();
    const std::uint64_t mixed = (key.first ^ (key.second << 1)) * 0x9E3779B97F4A7C15U;
    slot = &recent_short_[(mixed >> 32) % recent_short_.size()];
    if (*slot == key) return true;
  }
  hashes_.insert(std::hash<std::string_view>()(name));
  if (hashes_.size() > limit_) return false;
  if (slot != nullptr) *slot = key;
  return true;
}

}  // namespace beatsync::xml
