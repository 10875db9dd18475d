// BudgetGate: lets an account's upstream calls through one by one as its budget allows, in a fair
// order.
//
//   gate.Run(CallPriority::kPoll, [this] { client.GetTranscription(...); });
//   ... when a call was answered 429:
//   gate.OnThrottled(outcome.retry_after);
//
// A priority is a head start in time: a waiting call overtakes those of lower priority that came up
// to 20 seconds earlier (40 for two steps, and so on), but none waits for ever. Equal ones go in
// the order in which they came.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <absl/time/time.h>

#include "server/base/executor.h"
#include "server/cxone/budget.h"

namespace cxscribe {

enum class CallPriority {
  kSubmit,    // starts work at CXone: an idle transcription engine is the dearest wait
  kPoll,      // brings a job to its end
  kValidate,  // takes up new jobs
  kCheck,     // answers somebody's question; no job waits for it
};

// Used on the executor's thread only, its constructor and destructor too (or while the executor
// does not run). What still waits when the gate is destroyed is dropped.
class BudgetGate {
 public:
  // `executor` must outlive the gate.
  BudgetGate(TimerExecutor& executor, const BudgetSettings& settings);
  ~BudgetGate();
  BudgetGate(const BudgetGate&) = delete;
  BudgetGate& operator=(const BudgetGate&) = delete;

  // A waiting task; never 0.
  using Ticket = uint64_t;

  // Runs `task` on the executor, never inside this call, once the budget allows one more request.
  // The queue is as long as its users make it: they keep at most a few calls a job waiting.
  Ticket Run(CallPriority priority, Task task);
  // Drops a task that nobody needs any more, so that it costs no request. False: it has run, or is
  // unknown.
  bool Cancel(Ticket ticket);

  // CXone answered 429: everything waits, then goes on more slowly.
  void OnThrottled(std::optional<absl::Duration> retry_after);

  // Takes requests that went out beyond the one of a Run (UpstreamOutcome::requests - 1) out of the
  // budget.
  void Charge(int requests);

  // Waiting calls.
  size_t size() const { return waiting_.size(); }
  // The first (steady) time at which the budget allows another request.
  absl::Time NextSlot() { return budget_.NextSlot(executor_.SteadyNow()); }
  // The share of the configured rate that is in use now, in (0, 1].
  double RateShare() { return budget_.RateShare(executor_.SteadyNow()); }

 private:
  void Arm(absl::Time when);
  void Wake();

  TimerExecutor& executor_;
  Budget budget_;
  // By arrival minus head start, then by arrival.
  std::map<std::pair<absl::Time, Ticket>, Task> waiting_;
  std::map<Ticket, absl::Time> places_;  // of the tasks in waiting_
  Ticket next_ticket_ = 1;
  // The timer that is set, and for when; 0: none.
  TimerExecutor::TimerId timer_ = 0;
  absl::Time timer_time_;
  // Expires with the gate, so that a timer that can no longer be cancelled does nothing.
  std::shared_ptr<BudgetGate*> self_;
};

}  // namespace cxscribe
