#include "engine/transfer/target_folders.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::engine {

std::string_view folder_part(std::string_view path) noexcept {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

fs_result<std::shared_ptr<folder>> target_folders::make(std::string_view path) {
  if (auto misspelt = spelling_.check(*root_, path)) return *misspelt;
  auto made = root_->make_beneath(path);
  if (made.has_error()) {
    // Some may have been made before it failed.
    if (durable_) remember(path, static_cast<std::size_t>(std::ranges::count(path, '/')) + 1);
    return made.error();
  }
  if (durable_ && made->levels > 0) remember(path, made->levels);
  spelling_.made(path, made->levels);
  // Another thread may have made `House` after the look for `house`.
  if (auto misspelt = spelling_.check(*root_, path)) return *misspelt;
  return std::shared_ptr<folder>(std::move(made->handle));
}

void target_folders::remember(std::string_view path, std::size_t levels) {
  const std::lock_guard lock(mutex_);
  ++made_;
  for (; levels > 0; --levels) {
    path = folder_part(path);
    unflushed_.insert_or_assign(std::string(path), made_);
  }
}

std::uint64_t target_folders::made_in(std::string_view path) {
  const std::lock_guard lock(mutex_);
  const auto found = unflushed_.find(path);
  return found == unflushed_.end() ? 0 : found->second;
}

fs_result<void> target_folders::flush_entries(std::string_view path, std::uint64_t until) {
  const auto above = root_->open_beneath(path);
  if (above.has_error()) return above.error();
  auto synced = (*above)->sync();
  if (synced.has_error()) return synced;
  const std::lock_guard lock(mutex_);
  const auto found = unflushed_.find(path);
  // Another one may have been made in it meanwhile, too late for this flush.
  if (found != unflushed_.end() && found->second <= until) unflushed_.erase(found);
  return synced;
}

fs_result<void> target_folders::flush(std::string_view path, folder& handle) {
  auto synced = handle.sync();
  // From below to above: what a name leads to is there before the name.
  while (synced.has_value() && !path.empty()) {
    path = folder_part(path);
    const auto last = made_in(path);
    if (last > 0) synced = flush_entries(path, last);
  }
  return synced;
}

}  // namespace beatsync::engine
