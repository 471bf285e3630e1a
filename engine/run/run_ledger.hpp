#pragma once

/// The books of one operation: every planned item ends exactly once as done, skipped or failed, the
/// observer hears of it one call at a time, and the first reason to stop is kept.
///
/// Threads: any; observer calls are made under the ledger's lock.

#include "engine/run/report.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace beatsync::engine {

class run_ledger {
 public:
  explicit run_ledger(observer& out) : out_(out) {}
  run_ledger(const run_ledger&) = delete;
  run_ledger& operator=(const run_ledger&) = delete;

  /// An item will be transferred; end() follows.
  void plan(std::uint64_t bytes);
  /// The end of a planned item.
  void end(const item& it);
  /// A planned item that turned out to be done already: it counts as unchanged, and is no item.
  void end_unchanged(std::uint64_t bytes);
  /// An item that ends as it is found: a refusal, or any item of a dry run. Counts as planned.
  void show(const item& it);

  void differs(const difference& d);
  void warn(const std::string& text);
  void compared(std::uint64_t names, std::uint64_t unchanged);
  void listing_complete();
  void unanswered_abort(std::string text);

  /// Bytes on the wire; negative when a transfer begins anew.
  void moved(std::int64_t bytes) noexcept {
    moved_.fetch_add(static_cast<std::uint64_t>(bytes), std::memory_order_relaxed);
  }

  /// The run has to end; the first call decides. Items go on to be ended.
  void halt(stop_reason why);
  /// As halt(), but goes before what was kept so far.
  void interrupt(stop_reason why);
  bool halted() const noexcept { return halted_.load(std::memory_order_relaxed); }

  /// Tells the observer where things stand.
  void show_progress();

  report result() const;

 private:
  void count(const item& it);

  observer& out_;
  mutable std::mutex mutex_;
  report report_;
  progress progress_;
  std::atomic<std::uint64_t> moved_{0};
  std::atomic<bool> halted_{false};
};

}  // namespace beatsync::engine
