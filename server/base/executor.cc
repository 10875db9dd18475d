#include "server/base/executor.h"

#include <algorithm>
#include <pthread.h>

namespace cxscribe {

LoopThread::LoopThread(std::string name, const Clock& clock)
    : name_(std::move(name)), clock_(clock), thread_([this] { Run(); }) {
  pthread_setname_np(thread_.native_handle(), name_.substr(0, 15).c_str());
}

LoopThread::~LoopThread() { Stop(); }

void LoopThread::Stop() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  wake_.NotifyAll();
  if (thread_.joinable()) thread_.join();
  // Dropped here, and not under the lock: a task's captures may call back.
  std::map<std::pair<absl::Time, TimerId>, Task> dropped;
  MutexLock lock(mutex_);
  dropped.swap(timers_);
  timer_times_.clear();
}

void LoopThread::Post(Task task) {
  {
    MutexLock lock(mutex_);
    if (ended_) return;
    ready_.push_back(std::move(task));
  }
  wake_.NotifyOne();
}

TimerExecutor::TimerId LoopThread::PostAt(absl::Time when, Task task) {
  return PostAfter(when - clock_.Now(), std::move(task));
}

TimerExecutor::TimerId LoopThread::PostAfter(absl::Duration delay, Task task) {
  return Add(clock_.SteadyNow() + delay, std::move(task));
}

TimerExecutor::TimerId LoopThread::Add(absl::Time due, Task task) {
  TimerId id = 0;
  {
    MutexLock lock(mutex_);
    id = next_id_++;
    if (ended_) return id;
    timer_times_.emplace(id, due);
    timers_.emplace(std::make_pair(due, id), std::move(task));
  }
  wake_.NotifyOne();
  return id;
}

bool LoopThread::Cancel(TimerId timer) {
  Task dropped;  // destroyed after the lock: a task's captures may call back
  MutexLock lock(mutex_);
  const auto time = timer_times_.find(timer);
  if (time == timer_times_.end()) return false;
  const auto entry = timers_.find({time->second, timer});
  dropped = std::move(entry->second);
  timers_.erase(entry);
  timer_times_.erase(time);
  return true;
}

void LoopThread::Run() {
  // No wait is without a bound.
  constexpr absl::Duration kLongestWait = absl::Seconds(1);
  for (;;) {
    std::vector<Task> batch;
    {
      MutexLock lock(mutex_);
      while (ready_.empty()) {
        const absl::Time now = clock_.SteadyNow();
        const bool due = !timers_.empty() && timers_.begin()->first.first <= now;
        if (due) break;
        if (stopping_) {
          ended_ = true;
          return;
        }
        const absl::Duration wait =
            timers_.empty() ? kLongestWait
                            : std::min(kLongestWait, timers_.begin()->first.first - now);
        wake_.WaitFor(mutex_, wait);
      }
      batch.swap(ready_);
    }
    for (Task& task : batch) {
      task();
      task = nullptr;
    }
    // One timer at a time, and only after the tasks before it: each of them may cancel it.
    Task timer;
    {
      MutexLock lock(mutex_);
      if (!timers_.empty() && timers_.begin()->first.first <= clock_.SteadyNow()) {
        timer = std::move(timers_.begin()->second);
        timer_times_.erase(timers_.begin()->first.second);
        timers_.erase(timers_.begin());
      }
    }
    if (timer) timer();
  }
}

}  // namespace cxscribe
