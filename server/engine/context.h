// What the engine's parts share. Everything here is used on the engine's loop only.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <absl/base/thread_annotations.h>

#include "server/base/id.h"
#include "server/base/mutex.h"
#include "server/cxone/budget_gate.h"
#include "server/engine/engine.h"
#include "server/engine/poll_planner.h"
#include "server/engine/recording_check.h"

namespace cxscribe {

// One account at CXone with what its jobs share: the budget, and what has been learnt about its
// speed.
struct Account {
  Account(const AccountSettings& account_settings, CxoneClient& cxone, TimerExecutor& loop,
          Metrics& engine_metrics);

  // Counts a call and what came of it; a 429 shrinks the budget.
  void Observe(std::string_view call, const UpstreamOutcome& outcome, absl::Time started);

  const AccountSettings settings;
  CxoneClient& client;
  TimerExecutor& loop;
  Metrics& metrics;
  BudgetGate gate;
  PollPlanner planner;
  RecordingLookup recordings;

  // What is wrong with the account, as its last call showed; empty when that call was answered.
  // Thread-safe.
  std::string problem() const;

 private:
  mutable Mutex problem_mutex_;
  std::string problem_ ABSL_GUARDED_BY(problem_mutex_);
};

// The loop's time as a Clock.
class LoopClock final : public Clock {
 public:
  explicit LoopClock(const TimerExecutor& loop) : loop_(loop) {}
  absl::Time Now() const override { return loop_.Now(); }

 private:
  const TimerExecutor& loop_;
};

struct EngineContext {
  EngineContext(EngineDependencies dependencies, EngineSettings engine_settings)
      : on(std::move(dependencies)),
        settings(std::move(engine_settings)),
        clock(on.loop),
        ids(clock, on.random) {}

  // Counts a job that moves between states; UNSPECIFIED stands for "not there".
  void CountMove(v1::JobState from, v1::JobState to);

  EngineDependencies on;
  EngineSettings settings;
  LoopClock clock;
  UlidGenerator ids;
  std::map<v1::JobState, int64_t> unfinished;
};

}  // namespace cxscribe
