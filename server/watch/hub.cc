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

// Jobs that a watch reads from the store at once.
constexpr size_t kJobsPerRead = 32;
// How often a watch waits for a store that is too busy, each time longer by this.
constexpr int kBusyReads = 8;
constexpr absl::Duration kBusyBackoff = absl::Milliseconds(250);
// When those who were refused should come back.
constexpr absl::Duration kRefusedRetry = absl::Seconds(5);

absl::Status TooManyWatchesError() {
  return ErrorBuilder(absl::StatusCode::kResourceExhausted, "TOO_MANY_WATCHES",
                      "as much is being watched already as the server allows; try again, or watch "
                      "fewer jobs")
      .RetryAfter(kRefusedRetry)
      .Build();
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
      last_sent_(hub.timers_.SteadyNow()) {}

void WatchHub::Subscription::ReadMore() {
  std::vector<std::string> ids;
  size_t first = 0;
  {
    MutexLock lock(mutex_);
    if (watcher_ == nullptr || reading_ || session_.HasNext() || next_read_ == job_ids_.size()) {
      return;
    }
    reading_ = true;
    first = next_read_;
    const size_t end = std::min(job_ids_.size(), first + kJobsPerRead);
    ids.assign(job_ids_.begin() + static_cast<std::ptrdiff_t>(first),
               job_ids_.begin() + static_cast<std::ptrdiff_t>(end));
  }
  const size_t count = ids.size();
  hub_.store_.GetMany(std::move(ids),
                      [self = shared_from_this(), first,
                       count](const absl::StatusOr<std::vector<internal::v1::JobRecord>>& records) {
                        self->TakeRead(first, count, records);
                      });
}

void WatchHub::Subscription::TakeRead(
    size_t first, size_t count,
    const absl::StatusOr<std::vector<internal::v1::JobRecord>>& records) {
  if (!records.ok()) {
    {
      MutexLock lock(mutex_);
      reading_ = false;
      if (ReasonOf(records.status()) == "STORE_BUSY" && ++busy_reads_ <= kBusyReads) {
        // Everybody has come back at once: this watch can wait its turn.
        hub_.timers_.PostAfter(kBusyBackoff * busy_reads_, [weak = weak_from_this()] {
          if (const auto self = weak.lock()) self->ReadMore();
        });
        return;
      }
    }
    End(records.status());
    return;
  }
  std::shared_ptr<Watcher> watcher;
  absl::Status status;
  {
    MutexLock lock(mutex_);
    reading_ = false;
    busy_reads_ = 0;
    next_read_ = first + count;
    watcher = watcher_;
    size_t found = 0;
    for (size_t i = first; i < first + count && status.ok(); ++i) {
      const bool there = found < records->size() && (*records)[found].job().job_id() == job_ids_[i];
      if (!there || (*records)[found].tenant() != tenant_) {
        status = UnknownJob(job_ids_[i]);
        break;
      }
      status = session_.Begin(std::make_shared<v1::Job>((*records)[found++].job()));
    }
  }
  if (!status.ok()) {
    End(status);
  } else if (watcher != nullptr) {
    watcher->OnWatchReady();
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
  const absl::Time now = hub_.timers_.SteadyNow();
  WatchSession::JobPtr job;
  {
    MutexLock lock(mutex_);
    job = session_.Next();
    if (job != nullptr) last_sent_ = now;
  }
  ReadMore();  // if that was the last
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
  const absl::Duration left = last_sent_ + heartbeat_interval_ - hub_.timers_.SteadyNow();
  heartbeat_ = hub_.timers_.PostAfter(left, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    const absl::Time now = self->hub_.timers_.SteadyNow();
    std::shared_ptr<Watcher> watcher;
    {
      MutexLock inner(self->mutex_);
      if (now - self->last_sent_ >= self->heartbeat_interval_) {
        watcher = self->watcher_;
        self->last_sent_ = now;
      }
    }
    if (watcher != nullptr) watcher->OnWatchHeartbeat(self->hub_.timers_.Now());
    self->ArmHeartbeat();
  });
}

std::shared_ptr<WatchHub::Subscription> WatchHub::Watch(const std::string& tenant,
                                                        const std::vector<WatchTargetSpec>& targets,
                                                        absl::Duration heartbeat_interval,
                                                        std::shared_ptr<Watcher> watcher) {
  std::shared_ptr<Subscription> subscription(
      new Subscription(*this, tenant, targets, heartbeat_interval, std::move(watcher)));
  absl::Status refused;
  {
    // Registered before the store is read: a change in between is offered, and wins over the older
    // read.
    MutexLock lock(mutex_);
    refused = draining_;
    if (refused.ok() && (all_.size() >= limits_.watches ||
                         (targets_ > 0 && targets_ + targets.size() > limits_.targets))) {
      refused = TooManyWatchesError();
    }
    targets_ += targets.size();
    all_.emplace(subscription.get(), subscription);
    for (const auto& target : targets) by_job_[target.job_id].push_back(subscription);
  }
  if (refused.ok()) {
    subscription->ArmHeartbeat();
    subscription->ReadMore();
  } else {
    subscription->End(refused);
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
  if (all_.erase(subscription) > 0) targets_ -= job_ids.size();
}

}  // namespace cxscribe
