#include "engine/transfer/transfer_window.hpp"

#include <algorithm>

namespace beatsync::engine {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// So many times the window are an epoch: enough that one slow answer does not decide.
constexpr std::size_t rounds = 4;
/// Nearer answers leave nothing to gain: 16 at 10 ms are 1,600 requests a second.
constexpr milliseconds far{10};
/// What doubling has to bring; less is noise, or a line that is full.
constexpr double worthwhile = 1.25;
constexpr std::size_t epochs_of_rest = 16;
constexpr seconds between_cuts{1};
/// After the store asked for fewer, nothing beyond the usual is tried for so long.
constexpr seconds calm{10};

}  // namespace

transfer_window::transfer_window(std::size_t usual, std::size_t most)
    : usual_(usual), most_(most), size_(usual), to_skip_(usual) {}

double transfer_window::epoch::rate(clock::time_point now) const {
  const std::chrono::duration<double> time = now - began;
  return static_cast<double>(count) / std::max(time.count(), 1e-6);
}

bool transfer_window::resize(std::size_t size) {
  const bool other = size != size_;
  size_ = size;
  to_skip_ = other ? size : 1;
  return other;
}

bool transfer_window::ended(const sample& request, clock::time_point now) {
  if (request.slow_downs != slow_downs_) {
    slow_downs_ = request.slow_downs;
    if (now < next_cut_) return false;
    next_cut_ = now + between_cuts;
    calm_until_ = now + calm;
    trying_ = false;
    return resize(std::max<std::size_t>(1, std::min(size_, usual_) * 7 / 10));
  }
  if (to_skip_ > 0) {
    if (--to_skip_ == 0) {
      now_ = epoch();
      now_.began = now;
    }
    return false;
  }
  ++now_.count;
  now_.weight += request.weight;
  now_.took += request.took;
  return now_.count >= rounds * size_ && judge(now);
}

bool transfer_window::paid_off(double rate) const {
  // Requests of another kind have another rate, whatever the window.
  const double weight = now_.mean_weight();
  const bool alike = weight <= 2 * weight_before_ && weight_before_ <= 2 * weight;
  return alike && rate >= worthwhile * rate_before_;
}

bool transfer_window::judge(clock::time_point now) {
  const double rate = now_.rate(now);
  if (size_ < usual_) return resize(std::min(usual_, size_ + std::max<std::size_t>(1, size_ / 4)));
  if (trying_ && !paid_off(rate)) {
    trying_ = false;
    rest_ = epochs_of_rest;
    return resize(before_);
  }
  trying_ = false;
  if (rest_ > 0) {
    --rest_;
    return resize(size_);
  }
  const auto answer = now_.took / static_cast<clock::duration::rep>(now_.count);
  if (size_ == most_ || answer < far || now < calm_until_) return resize(size_);
  trying_ = true;
  before_ = size_;
  rate_before_ = rate;
  weight_before_ = now_.mean_weight();
  return resize(std::min(most_, 2 * size_));
}

}  // namespace beatsync::engine
