#include "server/cxone/budget.h"

#include <algorithm>

namespace cxscribe {
namespace {

constexpr int64_t kFullRate = 1024;
// A sixteenth of the rate always remains, so that an hour of 429s does not stop an account.
constexpr int64_t kLowestRate = kFullRate / 16;
// The share of a window's requests that may go at once.
constexpr int64_t kBurstDivisor = 5;
// How long nothing goes after a 429 that does not say how long, as a share of the window.
constexpr int64_t kBlockDivisor = 60;
constexpr absl::Duration kLongestBlock = absl::Hours(24);
// From the lowest rate to the full one takes at most this many windows.
constexpr int64_t kRecoveryWindows = 2;
constexpr absl::Duration kLongestWindow = absl::Hours(24 * 366);

// a * b / c without overflow, rounded down or up. None is negative.
int64_t MulDivDown(int64_t a, int64_t b, int64_t c) {
  return static_cast<int64_t>(static_cast<__int128>(a) * b / c);
}
int64_t MulDivUp(int64_t a, int64_t b, int64_t c) {
  return static_cast<int64_t>((static_cast<__int128>(a) * b + c - 1) / c);
}

}  // namespace

Budget::Budget(const BudgetSettings& settings)
    : window_(absl::ToInt64Nanoseconds(
          std::clamp(settings.per, absl::Microseconds(1), kLongestWindow))),
      rate_(kFullRate) {
  const int64_t requests = std::max(settings.requests, 1);
  const int64_t burst = std::max<int64_t>(requests / kBurstDivisor, 1);
  // n requests within less than a window need (n - burst) * cost < window, so that
  // (requests + 1 - burst) * cost >= window keeps n at or below `requests`.
  cost_ = MulDivUp(window_, 1, requests + 1 - burst);
  capacity_ = cost_ * burst;
  credit_ = capacity_;
}

void Budget::AdvanceTo(absl::Time now) {
  if (last_ == absl::InfinitePast()) last_ = now;
  if (now < last_) {
    // The clock was set back: the wait that remains stays what it was.
    blocked_until_ -= last_ - now;
    last_ = now;
    return;
  }
  const int64_t gained = Accrued(now - last_);
  const absl::Duration free = now - std::max(last_, blocked_until_);
  last_ = now;
  if (free <= absl::ZeroDuration()) {
    credit_ = std::max(credit_, std::min(cost_, credit_ + gained));
    return;
  }
  // What accrues while nothing may go counts for one request, not for a burst.
  credit_ = std::min({capacity_, credit_ + gained, std::max(credit_, cost_) + Accrued(free)});
  if (rate_ == kFullRate) return;
  const int64_t time_per_part = std::max<int64_t>(kRecoveryWindows * window_ / kFullRate, 1);
  recovering_ += Elapsed(free);
  rate_ = std::min(kFullRate, rate_ + recovering_ / time_per_part);
  recovering_ %= time_per_part;
}

// What lies beyond the clamp has filled the bucket and restored the rate anyway.
int64_t Budget::Elapsed(absl::Duration duration) const {
  return absl::ToInt64Nanoseconds(
      std::min(duration, absl::Nanoseconds(window_) * (2 * kFullRate / kLowestRate)));
}

int64_t Budget::Accrued(absl::Duration duration) const {
  return MulDivDown(Elapsed(duration), rate_, kFullRate);
}

bool Budget::TryTake(absl::Time now) {
  AdvanceTo(now);
  if (now < blocked_until_ || credit_ < cost_) return false;
  credit_ -= cost_;
  return true;
}

absl::Time Budget::NextSlot(absl::Time now) {
  AdvanceTo(now);
  const int64_t lacking = std::max<int64_t>(cost_ - credit_, 0);
  return std::max(now + absl::Nanoseconds(MulDivUp(lacking, kFullRate, rate_)), blocked_until_);
}

void Budget::Charge(absl::Time now, int requests) {
  AdvanceTo(now);
  // A debt of one window is as much as is worth remembering.
  const int64_t owed = MulDivDown(cost_, std::clamp(requests, 0, 1'000'000), 1);
  credit_ = std::max(credit_ - std::min(owed, window_), -window_);
}

void Budget::OnThrottled(absl::Time now, std::optional<absl::Duration> retry_after) {
  AdvanceTo(now);
  if (now >= blocked_until_) {
    rate_ = std::max(kLowestRate, rate_ / 2);
    recovering_ = 0;
  }
  // One request may go when the wait is over, the rest at the new pace.
  credit_ = std::min(credit_, cost_);
  const absl::Duration slot = absl::Nanoseconds(MulDivUp(cost_, kFullRate, rate_));
  const absl::Duration asked = retry_after.value_or(absl::Nanoseconds(window_ / kBlockDivisor));
  blocked_until_ = std::max(blocked_until_,
                            now + std::clamp(asked, std::min(slot, kLongestBlock), kLongestBlock));
}

double Budget::RateShare(absl::Time now) {
  AdvanceTo(now);
  return static_cast<double>(rate_) / kFullRate;
}

}  // namespace cxscribe
