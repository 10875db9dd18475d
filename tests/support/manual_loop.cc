#include "tests/support/manual_loop.h"

namespace cxscribe {

void ManualLoop::Post(Task task) {
  MutexLock lock(mutex_);
  ready_.push_back(std::move(task));
}

absl::Time ManualLoop::Now() const {
  MutexLock lock(mutex_);
  return now_;
}

TimerExecutor::TimerId ManualLoop::PostAt(absl::Time when, Task task) {
  MutexLock lock(mutex_);
  const TimerId id = next_id_++;
  timers_.emplace(std::make_pair(when, id), std::move(task));
  return id;
}

bool ManualLoop::Cancel(TimerId timer) {
  Task dropped;
  MutexLock lock(mutex_);
  for (auto entry = timers_.begin(); entry != timers_.end(); ++entry) {
    if (entry->first.second != timer) continue;
    dropped = std::move(entry->second);
    timers_.erase(entry);
    return true;
  }
  return false;
}

bool ManualLoop::TakeNext(Task& task) {
  MutexLock lock(mutex_);
  if (!ready_.empty()) {
    task = std::move(ready_.front());
    ready_.pop_front();
    return true;
  }
  if (!timers_.empty() && timers_.begin()->first.first <= now_) {
    task = std::move(timers_.begin()->second);
    timers_.erase(timers_.begin());
    return true;
  }
  return false;
}

size_t ManualLoop::RunReady() {
  size_t ran = 0;
  for (Task task; TakeNext(task); ++ran) {
    task();
    task = nullptr;
  }
  return ran;
}

size_t ManualLoop::Advance(absl::Duration step) {
  const absl::Time end = Now() + step;
  size_t ran = RunReady();
  for (;;) {
    {
      MutexLock lock(mutex_);
      if (timers_.empty() || timers_.begin()->first.first > end) {
        now_ = end;
        break;
      }
      now_ = std::max(now_, timers_.begin()->first.first);
    }
    ran += RunReady();
  }
  return ran;
}

bool ManualLoop::AdvanceToNextTimer() {
  RunReady();
  {
    MutexLock lock(mutex_);
    if (timers_.empty()) return false;
    now_ = std::max(now_, timers_.begin()->first.first);
  }
  RunReady();
  return true;
}

size_t ManualLoop::pending_timers() const {
  MutexLock lock(mutex_);
  return timers_.size();
}

}  // namespace cxscribe
