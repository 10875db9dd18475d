#include "server/watch/hub.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

std::vector<std::pair<std::string, int64_t>> Cursors(const std::vector<WatchTargetSpec>& targets) {
  std::vector<std::pair<std::string, int64_t>> cursors;
  cursors.reserve(targets.size());
  for (const auto& target : targets) cursors.emplace_back(target.job_id, target.after_revision);
  return cursors;
}

std::vector<std::string> JobIds(const std::vector<WatchTargetSpec>& targets) {
  std::vector<std::string> ids;
  ids.reserve(targets.size());
  for (const auto& target : targets) ids.push_back(target.job_id);
  return ids;
}

absl::Status UnknownJob(const std::string& job_id) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "JOB_NOT_FOUND",
                      absl::StrCat("watch: there is no job ", job_id))
      .Resource("job", job_id)
      .Build();
}

}  // namespace

WatchHub::Subscription::Subscription(WatchHub& hub, std::string tenant,
                                     const std::vector<WatchTargetSpec>& targets,
                                     absl::Duration heartbeat_interval,
                                     std::shared_ptr<Watcher> watcher)
    : hub_(hub),
      tenant_(std::move(tenant)),
      targets_(targets),
      job_ids_(JobIds(targets)),
      heartbeat_interval_(heartbeat_interval),
      session_(Cursors(targets)),
      watcher_(std::move(watcher)),
      last_sent_(hub.timers_.Now()) {}

void WatchHub::Subscription::Begin() {
  ArmHeartbeat();
  for (const std::string& job_id : job_ids_) {
    hub_.store_.Get(job_id, [self = shared_from_this(),
                             job_id](absl::StatusOr<internal::v1::JobRecord> record) {
      if (absl::IsNotFound(record.status()) || (record.ok() && record->tenant() != self->tenant_)) {
        self->End(UnknownJob(job_id));
        return;
      }
      if (!record.ok()) {
        self->End(record.status());
        return;
      }
      auto job = std::make_shared<v1::Job>(std::move(*record->mutable_job()));
      std::shared_ptr<Watcher> watcher;
      absl::Status status;
      {
        MutexLock lock(self->mutex_);
        status = self->session_.Begin(job);
        watcher = self->watcher_;
      }
      if (!status.ok()) {
        self->End(status);
      } else if (watcher != nullptr) {
        watcher->OnWatchReady();
      }
    });
  }
}

void WatchHub::Subscription::Offer(const WatchSession::JobPtr& job) {
  std::shared_ptr<Watcher> watcher;
  {
    MutexLock lock(mutex_);
    if (!session_.Offer(job)) return;
    watcher = watcher_;
  }
  if (watcher != nullptr) watcher->OnWatchReady();
}

WatchSession::JobPtr WatchHub::Subscription::Next() {
  const absl::Time now = hub_.timers_.Now();
  MutexLock lock(mutex_);
  auto job = session_.Next();
  if (job != nullptr) last_sent_ = now;
  return job;
}

bool WatchHub::Subscription::Finished() const {
  MutexLock lock(mutex_);
  return session_.Finished() && !session_.HasNext();
}

void WatchHub::Subscription::Stop() { End(absl::OkStatus()); }

void WatchHub::Subscription::End(const absl::Status& status) {
  std::shared_ptr<Watcher> watcher;
  TimerExecutor::TimerId heartbeat = 0;
  {
    MutexLock lock(mutex_);
    watcher = std::exchange(watcher_, nullptr);
    heartbeat = std::exchange(heartbeat_, 0);
  }
  if (watcher == nullptr) return;  // ended before
  if (heartbeat != 0) hub_.timers_.Cancel(heartbeat);
  const auto self = shared_from_this();  // the hub's reference may be the last
  hub_.Remove(this, job_ids_);
  if (!status.ok()) watcher->OnWatchEnded(status);
}

void WatchHub::Subscription::ArmHeartbeat() {
  MutexLock lock(mutex_);
  if (watcher_ == nullptr) return;
  heartbeat_ = hub_.timers_.PostAt(last_sent_ + heartbeat_interval_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    const absl::Time now = self->hub_.timers_.Now();
    std::shared_ptr<Watcher> watcher;
    {
      MutexLock inner(self->mutex_);
      if (now - self->last_sent_ >= self->heartbeat_interval_) {
        watcher = self->watcher_;
        self->last_sent_ = now;
      }
    }
    if (watcher != nullptr) watcher->OnWatchHeartbeat(now);
    self->ArmHeartbeat();
  });
}

std::shared_ptr<WatchHub::Subscription> WatchHub::Watch(const std::string& tenant,
                                                        const std::vector<WatchTargetSpec>& targets,
                                                        absl::Duration heartbeat_interval,
                                                        std::shared_ptr<Watcher> watcher) {
  std::shared_ptr<Subscription> subscription(
      new Subscription(*this, tenant, targets, heartbeat_interval, std::move(watcher)));
  absl::Status draining;
  {
    // Registered before the store is read: a change in between is offered, and wins over the older
    // read.
    MutexLock lock(mutex_);
    draining = draining_;
    all_.emplace(subscription.get(), subscription);
    for (const auto& target : targets) by_job_[target.job_id].push_back(subscription);
  }
  if (draining.ok()) {
    subscription->Begin();
  } else {
    subscription->End(draining);
  }
  return subscription;
}

void WatchHub::OnJobChanged(const v1::Job& job) {
  std::vector<std::shared_ptr<Subscription>> watching;
  {
    MutexLock lock(mutex_);
    const auto found = by_job_.find(job.job_id());
    if (found == by_job_.end()) return;
    watching = found->second;
  }
  const auto shared = std::make_shared<const v1::Job>(job);
  for (const auto& subscription : watching) subscription->Offer(shared);
}

void WatchHub::Drain(absl::Duration retry_after) {
  const absl::Status status =
      ErrorBuilder(absl::StatusCode::kUnavailable, "DRAINING",
                   "the server is shutting down; watch again, from the last revision seen")
          .RetryAfter(retry_after)
          .Build();
  std::vector<std::shared_ptr<Subscription>> ending;
  {
    MutexLock lock(mutex_);
    draining_ = status;
    ending.reserve(all_.size());
    for (const auto& entry : all_) ending.push_back(entry.second);
  }
  for (const auto& subscription : ending) subscription->End(status);
}

size_t WatchHub::watches() const {
  MutexLock lock(mutex_);
  return all_.size();
}

void WatchHub::Remove(Subscription* subscription, const std::vector<std::string>& job_ids) {
  MutexLock lock(mutex_);
  for (const std::string& job_id : job_ids) {
    const auto found = by_job_.find(job_id);
    if (found == by_job_.end()) continue;
    auto& list = found->second;
    list.erase(std::remove_if(list.begin(), list.end(),
                              [&](const auto& entry) { return entry.get() == subscription; }),
               list.end());
    if (list.empty()) by_job_.erase(found);
  }
  all_.erase(subscription);
}

}  // namespace cxscribe
