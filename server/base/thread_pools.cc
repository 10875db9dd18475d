#include "server/base/thread_pools.h"

#include <utility>
#include <vector>

namespace cxscribe {

bool ThreadPools::TryPost(const std::string& key, Task task) {
  ThreadPool* pool = nullptr;
  {
    MutexLock lock(mutex_);
    if (stopping_) return false;
    const bool known = pools_.count(key) > 0;
    std::unique_ptr<ThreadPool>& place = pools_[known || pools_.size() < kMostPools ? key : ""];
    if (place == nullptr) place = std::make_unique<ThreadPool>(name_, threads_, queue_limit_);
    pool = place.get();
  }
  return pool->TryPost(std::move(task));
}

void ThreadPools::Stop() {
  std::vector<ThreadPool*> pools;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    for (const auto& [key, pool] : pools_) pools.push_back(pool.get());
  }
  for (ThreadPool* pool : pools) pool->Stop();
}

}  // namespace cxscribe
