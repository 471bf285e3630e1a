#include "s3/http/host_addresses.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace beatsync::s3 {

using boost::asio::ip::tcp;

namespace {

/// Stores change their addresses slowly; aws-c-io keeps them as long, and passes over those that
/// failed as long (performance.md, 2.1).
constexpr std::chrono::minutes kept_for{5};

}  // namespace

void host_addresses::learn(list found, time_point now) {
  addresses_ = families_in_turn(found);
  learned_ = now;
}

bool host_addresses::fresh(time_point now) const noexcept {
  return !addresses_.empty() && now - learned_ < kept_for;
}

host_addresses::list host_addresses::in_turn(time_point now) {
  std::erase_if(failed_, [now](const auto& f) { return now - f.second >= kept_for; });
  const auto is_bad = [this](const tcp::endpoint& e) { return failed_.contains(e.address()); };
  if (std::ranges::all_of(addresses_, is_bad)) failed_.clear();
  list all;
  std::ranges::remove_copy_if(addresses_, std::back_inserter(all), is_bad);
  if (!all.empty()) {
    const auto first = static_cast<std::ptrdiff_t>(next_++ % all.size());
    std::ranges::rotate(all, all.begin() + first);
  }
  const auto good = static_cast<std::ptrdiff_t>(all.size());
  std::ranges::copy_if(addresses_, std::back_inserter(all), is_bad);
  std::sort(all.begin() + good, all.end(), [this](const tcp::endpoint& a, const tcp::endpoint& b) {
    return failed_.at(a.address()) < failed_.at(b.address());
  });
  return all;
}

void host_addresses::failed(const boost::asio::ip::address& where, time_point now) {
  failed_[where] = now;
}

host_addresses::list families_in_turn(const host_addresses::list& found) {
  host_addresses::list first;
  host_addresses::list second;
  for (const tcp::endpoint& e : found) {
    const bool like_the_first = e.protocol() == found.front().protocol();
    (like_the_first ? first : second).push_back(e);
  }
  host_addresses::list all;
  all.reserve(found.size());
  for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
    if (i < first.size()) all.push_back(first[i]);
    if (i < second.size()) all.push_back(second[i]);
  }
  return all;
}

}  // namespace beatsync::s3
