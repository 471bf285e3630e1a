#include "s3/client/answer_pace.hpp"

#include <algorithm>
#include <cmath>

namespace beatsync::s3 {

namespace {

// RFC 6298 §2: the gains of the average and of the deviation, and how many deviations are usual.
constexpr double average_gain = 1.0 / 8;
constexpr double deviation_gain = 1.0 / 4;
constexpr double deviations = 4;

// Twice what is usual at most: asking again for nothing costs the store more than waiting costs us.
constexpr double margin = 2;

// aws-s3-transfer-manager-rs hedges from the 20th answer on; aws-c-s3 cuts no answer before a
// second and none at all where five are usual (docs/dev/performance.md §2).
constexpr std::size_t enough_answers = 20;
constexpr answer_pace::milliseconds least{1000};
constexpr answer_pace::milliseconds most{5000};

}  // namespace

void answer_pace::waited(milliseconds time) noexcept {
  if (answers_++ == 0) {
    average_ = time;
    deviation_ = time / 2;
    return;
  }
  deviation_ += deviation_gain * (milliseconds(std::abs((time - average_).count())) - deviation_);
  average_ += average_gain * (time - average_);
}

std::optional<std::chrono::milliseconds> answer_pace::patience() const noexcept {
  if (answers_ < enough_answers) return std::nullopt;
  const milliseconds unusual = margin * (average_ + deviations * deviation_);
  if (unusual > most) return std::nullopt;
  return std::chrono::ceil<std::chrono::milliseconds>(std::max(unusual, least));
}

}  // namespace beatsync::s3
