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
}

void LoopThread::Post(Task task) {
  {
    MutexLock lock(mutex_);
    ready_.push_back(std::move(task));
  }
  wake_.NotifyOne();
}

TimerExecutor::TimerId LoopThread::PostAt(absl::Time when, Task task) {
  TimerId id = 0;
  {
    MutexLock lock(mutex_);
    id = next_id_++;
    timer_times_.emplace(id, when);
    timers_.emplace(std::make_pair(when, id), std::move(task));
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
  // Bounds one wait, so that a step of the wall clock is noticed.
  constexpr absl::Duration kLongestWait = absl::Seconds(1);
  for (;;) {
    std::vector<Task> batch;
    {
      MutexLock lock(mutex_);
      for (;;) {
        batch.swap(ready_);
        const absl::Time now = clock_.Now();
        while (!timers_.empty() && timers_.begin()->first.first <= now) {
          timer_times_.erase(timers_.begin()->first.second);
          batch.push_back(std::move(timers_.begin()->second));
          timers_.erase(timers_.begin());
          // One timer at a time: a task may cancel the next one.
          break;
        }
        if (!batch.empty()) break;
        if (stopping_) return;
        const absl::Duration wait =
            timers_.empty() ? kLongestWait
                            : std::min(kLongestWait, timers_.begin()->first.first - now);
        wake_.WaitFor(mutex_, wait);
      }
    }
    for (Task& task : batch) {
      task();
      task = nullptr;
    }
  }
}

}  // namespace cxscribe
