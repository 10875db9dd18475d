// Cancellation: asks work that is under way to stop. Shared by who asks and who works.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>

#include "server/base/mutex.h"

namespace cxscribe {

// Thread-safe. Once cancelled, it stays cancelled.
class Cancellation {
 public:
  using ListenerId = uint64_t;
  using Listener = std::function<void()>;

  bool cancelled() const { return cancelled_.load(std::memory_order_acquire); }

  // Runs the listeners on this thread, without a lock held. Idempotent.
  void Cancel();

  // `listener` runs once, when Cancel is called, or before this returns if that has happened. It
  // must own what it touches: it may still run while, and shortly after, RemoveListener is called
  // elsewhere.
  ListenerId AddListener(Listener listener);
  void RemoveListener(ListenerId id);

 private:
  std::atomic<bool> cancelled_{false};
  Mutex mutex_;
  ListenerId next_id_ ABSL_GUARDED_BY(mutex_) = 1;
  std::map<ListenerId, Listener> listeners_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace cxscribe
