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
    case CallPriority::kCheck:
      return 3 * kHeadStart;
  }
  return 3 * kHeadStart;
}

}  // namespace

BudgetGate::BudgetGate(TimerExecutor& executor, const BudgetSettings& settings)
    : executor_(executor), budget_(settings), self_(std::make_shared<BudgetGate*>(this)) {}

BudgetGate::~BudgetGate() {
  if (timer_ != 0) executor_.Cancel(timer_);
}

BudgetGate::Ticket BudgetGate::Run(CallPriority priority, Task task) {
  const absl::Time now = executor_.SteadyNow();
  const Ticket ticket = next_ticket_++;
  const absl::Time place = now + Handicap(priority);
  places_.emplace(ticket, place);
  waiting_.emplace(std::make_pair(place, ticket), std::move(task));
  Arm(budget_.NextSlot(now));
  return ticket;
}

bool BudgetGate::Cancel(Ticket ticket) {
  const auto place = places_.find(ticket);
  if (place == places_.end()) return false;
  const auto entry = waiting_.find({place->second, ticket});
  const Task dropped = std::move(entry->second);  // last: its captures may call back
  waiting_.erase(entry);
  places_.erase(place);
  return true;
}

void BudgetGate::OnThrottled(std::optional<absl::Duration> retry_after) {
  budget_.OnThrottled(executor_.SteadyNow(), retry_after);
  // The timer that is set wakes too early, which only sets it anew.
}

void BudgetGate::Charge(int requests) { budget_.Charge(executor_.SteadyNow(), requests); }

void BudgetGate::Arm(absl::Time when) {
  if (timer_ != 0 && timer_time_ <= when) return;
  if (timer_ != 0) executor_.Cancel(timer_);
  timer_time_ = when;
  timer_ =
      executor_.PostAfter(when - executor_.SteadyNow(), [weak = std::weak_ptr<BudgetGate*>(self_)] {
        if (const auto self = weak.lock()) (*self)->Wake();
      });
}

void BudgetGate::Wake() {
  timer_ = 0;
  // One task a wake: it may call anything here, or take long.
  if (waiting_.empty()) return;
  Task task;
  if (budget_.TryTake(executor_.SteadyNow())) {
    task = std::move(waiting_.begin()->second);
    places_.erase(waiting_.begin()->first.second);
    waiting_.erase(waiting_.begin());
  }
  if (!waiting_.empty()) Arm(budget_.NextSlot(executor_.SteadyNow()));
  if (task) task();  // last: it may destroy the gate
}

}  // namespace cxscribe
