// Executor and TimerExecutor: where code runs. A serial executor runs its tasks one after the
// other, so that what only its tasks touch needs no lock.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/functional/any_invocable.h>
#include <absl/time/time.h>

#include "server/base/clock.h"
#include "server/base/mutex.h"

namespace cxscribe {

using Task = absl::AnyInvocable<void()>;

// Thread-safe. Post never blocks and never runs the task before it returns.
class Executor {
 public:
  virtual ~Executor() = default;
  virtual void Post(Task task) = 0;
};

// A serial executor with timers. Thread-safe; tasks and timers run one at a time, in order of time,
// then of arrival.
class TimerExecutor : public Executor {
 public:
  using TimerId = uint64_t;  // never 0

  // The wall clock's time, and the steady one (see Clock).
  virtual absl::Time Now() const = 0;
  virtual absl::Time SteadyNow() const { return Now(); }
  // Runs `task` after as much time as lies between Now() and `when`; at once (but not inside this
  // call) if there is none. A wall clock that is set meanwhile changes nothing.
  virtual TimerId PostAt(absl::Time when, Task task) = 0;
  // After Cancel returns true the task will not run. False: unknown, running, or already run.
  virtual bool Cancel(TimerId timer) = 0;

  virtual TimerId PostAfter(absl::Duration delay, Task task) {
    return PostAt(Now() + delay, std::move(task));
  }
};

// A TimerExecutor on a thread of its own. The destructor stops it.
class LoopThread final : public TimerExecutor {
 public:
  // `name` (at most 15 bytes) is the thread's name in debuggers. `clock` must outlive this.
  LoopThread(std::string name, const Clock& clock);
  ~LoopThread() override;

  void Post(Task task) override;
  absl::Time Now() const override { return clock_.Now(); }
  absl::Time SteadyNow() const override { return clock_.SteadyNow(); }
  TimerId PostAt(absl::Time when, Task task) override;
  TimerId PostAfter(absl::Duration delay, Task task) override;
  bool Cancel(TimerId timer) override;

  // Runs what is posted or due, also what that adds; drops the timers that are not due, and joins
  // the thread. Later tasks are dropped. Idempotent; not from the loop's own thread.
  void Stop();

 private:
  TimerId Add(absl::Time due, Task task);
  void Run();

  const std::string name_;
  const Clock& clock_;
  Mutex mutex_;
  CondVar wake_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;  // nothing runs any more
  uint64_t next_id_ ABSL_GUARDED_BY(mutex_) = 1;
  std::vector<Task> ready_ ABSL_GUARDED_BY(mutex_);
  // By steady time, then by arrival.
  std::map<std::pair<absl::Time, TimerId>, Task> timers_ ABSL_GUARDED_BY(mutex_);
  std::map<TimerId, absl::Time> timer_times_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

}  // namespace cxscribe
