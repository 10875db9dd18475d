// Budget: how many requests one account may send, and when the next one may go. Pure: time comes in
// as an argument.
//
// Never lets more than `requests` through in any window of length `per`, [t, t + per), whatever its
// start. A fifth of them may go at once after a quiet time; beyond that they are evenly spaced, so
// that a request never waits for a whole window to pass. After a 429 nothing goes until Retry-After
// has passed, then the rate is half of what it was and recovers linearly (additive increase,
// multiplicative decrease), to the full rate within two windows at most.
//
// What was sent before a restart is not remembered.
#pragma once

#include <cstdint>
#include <optional>

#include <absl/time/time.h>

#include "server/config/settings.h"

namespace cxscribe {

// Not thread-safe. Constant memory, constant time. If `now` goes back, no request is granted that
// would not have been granted had time stood still.
class Budget {
 public:
  // `requests` below 1 counts as 1, `per` below a microsecond as a microsecond.
  explicit Budget(const BudgetSettings& settings);

  // Takes one request out of the budget if it may go at `now`.
  bool TryTake(absl::Time now);
  // The first time, not before `now`, at which TryTake succeeds if nothing else is taken.
  absl::Time NextSlot(absl::Time now);
  // Counts requests that went out unasked, such as the repetition after a 401.
  void Charge(absl::Time now, int requests);
  // CXone answered 429. Several of them while waiting count as one.
  void OnThrottled(absl::Time now, std::optional<absl::Duration> retry_after);

  // The share of the configured rate that is in use now, in (0, 1].
  double RateShare(absl::Time now);

 private:
  void AdvanceTo(absl::Time now);
  int64_t Elapsed(absl::Duration duration) const;
  int64_t Accrued(absl::Duration duration) const;

  // A token bucket. Credit is counted in nanoseconds at the full rate: one request costs `cost_`,
  // and the bucket holds at most `capacity_`. Integers, so that the bound is exact.
  int64_t window_;
  int64_t cost_;
  int64_t capacity_;
  int64_t credit_;  // below 0 after Charge
  // In parts of the full rate; see budget.cc.
  int64_t rate_;
  int64_t recovering_ = 0;  // nanoseconds of recovery that rate_ does not show yet
  // Nothing goes before blocked_until_.
  absl::Time last_ = absl::InfinitePast();
  absl::Time blocked_until_ = absl::InfinitePast();
};

}  // namespace cxscribe
