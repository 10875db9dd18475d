#include "server/rpc/watch_reactor.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"
#include "server/base/id.h"
#include "server/base/mutex.h"
#include "server/rpc/status.h"

namespace cxscribe {
namespace {

constexpr int kMostTargets = 1000;
constexpr absl::Duration kShortestHeartbeat = absl::Seconds(1);
constexpr absl::Duration kStandardHeartbeat = absl::Seconds(30);
constexpr absl::Duration kLongestHeartbeat = absl::Minutes(5);

// The part that the hub knows. It outlives the reactor where the hub still holds it when gRPC is
// done; from then on its stream is null and it does nothing.
class StreamWatcher final : public Watcher, public std::enable_shared_from_this<StreamWatcher> {
 public:
  using Stream = grpc::ServerWriteReactor<v1::WatchResponse>;

  explicit StreamWatcher(Stream* stream) : stream_(stream) {}

  void Attach(std::shared_ptr<WatchHub::Subscription> subscription) {
    bool gone = false;
    {
      MutexLock lock(mutex_);
      gone = stream_ == nullptr;
      if (!gone) subscription_ = subscription;
    }
    if (gone) {
      subscription->Stop();
    } else {
      Pump();
    }
  }

  void OnWatchReady() override { Pump(); }

  void OnWatchHeartbeat(absl::Time now) override {
    {
      MutexLock lock(mutex_);
      heartbeat_due_ = now;
    }
    Pump();
  }

  void OnWatchEnded(const absl::Status& status) override {
    {
      MutexLock lock(mutex_);
      ending_ = true;
      end_status_ = status;
    }
    Pump();
  }

  // From gRPC: a write ended. False: the stream is broken, and will be cancelled.
  void WriteDone(bool ok) {
    {
      MutexLock lock(mutex_);
      writing_ = false;
      if (!ok) {
        ending_ = true;
        end_status_ = absl::CancelledError("the watcher went away");
      }
    }
    Pump();
  }

  // From gRPC: the caller has gone.
  void Cancelled() {
    {
      MutexLock lock(mutex_);
      ending_ = true;
      end_status_ = absl::CancelledError("the watcher went away");
    }
    Pump();
  }

  // From gRPC: nothing more will be done with the stream.
  void Detach() {
    std::shared_ptr<WatchHub::Subscription> subscription;
    {
      MutexLock lock(mutex_);
      stream_ = nullptr;
      subscription = std::exchange(subscription_, nullptr);
    }
    if (subscription != nullptr) subscription->Stop();
  }

 private:
  // Starts the next write, or finishes the stream, when no write is in flight. gRPC is called under
  // the lock: its reactions run on its own threads, never inside StartWrite or Finish, and the lock
  // orders them against Detach.
  void Pump() {
    MutexLock lock(mutex_);
    if (stream_ == nullptr || writing_ || finished_) return;
    if (ending_) {
      finished_ = true;
      stream_->Finish(ToGrpcStatus(end_status_));
      return;
    }
    if (subscription_ == nullptr) return;
    if (const auto job = subscription_->Next(); job != nullptr) {
      *message_.mutable_job() = *job;
    } else if (subscription_->Finished()) {
      finished_ = true;
      stream_->Finish(grpc::Status::OK);
      return;
    } else if (heartbeat_due_.has_value()) {
      SetTime(*heartbeat_due_);
      heartbeat_due_.reset();
    } else {
      return;
    }
    writing_ = true;
    stream_->StartWrite(&message_);
  }

