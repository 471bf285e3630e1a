#include "s3/identity/credentials.hpp"

#include "s3/identity/credential_chain.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace beatsync::s3 {
namespace {

using std::chrono::sys_seconds;

/// botocore's advisory refresh is 15 minutes, its mandatory one 10; most roles live for an hour,
/// those of chained roles and short credential processes for 15 minutes.
constexpr std::chrono::minutes refresh_before_end{5};
/// After a failed early refresh the old ones go on for a while before the next attempt.
constexpr std::chrono::seconds pause_after_failure{30};

sys_seconds system_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

struct credentials_provider::state {
  environment env;
  credentials_options options;
  std::mutex mutex;
  std::optional<credentials> current;
  sys_seconds not_before{};  ///< of the next early refresh

  /// With the mutex held.
  result<credentials> fetch() {
    auto found = find_credentials(env, options, options.now());
    if (found) current = *found;
    return found;
  }
};

credentials_provider::credentials_provider(environment env, credentials_options options)
    : state_(std::make_unique<state>()) {
  state_->env = std::move(env);
  state_->options = std::move(options);
  if (!state_->options.now) state_->options.now = system_now;
}

credentials_provider::~credentials_provider() = default;

result<credentials> credentials_provider::get() {
  const std::lock_guard lock(state_->mutex);
  if (!state_->current) return state_->fetch();
  const credentials old = *state_->current;
  const sys_seconds now = state_->options.now();
  if (!old.expires || now + refresh_before_end < *old.expires || now < state_->not_before)
    return old;
  auto fresh = state_->fetch();
  if (fresh || now >= *old.expires) return fresh;
  state_->not_before = std::min(now + pause_after_failure, *old.expires);
  return old;
}

result<credentials> credentials_provider::refresh() {
  const std::lock_guard lock(state_->mutex);
  return state_->fetch();
}

result<credentials> credentials_provider::refresh(const credentials& stale) {
  const std::lock_guard lock(state_->mutex);
  const auto& current = state_->current;
  const bool already_newer = current && (current->access_key != stale.access_key ||
                                         current->secret_key != stale.secret_key ||
                                         current->session_token != stale.session_token);
  if (already_newer) return *current;
  return state_->fetch();
}

}  // namespace beatsync::s3
