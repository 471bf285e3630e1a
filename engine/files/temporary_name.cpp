#include "engine/files/temporary_name.hpp"

#include <algorithm>
#include <random>

namespace beatsync::engine {

namespace {

constexpr std::string_view head = ".beatsync-";
constexpr std::string_view tail = ".part";
constexpr std::size_t tag_digits = 8;
constexpr std::size_t digits_size = 16;
constexpr std::string_view digits = "0123456789abcdef";

std::uint64_t process_tag() {
  static const std::uint64_t tag = std::uint64_t{std::random_device()()} << 32U;
  return tag;
}

bool is_refused_by_sticks(char c) noexcept {
  return (c >= 0 && c < 0x20) || std::string_view("\"*:<>?\\|").find(c) != std::string_view::npos;
}

}  // namespace

std::string temporary_name(std::uint64_t random) {
  std::string name(head);
  for (int shift = 60; shift >= 0; shift -= 4) name += digits[(random >> shift) & 0xF];
  return name.append(tail);
}

std::string refused_by_sticks(std::string_view name) {
  std::string found;
  for (const char c : name) {
    if (is_refused_by_sticks(c) && found.find(c) == std::string::npos) found += c;
  }
  return found;
}

std::string own_temporary_name(std::uint32_t random, std::string_view odd) {
  std::string name = temporary_name(process_tag() | random);
  return name.insert(name.size() - tail.size(), odd);
}

bool is_temporary_name(std::string_view name) noexcept {
  if (name.size() < head.size() + digits_size + tail.size()) return false;
  if (!name.starts_with(head) || !name.ends_with(tail)) return false;
  const std::string_view random = name.substr(head.size(), digits_size);
  if (random.find_first_not_of(digits) != std::string_view::npos) return false;
  name.remove_prefix(head.size() + digits_size);
  name.remove_suffix(tail.size());
  return std::ranges::all_of(name, is_refused_by_sticks);
}

bool is_own_temporary_name(std::string_view name) {
  static const std::string own = own_temporary_name(0).substr(0, head.size() + tag_digits);
  return is_temporary_name(name) && name.starts_with(own);
}

}  // namespace beatsync::engine