  void SetTime(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const int64_t nanoseconds = absl::ToUnixNanos(now);
    auto* time = message_.mutable_heartbeat()->mutable_time();
    time->set_seconds(nanoseconds / 1'000'000'000);
    time->set_nanos(static_cast<int32_t>(nanoseconds % 1'000'000'000));
  }

  Mutex mutex_;
  Stream* stream_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<WatchHub::Subscription> subscription_ ABSL_GUARDED_BY(mutex_);
  v1::WatchResponse message_
      ABSL_GUARDED_BY(mutex_);  // must stay as it is while a write is in flight
  std::optional<absl::Time> heartbeat_due_ ABSL_GUARDED_BY(mutex_);
  absl::Status end_status_ ABSL_GUARDED_BY(mutex_);
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

class WatchReactor final : public grpc::ServerWriteReactor<v1::WatchResponse> {
 public:
  explicit WatchReactor(Metrics& metrics)
      : metrics_(metrics), watcher_(std::make_shared<StreamWatcher>(this)) {
    metrics_.WatchStreamOpened();
  }

  void Start(WatchHub& hub, const std::string& tenant, const std::vector<WatchTargetSpec>& targets,
             absl::Duration heartbeat_interval) {
    // Held here: gRPC may be done with the reactor before Watch returns.
    const auto watcher = watcher_;
    watcher->Attach(hub.Watch(tenant, targets, heartbeat_interval, watcher));
  }

  void OnWriteDone(bool ok) override { watcher_->WriteDone(ok); }
  void OnCancel() override { watcher_->Cancelled(); }
  void OnDone() override {
    watcher_->Detach();
    metrics_.WatchStreamClosed();
    delete this;
  }

 private:
  Metrics& metrics_;
  const std::shared_ptr<StreamWatcher> watcher_;
};

class RefusedWatch final : public grpc::ServerWriteReactor<v1::WatchResponse> {
 public:
  explicit RefusedWatch(const absl::Status& status) { Finish(ToGrpcStatus(status)); }
  void OnDone() override { delete this; }
};

}  // namespace

absl::Duration HeartbeatInterval(const v1::WatchRequest& request) {
  if (!request.has_heartbeat_interval()) return kStandardHeartbeat;
  const auto asked = absl::Seconds(request.heartbeat_interval().seconds()) +
                     absl::Nanoseconds(request.heartbeat_interval().nanos());
  return std::clamp(asked, kShortestHeartbeat, kLongestHeartbeat);
}

absl::Status CheckWatchRequest(const v1::WatchRequest& request) {
  std::vector<std::pair<std::string, std::string>> violations;
  if (request.targets().empty()) violations.emplace_back("targets", "at least one is needed");
  if (request.targets_size() > kMostTargets) {
    violations.emplace_back("targets", absl::StrCat("at most ", kMostTargets, " are allowed, got ",
                                                    request.targets_size()));
  }
  std::set<std::string_view> seen;
  for (int i = 0; i < std::min(request.targets_size(), kMostTargets); ++i) {
    const auto& target = request.targets(i);
    const std::string field = absl::StrCat("targets[", i, "]");
    if (!IsJobId(target.job_id())) {
      violations.emplace_back(field + ".job_id", "must be a job id, \"job_\" and 26 characters");
    } else if (!seen.insert(target.job_id()).second) {
      violations.emplace_back(field + ".job_id", "is given twice");
    }
    if (target.after_revision() < 0) {
      violations.emplace_back(field + ".after_revision", "must be 0 or more");
    }
  }
  if (request.heartbeat_interval().seconds() < 0 || request.heartbeat_interval().nanos() < 0) {
    violations.emplace_back("heartbeat_interval", "must not be negative");
  }
  if (violations.empty()) return absl::OkStatus();
  ErrorBuilder error(
      absl::StatusCode::kInvalidArgument, "INVALID_REQUEST",
      absl::StrCat("watch: ", violations.size(),
                   violations.size() == 1 ? " field is wrong: " : " fields are wrong: ",
                   violations.front().first, " ", violations.front().second));
  for (auto& [field, description] : violations) error.Field(field, description);
  return error.Build();
}

grpc::ServerWriteReactor<v1::WatchResponse>* StartWatch(const v1::WatchRequest& request,
                                                        const Caller& caller, WatchHub& hub,
                                                        Metrics& metrics) {
  std::vector<WatchTargetSpec> targets;
  targets.reserve(static_cast<size_t>(request.targets_size()));
  for (const auto& target : request.targets()) {
    targets.push_back({target.job_id(), target.after_revision()});
  }
  auto* reactor = new WatchReactor(metrics);
  reactor->Start(hub, caller.tenant, targets, HeartbeatInterval(request));
  return reactor;
}

grpc::ServerWriteReactor<v1::WatchResponse>* RefuseWatch(const absl::Status& status) {
  return new RefusedWatch(status);
}

}  // namespace cxscribe
