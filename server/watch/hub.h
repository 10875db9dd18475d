// WatchHub: carries changes of jobs from the engine to all who watch them.
//
// Thread-safe. Knows nothing of gRPC: a Watcher is told when there is something to send and asks
// for it when it can write. No lock is held while a watcher is called.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/time/time.h>

#include "cxscribe/v1/job.pb.h"
#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/job/job_store.h"
#include "server/job/listener.h"
#include "server/watch/session.h"

namespace cxscribe {

struct WatchTargetSpec {
  std::string job_id;
  int64_t after_revision = 0;
};

// How much is watched at once; more is refused with RESOURCE_EXHAUSTED (TOO_MANY_WATCHES).
struct WatchLimits {
  size_t watches = 10'000;
  size_t targets = 200'000;  // of all watches together
};

// One stream's side. Called from the engine's, the store's and the timers' threads, also at the
// same time; must not block. OnWatchEnded comes at most once.
class Watcher {
 public:
  virtual ~Watcher() = default;
  // Something waits: call Subscription::Next() until it returns null. May come while a write is in
  // flight.
  virtual void OnWatchReady() = 0;
  // Nothing was sent for the heartbeat interval.
  virtual void OnWatchHeartbeat(absl::Time now) = 0;
  // The watch is over without all jobs having ended: NOT_FOUND, OUT_OF_RANGE, UNAVAILABLE
  // (draining), RESOURCE_EXHAUSTED (with RetryInfo).
  virtual void OnWatchEnded(const absl::Status& status) = 0;
};

class WatchHub final : public JobListener {
 public:
  class Subscription;

  // `store` and `timers` must outlive the hub and all subscriptions.
  WatchHub(JobStore& store, TimerExecutor& timers, WatchLimits limits = {})
      : store_(store), timers_(timers), limits_(limits) {}

  // Starts a watch. The subscription keeps the watcher alive until the watch ends or Stop() is
  // called.
  std::shared_ptr<Subscription> Watch(const std::string& tenant,
                                      const std::vector<WatchTargetSpec>& targets,
                                      absl::Duration heartbeat_interval,
                                      std::shared_ptr<Watcher> watcher);

  void OnJobChanged(const v1::Job& job) override;

  // Ends every watch, and each one that comes later, with UNAVAILABLE, reason DRAINING and
  // RetryInfo.
  void Drain(absl::Duration retry_after);

  size_t watches() const;

 private:
  void Remove(Subscription* subscription, const std::vector<std::string>& job_ids);

  JobStore& store_;
  TimerExecutor& timers_;
  const WatchLimits limits_;
  mutable Mutex mutex_;
  size_t targets_ ABSL_GUARDED_BY(mutex_) = 0;  // of the watches in all_
  absl::flat_hash_map<std::string, std::vector<std::shared_ptr<Subscription>>> by_job_
      ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Subscription*, std::shared_ptr<Subscription>> all_ ABSL_GUARDED_BY(mutex_);
  absl::Status draining_ ABSL_GUARDED_BY(mutex_);
};

// One watch. Thread-safe.
class WatchHub::Subscription : public std::enable_shared_from_this<WatchHub::Subscription> {
 public:
  // What to send next; null when nothing waits. After the last end state was taken, Finished() is
  // true.
  WatchSession::JobPtr Next();
  bool Finished() const;
  // Ends the watch from the stream's side: the watcher is let go and not called again, except by a
  // call that is already on its way. Idempotent.
  void Stop();

 private:
  friend class WatchHub;

  Subscription(WatchHub& hub, std::string tenant, const std::vector<WatchTargetSpec>& targets,
               absl::Duration heartbeat_interval, std::shared_ptr<Watcher> watcher);

  // Reads the next of its jobs from the store. A few at a time, and only when those before have
  // been taken: a watch of many large jobs neither floods the store's queue nor fills the memory.
  void ReadMore();
  void TakeRead(size_t first, size_t count,
                const absl::StatusOr<std::vector<internal::v1::JobRecord>>& records);
  void Offer(const WatchSession::JobPtr& job);
  void End(const absl::Status& status);
  void ArmHeartbeat();

  WatchHub& hub_;
  const std::string tenant_;
  const std::vector<WatchTargetSpec> targets_;
  const std::vector<std::string> job_ids_;
  const absl::Duration heartbeat_interval_;
  mutable Mutex mutex_;
  WatchSession session_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<Watcher> watcher_ ABSL_GUARDED_BY(mutex_);
  size_t next_read_ ABSL_GUARDED_BY(mutex_) = 0;  // the first of job_ids_ that was not read yet
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  int busy_reads_ ABSL_GUARDED_BY(mutex_) = 0;    // in a row that the store was too busy for
  absl::Time last_sent_ ABSL_GUARDED_BY(mutex_);  // steady
  TimerExecutor::TimerId heartbeat_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace cxscribe
