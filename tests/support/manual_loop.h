// ManualLoop: a TimerExecutor and Clock in virtual time, driven by the test.
#pragma once

#include <deque>
#include <map>
#include <utility>

#include <absl/time/time.h>

#include "server/base/clock.h"
#include "server/base/executor.h"
#include "server/base/mutex.h"

namespace cxscribe {

// Time stands still unless the test moves it. Post and PostAt are thread-safe; the rest is for the
// test's thread.
class ManualLoop final : public TimerExecutor, public Clock {
 public:
  explicit ManualLoop(absl::Time start = absl::FromUnixSeconds(1'705'312'800)) : now_(start) {}

  void Post(Task task) override;
  absl::Time Now() const override;
  absl::Time SteadyNow() const override { return Now(); }
  TimerId PostAt(absl::Time when, Task task) override;
  bool Cancel(TimerId timer) override;

  // Runs everything that is due now, also what that adds. Returns how many tasks ran.
  size_t RunReady();
  // Moves time forward by `step`, stopping at each timer on the way to run it in its own instant.
  size_t Advance(absl::Duration step);
  // Moves to the next timer and runs it; false when there is none.
  bool AdvanceToNextTimer();
  size_t pending_timers() const;

 private:
  bool TakeNext(Task& task);

  mutable Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_);
  TimerId next_id_ ABSL_GUARDED_BY(mutex_) = 1;
  std::deque<Task> ready_ ABSL_GUARDED_BY(mutex_);
  std::map<std::pair<absl::Time, TimerId>, Task> timers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cxscribe
