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

#include "engine/run/waiter.hpp"

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

/// What carrying out a piece of work takes.
struct claim {
  std::size_t memory = 0;  ///< bytes
  bool stream = false;     ///< a large body passes by here
};

/// Of what consumers hold at once: no more than `window` in all and `streams` streams among them.
/// Beyond `usual`, what is no stream is only taken where all together needs no more than `memory`
/// bytes.
struct scheduler_limits {
  std::size_t usual = std::numeric_limits<std::size_t>::max();
  std::size_t window = std::numeric_limits<std::size_t>::max();
  std::size_t memory = std::numeric_limits<std::size_t>::max();
  std::size_t streams = std::numeric_limits<std::size_t>::max();
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
  struct taken {
    work what;
    claim held;  ///< until settled()
  };

  explicit scheduler(std::size_t capacity, const scheduler_limits& most = {})
      : capacity_(capacity), most_(most) {}

  /// False: the queue is full, `next` is untouched, and `who` is woken once when to try again: when
  /// half of the queue is free, so that a producer on another thread is not woken for each action.
  /// After close() nothing may be pushed.
  bool push(Action& next, wakeable& who, const claim& needs = {}) {
    wakeable* consumer = nullptr;
    {
      const std::lock_guard lock(mutex_);
      if (actions_.size() >= capacity_) {
        producer_ = &who;
        return false;
      }
      actions_.push_back(waiting_action{std::move(next), needs});
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
  std::optional<taken> take(wakeable& who) {
    std::optional<taken> result;
    wakeable* producer = nullptr;
    wakeable* consumer = nullptr;
    {
      const std::lock_guard lock(mutex_);
      std::erase(called_, &who);
      if (part_goes(0)) {
        result.emplace(next_part());
      } else if (action_goes(0)) {
        result.emplace(taken{std::move(actions_.front().what), actions_.front().needs});
        actions_.pop_front();
        if (actions_.size() <= capacity_ / 2) producer = std::exchange(producer_, nullptr);
      } else if (ended()) {
        result.emplace(taken{end(), claim()});
      } else {
        waiting_.push_back(&who);
      }
      if (result && !std::holds_alternative<end>(result->what)) hold(result->held);
      if (result) consumer = one_to_call();
    }
    if (producer != nullptr) producer->wake();
    if (consumer != nullptr) consumer->wake();
    return result;
  }

  /// The work taken before is done with. Whoever holds work may still open() or again(). The caller
  /// goes on to take(), so nobody else is called here.
  void settled(const claim& held) {
    std::vector<wakeable*> idle;
    {
      const std::lock_guard lock(mutex_);
      --held_;
      held_memory_ -= held.memory;
      held_streams_ -= held.stream ? 1 : 0;
      if (ended()) idle.swap(waiting_);
    }
    for (wakeable* w : idle) w->wake();
  }

  /// Another `window` from now on; what is held beyond it is not called back.
  void set_window(std::size_t window) { set(most_.window, window); }
  /// The same for `streams`.
  void set_streams(std::size_t streams) { set(most_.streams, streams); }

  /// A large transfer was begun; its `count` parts (at least 1), each of which `needs` so much,
  /// wait for consumers.
  void open(Transfer transfer, std::uint32_t count, const claim& needs = {}) {
    std::vector<wakeable*> idle;
    {
      const std::lock_guard lock(mutex_);
      transfer_parts entry;
      entry.transfer = std::move(transfer);
      entry.count = count;
      entry.needs = needs;
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
  void again(Action action, const claim& needs = {}) {
    wakeable* consumer = nullptr;
    {
      const std::lock_guard lock(mutex_);
      actions_.push_front(waiting_action{std::move(action), needs});
      consumer = one_to_call();
    }
    if (consumer != nullptr) consumer->wake();
  }

 private:
  struct waiting_action {
    Action what{};
    claim needs;
  };
  struct transfer_parts {
    Transfer transfer{};
    std::uint32_t next = 0;
    std::uint32_t count = 0;
    claim needs;
  };

  taken next_part() {
    transfer_parts& front = open_.front();
    part next;
    next.transfer = front.transfer;
    next.index = front.next++;
    taken result{std::move(next), front.needs};
    if (front.next == front.count) open_.pop_front();
    --parts_left_;
    return result;
  }

  void hold(const claim& needs) {
    ++held_;
    held_memory_ += needs.memory;
    held_streams_ += needs.stream ? 1 : 0;
  }

  void set(std::size_t& limit, std::size_t value) {
    wakeable* consumer = nullptr;
    {
      const std::lock_guard lock(mutex_);
      limit = value;
      consumer = one_to_call();
    }
    if (consumer != nullptr) consumer->wake();
  }

  bool ended() const { return closed_ && held_ == 0 && actions_.empty() && open_.empty(); }

  /// May one more be taken, where so many are `coming` to take one?
  bool part_goes(std::size_t coming) const {
    return !open_.empty() && admits(open_.front().needs, coming);
  }
  /// Parts go first; where they wait for the end of another stream, an action need not.
  bool action_goes(std::size_t coming) const {
    const bool free_to = open_.empty() || !stream_fits(open_.front().needs, 0);
    return free_to && !actions_.empty() && admits(actions_.front().needs, coming);
  }
  bool admits(const claim& needs, std::size_t coming) const {
    if (held_ + coming >= most_.window || !stream_fits(needs, coming)) return false;
    if (needs.stream || held_ + coming < most_.usual) return true;
    return needs.memory <= most_.memory && held_memory_ <= most_.memory - needs.memory;
  }
  bool stream_fits(const claim& needs, std::size_t coming) const {
    return !needs.stream || held_streams_ + coming < most_.streams;
  }

  /// Somebody idle, where there is work for one more than hold some or are on their way to it.
  wakeable* one_to_call() {
    const std::size_t coming = called_.size();
    if (waiting_.empty() || parts_left_ + actions_.size() <= coming) return nullptr;
    if (!part_goes(coming) && !action_goes(coming)) return nullptr;
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
  std::size_t held_memory_ = 0;     ///< bytes that they need
  std::size_t held_streams_ = 0;    ///< how many of them are streams
  bool closed_ = false;
};

}  // namespace beatsync::engine
