#include "engine/run/run_ledger.hpp"

#include <utility>

namespace beatsync::engine {

void run_ledger::plan(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  ++report_.count.planned;
  ++progress_.items_planned;
  progress_.bytes_planned += bytes;
}

void run_ledger::count(const item& it) {
  switch (it.result) {
    case outcome::planned:
      return;
    case outcome::done:
      ++report_.count.done;
      report_.count.bytes += it.bytes;
      if (it.unverified) ++report_.count.unverified;
      return;
    case outcome::skipped:
      ++report_.count.skipped;
      return;
    case outcome::failed:
      ++report_.count.failed;
      return;
  }
}

void run_ledger::end(const item& it) {
  const std::lock_guard lock(mutex_);
  ++progress_.items_finished;
  count(it);
  out_.on_item(it);
}

void run_ledger::end_unchanged(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  ++progress_.items_finished;
  --report_.count.planned;
  ++report_.count.unchanged;
  report_.count.bytes_in_place += bytes;
}

void run_ledger::show(const item& it) {
  const std::lock_guard lock(mutex_);
  ++report_.count.planned;
  count(it);
  out_.on_item(it);
}

void run_ledger::differs(const difference& d) {
  const std::lock_guard lock(mutex_);
  ++report_.count.differs;
  out_.on_difference(d);
}

void run_ledger::warn(const std::string& text) {
  const std::lock_guard lock(mutex_);
  report_.warnings.push_back(text);
  out_.on_warning(text);
}

void run_ledger::compared(std::uint64_t names, std::uint64_t unchanged) {
  const std::lock_guard lock(mutex_);
  progress_.names_compared += names;
  report_.count.unchanged += unchanged;
}

void run_ledger::listing_complete() {
  const std::lock_guard lock(mutex_);
  progress_.listing_complete = true;
}

void run_ledger::unanswered_abort(std::string text) {
  const std::lock_guard lock(mutex_);
  report_.unanswered_aborts.push_back(std::move(text));
}

void run_ledger::halt(stop_reason why) {
  const std::lock_guard lock(mutex_);
  if (!report_.stopped) report_.stopped = std::move(why);
  halted_.store(true);
}

void run_ledger::interrupt(stop_reason why) {
  const std::lock_guard lock(mutex_);
  report_.stopped = std::move(why);
  halted_.store(true);
}

void run_ledger::show_progress() {
  const std::lock_guard lock(mutex_);
  progress_.bytes_moved = moved_.load(std::memory_order_relaxed);
  out_.on_progress(progress_);
}

report run_ledger::result() const {
  const std::lock_guard lock(mutex_);
  return report_;
}

}  // namespace beatsync::engine
