#include "server/engine/poll_planner.h"

#include <algorithm>
#include <cmath>

namespace cxscribe {
namespace {

constexpr double kBytesPerMib = 1024.0 * 1024.0;
// Weight of the newest transcription in the mean: follows a change within some ten of them.
constexpr double kLearningRate = 0.2;
// Below this percentage, progress says more about start-up than about speed.
constexpr int kTellingPercent = 10;

}  // namespace

std::optional<absl::Time> PollPlanner::EstimateEnd(const PollProgress& progress,
                                                   absl::Time now) const {
  const absl::Duration elapsed = now - progress.submitted;
  if (progress.percent >= kTellingPercent && progress.percent < 100 &&
      elapsed > absl::ZeroDuration()) {
    return now + elapsed * ((100.0 - progress.percent) / progress.percent);
  }
  if (seconds_per_mib_ <= 0 || progress.audio_bytes <= 0) return std::nullopt;
  const double mib = static_cast<double>(progress.audio_bytes) / kBytesPerMib;
  return progress.submitted + absl::Seconds(seconds_per_mib_ * mib);
}

absl::Time PollPlanner::NextPoll(const PollProgress& progress, absl::Time now,
                                 double jitter) const {
  absl::Duration wait;
  const auto end = EstimateEnd(progress, now);
  if (end.has_value() && *end > now) {
    wait = *end - now;
  } else {
    // Unknown or overdue: double from the shortest interval for every poll that brought nothing
    // new.
    const int doublings = std::clamp(progress.unchanged_polls, 0, 20);
    wait = settings_.min_interval * std::exp2(doublings);
  }
  wait = std::clamp(wait, settings_.min_interval, settings_.max_interval);
  return now + wait * (1.0 + 0.1 * jitter);
}

void PollPlanner::Learn(int64_t audio_bytes, absl::Duration took) {
  if (audio_bytes <= 0 || took <= absl::ZeroDuration()) return;
  const double rate =
      absl::ToDoubleSeconds(took) / (static_cast<double>(audio_bytes) / kBytesPerMib);
  seconds_per_mib_ =
      seconds_per_mib_ <= 0 ? rate : seconds_per_mib_ + kLearningRate * (rate - seconds_per_mib_);
}

}  // namespace cxscribe
