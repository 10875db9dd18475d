#include "server/pipeline/reloader.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

constexpr size_t kMostWaiting = 64;
constexpr absl::Duration kRetry = absl::Seconds(5);
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

std::shared_ptr<const PipelineSet> PipelineReloader::current() const {
  MutexLock lock(mutex_);
  return current_;
}

void PipelineReloader::Reload(Callback done) {
  bool first = false;
  {
    MutexLock lock(mutex_);
    if (waiting_.size() < kMostWaiting) {
      first = waiting_.empty();
      waiting_.push_back(std::move(done));
      done = nullptr;
    }
  }
  if (done != nullptr) {
    done(ErrorBuilder(absl::StatusCode::kResourceExhausted, "TOO_MANY_RELOADS",
                      "too many callers are waiting for a reload of the pipelines; try again")
             .RetryAfter(kRetry)
             .Build());
    return;
  }
  if (first) loop_.Post([this] { Run(); });
}

void PipelineReloader::Run() {
  std::vector<Callback> waiting;
  {
    MutexLock lock(mutex_);
    waiting.swap(waiting_);
  }
  std::vector<ConfigError> errors;
  absl::StatusOr<std::shared_ptr<const PipelineSet>> loaded = load_(errors);
  if (*loaded == nullptr) {
    loaded = InvalidConfig(errors);
  } else {
    MutexLock lock(mutex_);
    retired_.push_back(std::exchange(current_, *loaded));
  }
  for (Callback& done : waiting) done(loaded);
  if (!sweeping_) Sweep();
}

void PipelineReloader::Sweep() {
  retired_.erase(
      std::remove_if(retired_.begin(), retired_.end(), [](const auto& set) { return !InUse(set); }),
      retired_.end());
  sweeping_ = !retired_.empty();
  if (sweeping_) loop_.PostAfter(kSweepInterval, [this] { Sweep(); });
}

}  // namespace cxscribe
