#include "engine/files/mtime_metadata.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>

namespace beatsync::engine {

namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::size_t decimals = 9;
/// Whole seconds. One less than the last full one, so that adding a fraction cannot overflow.
constexpr std::int64_t most_seconds = std::numeric_limits<std::int64_t>::max() / second - 1;

}  // namespace

std::string format_mtime(std::int64_t mtime_ns) {
  // Unsigned, because the negative of the smallest value does not fit.
  const bool negative = mtime_ns < 0;
  const auto magnitude = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(mtime_ns)
                                  : static_cast<std::uint64_t>(mtime_ns);
  std::string text = negative ? "-" : "";
  text += std::to_string(magnitude / second);
  if (const auto fraction = magnitude % second; fraction != 0) {
    std::string digits = std::to_string(fraction);
    digits.insert(0, decimals - digits.size(), '0');
    digits.erase(digits.find_last_not_of('0') + 1);
    text += '.';
    text += digits;
  }
  return text;
}

std::optional<std::int64_t> parse_mtime(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);

  std::uint64_t seconds = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (problem != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(stop - text.data()));

  std::uint64_t fraction = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
      return std::nullopt;
    }
    for (std::size_t i = 0; i < decimals; ++i) {
      fraction = fraction * 10 + (i < text.size() ? static_cast<std::uint64_t>(text[i] - '0') : 0);
    }
  } else if (!text.empty()) {
    return std::nullopt;
  }

  if (seconds > static_cast<std::uint64_t>(most_seconds)) return std::nullopt;
  const auto ns = static_cast<std::int64_t>(seconds * second + fraction);
  return negative ? -ns : ns;
}

std::int64_t nanoseconds_of(s3::time_point t) noexcept {
  constexpr std::chrono::milliseconds most = std::chrono::seconds(most_seconds);
  return std::chrono::nanoseconds(std::clamp(t.time_since_epoch(), -most, most)).count();
}

std::int64_t mtime_of(const s3::object_head& head) {
  for (const auto& [name, value] : head.metadata) {
    if (name != mtime_metadata_name) continue;
    if (const auto mtime = parse_mtime(value)) return *mtime;
  }
  return nanoseconds_of(head.last_modified);
}

std::int64_t nanoseconds_of(std::int64_t seconds, std::int64_t nanoseconds) noexcept {
  if (seconds > most_seconds) return most_seconds * second;
  if (seconds < -most_seconds) return -most_seconds * second;
  return seconds * second + nanoseconds;
}

}  // namespace beatsync::engine
