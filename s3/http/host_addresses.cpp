#include "s3/http/host_addresses.hpp"

#include <algorithm>
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
  const auto is_good = [this](const tcp::endpoint& e) { return !failed_.contains(e.address()); };
  if (std::none_of(addresses_.begin(), addresses_.end(), is_good)) failed_.clear();
  list all;
  list bad;
  for (const tcp::endpoint& e : addresses_) (is_good(e) ? all : bad).push_back(e);
  if (!all.empty()) {
    const auto first = static_cast<std::ptrdiff_t>(next_++ % all.size());
    std::rotate(all.begin(), all.begin() + first, all.end());
  }
  const auto when = [this](const tcp::endpoint& e) {
    return std::pair(failed_.at(e.address()), e.address());
  };
  std::sort(bad.begin(), bad.end(),
            [&when](const tcp::endpoint& a, const tcp::endpoint& b) { return when(a) < when(b); });
  all.insert(all.end(), bad.begin(), bad.end());
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
