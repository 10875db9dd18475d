#include "server/pipeline/reloader.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

constexpr size_t kMostWaiting = 64;
constexpr absl::Duration kRetry = absl::Seconds(5);
// Jobs take minutes; whoever asks again sooner than this learns nothing new.
constexpr absl::Duration kBusyRetry = absl::Seconds(30);
constexpr absl::Duration kSweepInterval = absl::Seconds(1);

absl::Status InvalidConfig(const std::vector<ConfigError>& errors) {
  ErrorBuilder error(
      absl::StatusCode::kFailedPrecondition, "CONFIG_INVALID",
      absl::StrCat("the configuration has ", errors.size(),
                   errors.size() == 1 ? " error" : " errors", "; the pipelines stay as they were"));
  for (const ConfigError& problem : errors) {
    ConfigError place = problem;
    place.message.clear();
    // "file:line:column: " without what follows.
    std::string where = place.ToString();
    where.resize(where.size() - 2);
    error.Field(std::move(where), problem.message);
  }
  return error.Build();
}

bool InUse(const std::shared_ptr<const PipelineSet>& set) {
  // Nobody can reach a retired set through `current`, so a count that has come down stays down.
  return set.use_count() > 1 ||
         std::any_of(set->pipelines.begin(), set->pipelines.end(),
                     [](const auto& entry) { return entry.second.use_count() > 1; });
}

}  // namespace

absl::Status CheckRetiredSets(size_t retired) {
  if (retired < kMostRetiredSets) return absl::OkStatus();
  return ErrorBuilder(absl::StatusCode::kResourceExhausted, "RELOAD_BUSY",
                      absl::StrCat("unfinished jobs still use ", retired,
                                   " earlier sets of pipelines, and at most ", kMostRetiredSets,
                                   " are kept; the pipelines stay as they were. Try again when "
                                   "jobs that were submitted before have ended, or cancel them"))
      .RetryAfter(kBusyRetry)
      .Build();
}

std::shared_ptr<const PipelineSet> PipelineReloader::current() const {
  MutexLock lock(mutex_);
  return current_;
}

void PipelineReloader::Reload(Callback done) {
  bool first = false;
  absl::Status refused;
  {
    MutexLock lock(mutex_);
    refused = draining_;
    if (refused.ok() && waiting_.size() >= kMostWaiting) {
      refused =
          ErrorBuilder(absl::StatusCode::kResourceExhausted, "TOO_MANY_RELOADS",
                       "too many callers are waiting for a reload of the pipelines; try again")
              .RetryAfter(kRetry)
              .Build();
    }
    if (refused.ok()) {
      first = waiting_.empty();
      waiting_.push_back(std::move(done));
      done = nullptr;
    }
  }
  if (done != nullptr) {
    done(refused);
    return;
  }
  if (first) loop_.Post([this] { Run(); });
}

void PipelineReloader::Drain(const absl::Status& why) {
  std::vector<Callback> waiting;
  std::vector<Callback> loading_for;
  {
    MutexLock lock(mutex_);
    if (!draining_.ok()) return;
    draining_ = why;
    waiting.swap(waiting_);
    loading_for.swap(loading_for_);
  }
  abandon_->store(true);
  abandon_->notify_all();
  // Not left to the loop: it is busy for as long as the load takes to notice.
  for (Callback& done : loading_for) done(why);
  for (Callback& done : waiting) done(why);
}

bool PipelineReloader::AwaitIdle(absl::Duration at_most) {
  const absl::Time deadline = loop_.SteadyNow() + at_most;
  MutexLock lock(mutex_);
  while (loading_) {
    const absl::Duration left = deadline - loop_.SteadyNow();
    if (left <= absl::ZeroDuration()) return false;
    idle_.WaitFor(mutex_, left);
  }
  return true;
}

void PipelineReloader::Run() {
  {
    MutexLock lock(mutex_);
    if (!draining_.ok()) return;  // all have been answered
    loading_for_.swap(waiting_);
    loading_ = true;
  }
  DestroyUnused();
  const absl::StatusOr<Reloaded> reloaded = LoadAndTake();
  for (Callback& done : EndLoad()) done(reloaded);
  if (!sweeping_) Sweep();
}

absl::StatusOr<Reloaded> PipelineReloader::LoadAndTake() {
  if (absl::Status busy = CheckRetiredSets(retired_.size()); !busy.ok()) return busy;
  std::vector<ConfigError> errors;
  LoadedConfiguration loaded = load_(abandon_, errors);
  {
    MutexLock lock(mutex_);
    if (!draining_.ok()) return draining_;
    if (loaded.pipelines != nullptr) {
      retired_.push_back(std::exchange(current_, loaded.pipelines));
    }
  }
  if (loaded.pipelines == nullptr) return InvalidConfig(errors);
  Reloaded reloaded;
  if (take_rest_) reloaded.restart_required = take_rest_(loaded.settings);
  reloaded.pipelines = std::move(loaded.pipelines);
  return reloaded;
}

std::vector<PipelineReloader::Callback> PipelineReloader::EndLoad() {
  std::vector<Callback> answered;
  MutexLock lock(mutex_);
  answered.swap(loading_for_);
  loading_ = false;
  idle_.NotifyAll();
  return answered;
}

void PipelineReloader::DestroyUnused() {
  retired_.erase(
      std::remove_if(retired_.begin(), retired_.end(), [](const auto& set) { return !InUse(set); }),
      retired_.end());
}

void PipelineReloader::Sweep() {
  DestroyUnused();
  sweeping_ = !retired_.empty();
  if (sweeping_) loop_.PostAfter(kSweepInterval, [this] { Sweep(); });
}

}  // namespace cxscribe
