#include "engine/files/temporary_name.hpp"

#include <random>

namespace beatsync::engine {

namespace {

constexpr std::string_view head = ".beatsync-";
constexpr std::string_view tail = ".part";
constexpr std::size_t tag_digits = 8;

std::uint64_t process_tag() {
  static const std::uint64_t tag = std::uint64_t{std::random_device()()} << 32U;
  return tag;
}

}  // namespace

std::string temporary_name(std::uint64_t random) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string name(head);
  for (int shift = 60; shift >= 0; shift -= 4) name += digits[(random >> shift) & 0xF];
  return name.append(tail);
}

std::string refused_by_sticks(std::string_view name) {
  std::string found;
  for (const char c : name) {
    const bool refused =
        (c >= 0 && c < 0x20) || std::string_view("\"*:<>?\\|").find(c) != std::string_view::npos;
    if (refused && found.find(c) == std::string::npos) found += c;
  }
  return found;
}

std::string own_temporary_name(std::uint32_t random, std::string_view odd) {
  std::string name = temporary_name(process_tag() | random);
  return name.insert(name.size() - tail.size(), odd);
}

bool is_temporary_name(std::string_view name) noexcept {
  return name.size() >= head.size() + tail.size() && name.starts_with(head) && name.ends_with(tail);
}

bool is_own_temporary_name(std::string_view name) {
  static const std::string own = own_temporary_name(0).substr(0, head.size() + tag_digits);
  return is_temporary_name(name) && name.starts_with(own);
}

}  // namespace beatsync::engine
