// What the engine's parts share. Everything here is used on the engine's loop only.
#pragma once

#include <atomic>
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

// Bounds the transcripts in memory: each may have 64 MiB. Held from before the poll that may bring
// one until what it became is durable, so that neither a full pool nor a store or an audit file
// that cannot be written lets them pile up.
class TranscriptRoom {
 public:
  // Frees its place when the last copy goes, on any thread. May outlive the room.
  using Place = std::shared_ptr<void>;

  explicit TranscriptRoom(int places) : free_(std::make_shared<std::atomic<int>>(places)) {}

  // Null when all are taken: look again later.
  Place TryTake() {
    if (free_->fetch_sub(1) <= 0) {
      free_->fetch_add(1);
      return nullptr;
    }
    return {this, [free = free_](void*) { free->fetch_add(1); }};
  }

 private:
  const std::shared_ptr<std::atomic<int>> free_;
};

// Transcripts of an account that may be in memory at once.
inline constexpr int kMostTranscripts = 16;

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
  TranscriptRoom transcripts{kMostTranscripts};

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
  // Whether jobs wait for the audit file, as was logged last.
  bool audit_blocked = false;
};

}  // namespace cxscribe
