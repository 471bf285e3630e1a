// How long a try of an operation may take, and each of its phases.
#include "s3/client/exchange.hpp"

#include <algorithm>

namespace beatsync::s3 {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

/// Object requests that move little before they are answered. (Listings are not: a store may have
/// to look through a whole bucket before a page's first byte.) AWS's guideline for cutting slow
/// requests is about those below 512 KB.
bool answers_promptly(const operation& op) {
  constexpr std::uint64_t little = 512'000;
  const std::uint64_t body = op.body != nullptr ? op.body->size() : op.content.size();
  return !op.key.empty() && op.method != "POST" && !op.slow && !op.cleanup && !op.expect_continue &&
         body < little;
}

}  // namespace

retry_limits client::exchange::limits_of(const operation& op) const {
  const session_options& options = shared_->internals().options;
  retry_limits limits = options.retry;
  if (op.slow) limits.silence = options.timeouts.completion;
  if (op.most_tries != 0) limits.tries = std::min(limits.tries, op.most_tries);
  if (op.most_tries != 0 || op.cleanup) limits.absence = milliseconds(0);  // help, if it is quick
  return limits;
}

/// What may still be spent on waiting.
milliseconds client::exchange::time_left(const operation& op, milliseconds silence) const {
  const session_options& options = shared_->internals().options;
  milliseconds left = limits_of(op).silence - silence;
  if (op.cleanup && stopped_) {
    const auto spent = std::chrono::duration_cast<milliseconds>(steady_clock::now() - stopped_at_);
    left = std::min(left, options.timeouts.cleanup - spent);
  }
  return std::max(left, milliseconds(1));
}

void client::exchange::set_times(const operation& op, trial& facts, milliseconds left) const {
  const session_timeouts& t = shared_->internals().options.timeouts;
  milliseconds first_byte = op.sends_body() ? t.first_byte_after_body : t.first_byte;
  milliseconds no_progress = t.no_progress;
  if (op.slow) first_byte = no_progress = t.completion;  // AWS sends blanks meanwhile, or nothing
  facts.times.first_byte = std::min(first_byte, left);
  facts.times.no_progress = std::min(no_progress, left);
  facts.times.expect_continue = std::min(t.expect_continue, left);
  facts.connect_limit = left;
  facts.prompt = answers_promptly(op);
}

/// It waits no longer than is usual, even if that becomes known only meanwhile.
void client::exchange::hurry(trial& facts) {
  if (facts.prompt && shared().budget.ample()) facts.times.patience = &patience_;
}

/// For the answer to a prompt request. Where many retries were needed already, patience has no
/// end: a store in trouble gets no more requests than needed.
void client::exchange::waited(answer_pace::milliseconds time) {
  pace_.waited(time);
  patience_ = shared().budget.ample() ? pace_.patience() : std::nullopt;
}

}  // namespace beatsync::s3
