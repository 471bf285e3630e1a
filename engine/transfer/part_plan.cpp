#include "engine/transfer/part_plan.hpp"

#include <algorithm>

namespace beatsync::engine {
namespace {

std::uint64_t divide_up(std::uint64_t value, std::uint64_t by) noexcept {
  return value / by + (value % by != 0 ? 1 : 0);
}

}  // namespace

s3::byte_range part_plan::part(std::uint32_t index) const noexcept {
  const std::uint64_t first = index * part_size_;
  return s3::byte_range{first, std::min(part_size_, size_ - first)};
}

std::optional<part_plan> plan_parts(std::uint64_t size, std::uint64_t wanted,
                                    const part_limits& limits) {
  if (size > limits.largest_object) return std::nullopt;
  std::uint64_t part = wanted != 0 ? wanted : limits.usual_part;
  part = std::clamp(part, limits.smallest_part, limits.largest_part);
  part_plan plan;
  plan.size_ = size;
  // One PUT takes at most as much as one part may hold.
  if (size <= std::min(2 * part, limits.largest_part)) {
    plan.part_size_ = size;
    return plan;
  }
  if (divide_up(size, part) > limits.most_parts) {
    part = divide_up(divide_up(size, limits.most_parts), limits.rounding) * limits.rounding;
  }
  if (part > limits.largest_part) return std::nullopt;
  plan.part_size_ = part;
  plan.count_ = static_cast<std::uint32_t>(divide_up(size, part));
  return plan;
}

}  // namespace beatsync::engine
