#include "server/cxone/budget_gate.h"

namespace cxscribe {
namespace {

// How far a priority lets a call overtake the next lower one.
constexpr absl::Duration kHeadStart = absl::Seconds(20);

absl::Duration Handicap(CallPriority priority) {
  switch (priority) {
    case CallPriority::kSubmit:
      return absl::ZeroDuration();
    case CallPriority::kPoll:
      return kHeadStart;
    case CallPriority::kValidate:
      return 2 * kHeadStart;
  }
  return 2 * kHeadStart;
}

}  // namespace

BudgetGate::BudgetGate(TimerExecutor& executor, const BudgetSettings& settings)
    : executor_(executor), budget_(settings), self_(std::make_shared<BudgetGate*>(this)) {}

BudgetGate::~BudgetGate() {
  if (timer_ != 0) executor_.Cancel(timer_);
}

void BudgetGate::Run(CallPriority priority, Task task) {
  const absl::Time now = executor_.Now();
  waiting_.emplace(std::make_pair(now + Handicap(priority), next_number_++), std::move(task));
  Arm(budget_.NextSlot(now));
}

void BudgetGate::OnThrottled(std::optional<absl::Duration> retry_after) {
  budget_.OnThrottled(executor_.Now(), retry_after);
  // The timer that is set wakes too early, which only sets it anew.
}

void BudgetGate::Charge(int requests) { budget_.Charge(executor_.Now(), requests); }

void BudgetGate::Arm(absl::Time when) {
  if (timer_ != 0 && timer_time_ <= when) return;
  if (timer_ != 0) executor_.Cancel(timer_);
  timer_time_ = when;
  timer_ = executor_.PostAt(when, [weak = std::weak_ptr<BudgetGate*>(self_)] {
    if (const auto self = weak.lock()) (*self)->Wake();
  });
}

void BudgetGate::Wake() {
  timer_ = 0;
  // One task a wake: it may call anything here, or take long.
  if (waiting_.empty()) return;
  Task task;
  if (budget_.TryTake(executor_.Now())) {
    task = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
  }
  if (!waiting_.empty()) Arm(budget_.NextSlot(executor_.Now()));
  if (task) task();  // last: it may destroy the gate
}

}  // namespace cxscribe
