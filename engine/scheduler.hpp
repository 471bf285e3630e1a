#pragma once

/// Who does what next: hands new actions and parts of large transfers to consumers on any thread.
///
///     difference ──push──► bounded queue ──take──► consumers ──open──► parts ──take──► consumers
///
/// Parts of what was begun go before new actions, so the number of open transfers stays small and
/// the parts of one large file use every consumer there is. A full queue holds the producer back,
/// an empty one the consumers; so do the limits of what is done at once. Deciding only; waiting is
/// done by the caller (waiter.hpp).
///
/// Threads: everything may be called from any thread.

#include "engine/waiter.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace beatsync::engine {

/// Of what consumers hold at once. Up to `usual` of them may be anything; beyond that, up to
/// `window`, only actions that together need no more than `memory` bytes.
struct scheduler_limits {
  std::size_t usual = std::numeric_limits<std::size_t>::max();
  std::size_t window = std::numeric_limits<std::size_t>::max();
  std::size_t memory = std::numeric_limits<std::size_t>::max();
};

/// `Action` and `Transfer` are cheap to move; Transfer is a handle that compares equal to its
/// copies.
template <class Action, class Transfer>
class scheduler {
 public:
  /// Part `index`, from 0, of a transfer that somebody opened.
  struct part {
    Transfer transfer;
    std::uint32_t index = 0;
  };
  /// Nothing is left and nothing can come.
  struct end {};
  using work = std::variant<Action, part, end>;

  explicit scheduler(std::size_t capacity, const scheduler_limits& most = {})
      : capacity_(capacity), most_(most) {}

  /// False: the queue is full, `next` is untouched, and `who` is woken once when to try again.
  /// After close() nothing may be pushed. `weight`: bytes of memory that carrying it out takes.
  bool push(Action& next, wakeable& who, std::size_t weight = 0) {
    wakeable* consumer = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (actions_.size() >= capacity_) {
        producer_ = &who;
        return false;
      }
      actions_.push_back(weighed(std::move(next), weight));
      consumer = one_to_call();
    }
    if (consumer != nullptr) consumer->wake();
    return true;
  }

  /// The producer has nothing more.
  void close() {
    std::vector<wakeable*> idle;
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
      if (ended()) idle.swap(waiting_);
    }
    for (wakeable* w : idle) w->wake();
  }

  /// Nothing: there is no work now; `who` is woken once when to ask again. What was taken (but the
  /// end) is given back with settled().
  std::optional<work> take(wakeable& who) {
    std::optional<work> result;
    wakeable* producer = nullptr;
    wakeable* consumer = nullptr;
    {
      const std::lock_guard lock(mutex_);
      std::erase(called_, &who);
      if (!open_.empty() && admits(held_)) {
        transfer_parts& front = open_.front();
        part next;
        next.transfer = front.transfer;
        next.index = front.next++;
        if (front.next == front.count) open_.pop_front();
        --parts_left_;
        ++held_;
        result.emplace(std::in_place_type<part>, std::move(next));
      } else if (open_.empty() && !actions_.empty() && admits(held_, actions_.front().weight)) {
        held_memory_ += actions_.front().weight;
        result.emplace(std::in_place_type<Action>, std::move(actions_.front().what));
        actions_.pop_front();
        ++held_;
        producer = std::exchange(producer_, nullptr);
      } else if (ended()) {
        result.emplace(std::in_place_type<end>);
      } else {
        waiting_.push_back(&who);
      }
      if (result) consumer = one_to_call();
    }
    if (producer != nullptr) producer->wake();
    if (consumer != nullptr) consumer->wake();
    return result;
  }

  /// The work taken before is done with, `weight` as it was pushed (0 for a part). Whoever holds
  /// work may still open() or again(). The caller goes on to take(), so nobody else is called here.
  void settled(std::size_t weight = 0) {
    std::vector<wakeable*> idle;
    {
      const std::lock_guard lock(mutex_);
      --held_;
      held_memory_ -= weight;
      if (ended()) idle.swap(waiting_);
    }
    for (wakeable* w : idle) w->wake();
  }

  /// Another `window` from now on; what is held beyond it is not called back.
  void set_window(std::size_t window) {
    wakeable* consumer = nullptr;
    {
      const std::lock_guard lock(mutex_);
      most_.window = window;
      consumer = one_to_call();
    }
    if (consumer != nullptr) consumer->wake();
  }

  /// A large transfer was begun; its `count` parts (at least 1) wait for consumers.
  void open(Transfer transfer, std::uint32_t count) {
    std::vector<wakeable*> idle;
    {
      const std::lock_guard lock(mutex_);
      transfer_parts entry;
      entry.transfer = std::move(transfer);
      entry.count = count;
      open_.push_back(std::move(entry));
      parts_left_ += count;
      while (wakeable* w = one_to_call()) idle.push_back(w);
    }
    for (wakeable* w : idle) w->wake();
  }

  /// Forgets the parts that nobody took yet and says how many they were.
  std::uint32_t drop(const Transfer& transfer) {
    const std::lock_guard lock(mutex_);
    for (auto it = open_.begin(); it != open_.end(); ++it) {
      if (!(it->transfer == transfer)) continue;
      const std::uint32_t left = it->count - it->next;
      open_.erase(it);
      parts_left_ -= left;
      return left;
    }
    return 0;
  }

  /// An action that must be begun anew; goes first and past the capacity. Only while work is held.
  void again(Action action, std::size_t weight = 0) {
    wakeable* consumer = nullptr;
    {
      const std::lock_guard lock(mutex_);
      actions_.push_front(weighed(std::move(action), weight));
      consumer = one_to_call();
    }
    if (consumer != nullptr) consumer->wake();
  }

 private:
  struct waiting_action {
    Action what{};
    std::size_t weight = 0;
  };
  struct transfer_parts {
    Transfer transfer{};
    std::uint32_t next = 0;
    std::uint32_t count = 0;
  };

  static waiting_action weighed(Action what, std::size_t weight) {
    waiting_action entry;
    entry.what = std::move(what);
    entry.weight = weight;
    return entry;
  }

  bool ended() const { return closed_ && held_ == 0 && actions_.empty() && open_.empty(); }

  /// May one more be taken where `held` are?
  bool admits(std::size_t held) const { return held < std::min(most_.usual, most_.window); }
  bool admits(std::size_t held, std::size_t weight) const {
    return admits(held) ||
           (held < most_.window && weight <= most_.memory && held_memory_ <= most_.memory - weight);
  }

  /// Somebody idle, where there is work for one more than hold some or are on their way to it.
  wakeable* one_to_call() {
    if (waiting_.empty() || parts_left_ + actions_.size() <= called_.size()) return nullptr;
    const std::size_t busy = held_ + called_.size();
    if (!(open_.empty() ? admits(busy, actions_.front().weight) : admits(busy))) return nullptr;
    called_.push_back(waiting_.back());
    waiting_.pop_back();
    return called_.back();
  }

  const std::size_t capacity_;
  std::mutex mutex_;
  scheduler_limits most_;
  std::deque<waiting_action> actions_;
  std::deque<transfer_parts> open_;
  std::size_t parts_left_ = 0;      ///< of open_
  std::vector<wakeable*> waiting_;  ///< consumers that found nothing
  std::vector<wakeable*> called_;   ///< woken, and not back yet
  wakeable* producer_ = nullptr;    ///< found the queue full
  std::size_t held_ = 0;            ///< works taken and not settled
  std::size_t held_memory_ = 0;     ///< bytes that the actions among them need
  bool closed_ = false;
};

}  // namespace beatsync::engine
