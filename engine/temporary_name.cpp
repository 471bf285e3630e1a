#include "engine/temporary_name.hpp"

namespace beatsync::engine {

namespace {

constexpr std::string_view head = ".beatsync-";
constexpr std::string_view tail = ".part";

}  // namespace

std::string temporary_name(std::uint64_t random) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string name(head);
  for (int shift = 60; shift >= 0; shift -= 4) name += digits[(random >> shift) & 0xF];
  return name.append(tail);
}

bool is_temporary_name(std::string_view name) noexcept {
  return name.size() >= head.size() + tail.size() && name.starts_with(head) && name.ends_with(tail);
}

}  // namespace beatsync::engine
