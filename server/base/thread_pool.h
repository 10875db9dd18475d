// ThreadPool: a fixed number of threads behind a bounded queue, for work that may block or compute.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>

#include "server/base/executor.h"
#include "server/base/mutex.h"

namespace cxscribe {

// Thread-safe. The destructor lets the threads finish what is queued, then joins them.
class ThreadPool {
 public:
  ThreadPool(const std::string& name, size_t threads, size_t queue_limit);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // Returns false, and drops nothing but this task, when the queue is full or the pool is stopping.
  [[nodiscard]] bool TryPost(Task task);

  // Refuses new work, finishes what is queued, joins. Idempotent; not from a pool thread.
  void Stop();

 private:
  void Run();

  const size_t queue_limit_;
  Mutex mutex_;
  CondVar wake_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Task> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace cxscribe
