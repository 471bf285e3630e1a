#include "xml/root_tally.hpp"

#include <algorithm>

namespace beatsync::xml {
namespace {

/// Segments in front of a volume's contents, by where systems mount sticks: macOS, then Linux.
std::size_t segments_of_root(const location& where, bool unc) {
  if (unc) return 2;
  const std::string_view first = where.segment(0);
  const std::string_view second = where.size() > 1 ? where.segment(1) : std::string_view();
  if (first == "run" && second == "media") return 4;
  if (first == "media") return 3;
  if (first == "Volumes" || first == "mnt" || first == "Users" || first == "home") return 2;
  return 1;
}

}  // namespace

std::string likely_root(const location& where, bool unc) {
  if (where.size() == 0) return "/";
  if (where.kind() == location_kind::drive) {
    std::string drive(where.segment(0));
    if (drive[0] >= 'a') drive[0] = static_cast<char>(drive[0] - 32);
    return drive + "/";
  }
  const bool network = unc && where.double_slash();
  // The last segment is the file itself.
  const std::size_t folders = where.complete() ? where.size() - 1 : where.size();
  const std::size_t count = std::min(segments_of_root(where, network), folders);
  if (count == 0) return "/";
  std::string path = network ? "/" : "";
  for (std::size_t i = 0; i < count; ++i) {
    path += '/';
    path += where.segment(i);
  }
  return path;
}

void root_tally::add(const location& where, bool unc) {
  const std::string place = likely_root(where, unc);
  const auto known = places_.find(place);
  if (known != places_.end()) {
    ++known->second;
  } else if (places_.size() < most_places && place.size() <= longest_place) {
    places_.emplace(place, 1);
  } else {
    ++elsewhere_count_;
  }
}

std::vector<std::pair<std::string, std::uint64_t>> root_tally::top(std::size_t count) const {
  std::vector<std::pair<std::string, std::uint64_t>> all(places_.begin(), places_.end());
  if (elsewhere_count_ > 0) all.emplace_back(elsewhere, elsewhere_count_);
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (all.size() > count) all.resize(count);
  return all;
}

}  // namespace beatsync::xml
