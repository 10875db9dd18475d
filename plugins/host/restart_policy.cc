#include "plugins/host/restart_policy.h"

#include <algorithm>

namespace cxscribe {
namespace {

RestartPolicy::Time After(RestartPolicy::Time now, absl::Duration delay) {
  return now + absl::ToChronoNanoseconds(delay);
}

}  // namespace

int RestartPolicy::strikes(Time now) const {
  const Time oldest = now - absl::ToChronoNanoseconds(options_.window);
  return static_cast<int>(
      std::count_if(strikes_.begin(), strikes_.end(),
                    [oldest](const StrikeRecord& strike) { return strike.time >= oldest; }));
}

void RestartPolicy::Strike(Time now, uint64_t job) {
  trial_ = false;
  const Time oldest = now - absl::ToChronoNanoseconds(options_.window);
  strikes_.erase(
      std::remove_if(strikes_.begin(), strikes_.end(),
                     [oldest](const StrikeRecord& strike) { return strike.time < oldest; }),
      strikes_.end());
  const bool known =
      job != 0 && std::any_of(strikes_.begin(), strikes_.end(),
                              [job](const StrikeRecord& strike) { return strike.job == job; });
  if (!known) strikes_.push_back({now, job});

  absl::Duration delay = absl::ZeroDuration();
  for (int i = 1; i < strikes(now) && delay < options_.max_delay; ++i) {
    delay = delay == absl::ZeroDuration() ? options_.first_delay : 2 * delay;
  }
  restart_at_ = After(now, Jitter(std::min(delay, options_.max_delay)));

  // Open: an older run's end, or a worker that could not be had yet, changes nothing.
  // Half-open: this was the trial, or no worker could be had for it.
  const Breaker state = breaker(now);
  if (state == Breaker::kClosed && strikes(now) < options_.breaker_strikes) return;
  if (state == Breaker::kOpen) return;
  open_for_ =
      state == Breaker::kClosed ? options_.open_for : std::min(2 * open_for_, options_.max_open);
  open_until_ = After(now, Jitter(open_for_));
  // A worker for the trial should be there by then.
  restart_at_ = std::min(restart_at_, open_until_);
  if (strikes(now) > options_.breaker_strikes) strikes_.erase(strikes_.begin());
}

void RestartPolicy::Succeeded() {
  strikes_.clear();
  restart_at_ = Time::min();
  open_for_ = absl::ZeroDuration();
  trial_ = false;
}

RestartPolicy::Breaker RestartPolicy::breaker(Time now) const {
  if (open_for_ == absl::ZeroDuration()) return Breaker::kClosed;
  return now < open_until_ ? Breaker::kOpen : Breaker::kHalfOpen;
}

bool RestartPolicy::TryEnter(Time now) {
  switch (breaker(now)) {
    case Breaker::kClosed:
      return true;
    case Breaker::kOpen:
      return false;
    case Breaker::kHalfOpen:
      if (trial_) return false;
      trial_ = true;
      return true;
  }
  return false;
}

// Half of the delay is certain, half random: those who restart together do not stay together.
absl::Duration RestartPolicy::Jitter(absl::Duration delay) {
  return delay * (0.5 + 0.5 * random_.NextDouble());
}

}  // namespace cxscribe
