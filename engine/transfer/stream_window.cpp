#include "engine/transfer/stream_window.hpp"

#include <algorithm>
#include <utility>

namespace beatsync::engine {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t few = 4;
/// Long enough for dozens of pieces where there is something to save.
constexpr milliseconds look{100};
/// Bytes per second. Less than that is an eighth of a core: the line or the store is what is waited
/// for.
constexpr double much = 100e6;
/// What doubling has to bring; less is noise.
constexpr double worthwhile = 1.25;
constexpr seconds between_tries{5};

}  // namespace

stream_window::stream_window(std::size_t usual) : usual_(usual), size_(std::min(few, usual)) {}

bool stream_window::resize(std::size_t size) {
  const bool other = size != size_;
  size_ = size;
  return other;
}

bool stream_window::moved(std::size_t bytes, clock::time_point began, clock::time_point now) {
  if (!since_) since_ = began;
  bytes_ += bytes;
  const std::chrono::duration<double> time = now - *since_;
  if (time < look) return false;
  const double rate = static_cast<double>(bytes_) / time.count();
  since_ = now;
  bytes_ = 0;
  return judge(rate, now);
}

bool stream_window::judge(double rate, clock::time_point now) {
  const bool slow = rate < much;
  const bool still_slow = std::exchange(slow_, slow) && slow;
  const phase was = phase_;
  phase_ = phase::watching;
  if (still_slow) return resize(usual_);
  if (was == phase::settling) {
    phase_ = phase::trying;
  } else if (was == phase::trying && rate < worthwhile * rate_before_) {
    next_try_ = now + between_tries;
    return resize(before_);
  } else if (!slow && size_ < usual_ && now >= next_try_) {
    phase_ = phase::settling;
    before_ = size_;
    rate_before_ = rate;
    return resize(std::min(usual_, 2 * size_));
  }
  return false;
}

}  // namespace beatsync::engine
