// ThreadPools: a ThreadPool for each key, so that whoever keeps the threads of one key busy takes
// none from the others.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <absl/base/thread_annotations.h>

#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/base/thread_pool.h"

namespace cxscribe {

// Thread-safe. The destructor lets the threads finish what is queued, then joins them.
class ThreadPools {
 public:
  // Each pool has so many threads and so long a queue; it is made when its key first comes.
  ThreadPools(std::string name, size_t threads, size_t queue_limit)
      : name_(std::move(name)), threads_(threads), queue_limit_(queue_limit) {}

  // See ThreadPool::TryPost. Keys beyond kMostPools share one pool.
  [[nodiscard]] bool TryPost(const std::string& key, Task task);

  // See ThreadPool::Stop.
  void Stop();

  static constexpr size_t kMostPools = 64;

 private:
  const std::string name_;
  const size_t threads_;
  const size_t queue_limit_;
  Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  // Only added to.
  std::map<std::string, std::unique_ptr<ThreadPool>> pools_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cxscribe
