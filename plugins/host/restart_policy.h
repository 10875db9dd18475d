// RestartPolicy: when a stage may start another worker, and when it gives up for a while.
//
// What tells a job that kills workers from a plugin that is broken is whether anything succeeds in
// between. A strike is a job that killed a worker, or a worker that did not start or ended unasked,
// since the last success; the same job counts once. The first strike costs nothing: the worker is
// started again at once. Each further one doubles the wait. At `breaker_strikes` the breaker opens:
// nothing runs until it half-opens, one run then tries, and its success closes it.
//
// So a tenth of the jobs may kill their workers and no other job is refused: 10 of them would have
// to come in a row. A plugin that always crashes is shut out after some 20 seconds.
//
// Pure: time is passed in, randomness injected. Not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include <absl/time/time.h>

#include "server/base/random.h"

namespace cxscribe {

class RestartPolicy {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Options {
    absl::Duration first_delay = absl::Milliseconds(50);
    absl::Duration max_delay = absl::Seconds(5);
    int breaker_strikes = 10;
    // A strike is forgotten after this.
    absl::Duration window = absl::Minutes(10);
    // How long the breaker stays open the first time; twice as long after each trial that failed.
    absl::Duration open_for = absl::Seconds(5);
    absl::Duration max_open = absl::Minutes(5);
  };

  enum class Breaker { kClosed, kOpen, kHalfOpen };

  // `random` must outlive the policy.
  RestartPolicy(const Options& options, Random& random) : options_(options), random_(random) {}

  // `job` killed its worker; any number that is another for each job, but 0.
  void Crashed(Time now, uint64_t job) { Strike(now, job); }
  void StartFailed(Time now) { Strike(now, 0); }
  // A worker ended that nobody had called.
  void DiedIdle(Time now) { Strike(now, 0); }
  // A call ended with its worker alive.
  void Succeeded();

  // No worker is started before this.
  Time restart_at() const { return restart_at_; }

  Breaker breaker(Time now) const;
  // When an open breaker half-opens.
  Time opens_until() const { return open_until_; }
  // Whether a run may begin. In a half-open breaker only one may: the trial.
  bool TryEnter(Time now);
  // A run that had entered ended without telling anything: cancelled, for example.
  void Left() { trial_ = false; }

  // Those that are not forgotten.
  int strikes(Time now) const;

 private:
  struct StrikeRecord {
    Time time;
    uint64_t job;
  };

  void Strike(Time now, uint64_t job);
  absl::Duration Jitter(absl::Duration delay);

  const Options options_;
  Random& random_;
  std::vector<StrikeRecord> strikes_;
  Time restart_at_ = Time::min();
  Time open_until_ = Time::min();
  absl::Duration open_for_ = absl::ZeroDuration();  // 0: the breaker is closed
  bool trial_ = false;
};

}  // namespace cxscribe
