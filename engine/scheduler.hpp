#pragma once

/// Who does what next: hands new actions and parts of large transfers to consumers on any thread.
///
///     difference ──push──► bounded queue ──take──► consumers ──open──► parts ──take──► consumers
///
/// Parts of what was begun go before new actions, so the number of open transfers stays small and
/// the parts of one large file use every consumer there is. A full queue holds the producer back,
/// an empty one the consumers. Deciding only; waiting is done by the caller (waiter.hpp).
///
/// Threads: everything may be called from any thread.

#include "engine/waiter.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace beatsync::engine {

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

  explicit scheduler(std::size_t capacity) : capacity_(capacity) {}

  /// False: the queue is full, `next` is untouched, and `who` is woken once when to try again.
  /// After close() nothing may be pushed.
  bool push(Action& next, wakeable& who) {
    wakeable* consumer = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (actions_.size() >= capacity_) {
        producer_ = &who;
        return false;
      }
      actions_.push_back(std::move(next));
      consumer = one_waiting();
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
    {
      const std::lock_guard lock(mutex_);
      if (!open_.empty()) {
        transfer_parts& front = open_.front();
        part next;
        next.transfer = front.transfer;
        next.index = front.next++;
        if (front.next == front.count) open_.pop_front();
        ++held_;
        result.emplace(std::in_place_type<part>, std::move(next));
      } else if (!actions_.empty()) {
        result.emplace(std::in_place_type<Action>, std::move(actions_.front()));
        actions_.pop_front();
        ++held_;
        producer = std::exchange(producer_, nullptr);
      } else if (ended()) {
        result.emplace(std::in_place_type<end>);
      } else {
        waiting_.push_back(&who);
      }
    }
    if (producer != nullptr) producer->wake();
    return result;
  }

  /// The work taken before is done with. Whoever holds work may still open() or again().
  void settled() {
    std::vector<wakeable*> idle;
    {
      const std::lock_guard lock(mutex_);
      --held_;
      if (ended()) idle.swap(waiting_);
    }
    for (wakeable* w : idle) w->wake();
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
      while (idle.size() < count) {
        wakeable* w = one_waiting();
        if (w == nullptr) break;
        idle.push_back(w);
      }
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
      return left;
    }
    return 0;
  }

  /// An action that must be begun anew; goes first and past the capacity. Only while work is held.
  void again(Action action) {
    wakeable* consumer = nullptr;
    {
      const std::lock_guard lock(mutex_);
      actions_.push_front(std::move(action));
      consumer = one_waiting();
    }
    if (consumer != nullptr) consumer->wake();
  }

 private:
  struct transfer_parts {
    Transfer transfer{};
    std::uint32_t next = 0;
    std::uint32_t count = 0;
  };

  bool ended() const { return closed_ && held_ == 0 && actions_.empty() && open_.empty(); }

  wakeable* one_waiting() {
    if (waiting_.empty()) return nullptr;
    wakeable* w = waiting_.back();
    waiting_.pop_back();
    return w;
  }

  const std::size_t capacity_;
  std::mutex mutex_;
  std::deque<Action> actions_;
  std::deque<transfer_parts> open_;
  std::vector<wakeable*> waiting_;  ///< consumers that found nothing
  wakeable* producer_ = nullptr;    ///< found the queue full
  std::size_t held_ = 0;            ///< works taken and not settled
  bool closed_ = false;
};

}  // namespace beatsync::engine
