#include "s3/http/watchdog.hpp"

#include <boost/asio/steady_timer.hpp>

#include <utility>
#include <vector>

namespace beatsync::s3 {

struct watchdog::state : std::enable_shared_from_this<watchdog::state> {
  state(const boost::asio::any_io_executor& executor, std::chrono::milliseconds each)
      : timer(executor), tick(each) {}

  void start() {
    running = true;
    timer.expires_after(tick);
    timer.async_wait([weak = weak_from_this()](boost::system::error_code ec) {
      const auto self = weak.lock();
      if (self == nullptr) return;
      self->running = false;
      if (!ec) self->look_around();
      if (!self->everybody.empty() && !self->running) self->start();
    });
  }

  void look_around() {
    const steady_time now = std::chrono::steady_clock::now();
    // Backwards: whoever is removed meanwhile is replaced by the last one, which was seen already.
    for (std::size_t i = everybody.size(); i-- > 0;) {
      if (i < everybody.size()) everybody[i]->look(now);
    }
  }

  boost::asio::steady_timer timer;
  std::chrono::milliseconds tick;
  std::vector<watched*> everybody;
  bool running = false;
};

watchdog::watchdog(const boost::asio::any_io_executor& executor, std::chrono::milliseconds tick)
    : state_(std::make_shared<state>(executor, tick)) {}

watchdog::~watchdog() {
  state_->everybody.clear();
  state_->timer.cancel();
}

void watchdog::add(watched& who) {
  if (who.place_ != watched::nowhere) return;
  who.place_ = state_->everybody.size();
  state_->everybody.push_back(&who);
  if (!state_->running) state_->start();
}

void watchdog::remove(watched& who) noexcept {
  if (who.place_ == watched::nowhere) return;
  watched* last = state_->everybody.back();
  state_->everybody[who.place_] = last;
  last->place_ = who.place_;
  state_->everybody.pop_back();
  who.place_ = watched::nowhere;
  if (state_->everybody.empty() && state_->running) state_->timer.cancel();
}

}  // namespace beatsync::s3
