#include "cli/output/progress_line.hpp"

#include "cli/output/human_units.hpp"

#include <algorithm>
#include <cmath>

namespace beatsync::cli {

namespace {

constexpr std::chrono::seconds window(10);
// Less is noise: the first buffers of a transfer go into the kernel's at once.
constexpr std::chrono::milliseconds shortest_span(500);

}  // namespace

void rate_meter::add(time_point when, std::uint64_t bytes_so_far) {
  if (!samples_.empty() && when < samples_.back().first) return;
  samples_.emplace_back(when, bytes_so_far);
  while (samples_.size() > 2 && when - samples_[1].first >= window) samples_.pop_front();
}

double rate_meter::per_second() const noexcept {
  if (samples_.size() < 2) return 0;
  const auto span = samples_.back().first - samples_.front().first;
  if (span < shortest_span) return 0;
  const std::uint64_t from = samples_.front().second;
  const std::uint64_t to = samples_.back().second;
  if (to <= from) return 0;
  return static_cast<double>(to - from) / std::chrono::duration<double>(span).count();
}

std::string progress_line(std::string_view operation, const engine::progress& p, double rate) {
  const std::string more = p.listing_complete ? "" : "+";
  std::string line = std::string(operation) + ": ";
  if (p.items_planned == 0) {
    return line + "comparing, " + counted(p.names_compared, "name", "names") + " so far";
  }
  line += with_commas(p.items_finished) + " of " + with_commas(p.items_planned) + more +
          " files, " + human_bytes(p.bytes_moved) + " of " + human_bytes(p.bytes_planned) + more;
  if (rate < 1) return line;
  line += ", " + human_bytes(static_cast<std::uint64_t>(rate)) + "/s";
  if (!p.listing_complete) return line;
  const std::uint64_t left = p.bytes_planned - std::min(p.bytes_planned, p.bytes_moved);
  // A year is no promise.
  const double seconds = std::min(std::ceil(static_cast<double>(left) / rate), 365.0 * 86400);
  return line + ", " + human_seconds(static_cast<std::uint64_t>(seconds)) + " left";
}

}  // namespace beatsync::cli
