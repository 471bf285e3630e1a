#include "s3/client/session_state.hpp"

#include <utility>

namespace beatsync::s3 {

namespace {
constexpr std::chrono::seconds between_early_refreshes{30};
}

std::chrono::sys_seconds session::state::local_time() const {
  if (options.now) return options.now();
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::chrono::sys_seconds session::state::signing_time() const {
  return local_time() + std::chrono::seconds(clock_offset_.load(std::memory_order_relaxed));
}

void session::state::set_clock(std::chrono::sys_seconds server_time) {
  clock_offset_.store((server_time - local_time()).count(), std::memory_order_relaxed);
}

void session::state::refuse_checksum(checksum_algorithm refused) noexcept {
  const auto next = refused == checksum_algorithm::crc64nvme ? checksum_algorithm::crc32c
                                                             : checksum_algorithm::none;
  checksum_.compare_exchange_strong(refused, next);
}

bool session::state::learn_region(std::string_view region, const location& used) {
  if (region.empty() || region == used.region || !is_region_name(region)) return false;
  location better;
  better.where = in_region(used.where, region);
  better.region = region;
  place.set(std::move(better));
  return true;
}

void session::state::set_keys(credentials fresh) {
  {
    const std::lock_guard lock(mutex_);
    came_too_late_ = fresh.expires && *fresh.expires <= signing_time();
    if (came_too_late_)
      next_early_refresh_ = std::chrono::steady_clock::now() + between_early_refreshes;
  }
  keys.set(std::move(fresh));
}

bool session::state::may_ask_for_successors(bool alive) {
  const auto now = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  const bool under_way = refresh_ && !refresh_->job->done();
  if (under_way) return !alive;
  if (now < next_early_refresh_ && (alive || came_too_late_)) return false;
  next_early_refresh_ = now + between_early_refreshes;
  return true;
}

std::shared_ptr<credentials_refresh> session::state::refresh_credentials(const credentials& stale) {
  const std::lock_guard lock(mutex_);
  if (refresh_ && !refresh_->job->done()) return refresh_;
  auto fresh = std::make_shared<credentials_refresh>();
  // The work owns the refresh until it has run, then blocking_job lets go of it.
  fresh->job = std::make_shared<blocking_job>(
      [r = fresh, from = provider, stale] { r->outcome = from->refresh(stale); });
  // Before anybody knows of it: without a thread (it throws then) it would never be done.
  fresh->job->start();
  refresh_ = fresh;
  return fresh;
}

}  // namespace beatsync::s3
