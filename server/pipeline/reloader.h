// PipelineReloader: the pipelines in force, and their exchange for newly loaded ones.
//
//   PipelineReloader pipelines(std::move(first), load, take_rest, loop);
//   pipelines.current()->Find("default");
//   pipelines.Reload([](const absl::StatusOr<Reloaded>& reloaded) { ... });
//
// A reload is all or nothing: while anything in the configuration is wrong, the old pipelines stay.
// Jobs in flight keep the pipeline that they began with; what nobody uses any more is destroyed on
// the loop's thread, since that waits for plugins too.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/functional/any_invocable.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/config/settings.h"
#include "server/pipeline/pipeline.h"

namespace cxscribe {

// What one load gave: pipelines, and the settings that they were made from.
struct LoadedConfiguration {
  std::shared_ptr<const PipelineSet> pipelines;
  Settings settings;
};

// What a reload has brought into force.
struct Reloaded {
  std::shared_ptr<const PipelineSet> pipelines;
  // The keys ("listen.grpc") whose values differ from those in force, and stay so until a restart.
  std::vector<std::string> restart_required;
};

// Sets of pipelines that were exchanged while jobs still use them: each keeps its plugins' worker
// processes. With this many, no further one is added.
inline constexpr size_t kMostRetiredSets = 8;

// Whether a reload may begin while jobs use `retired` earlier sets: OK, or RESOURCE_EXHAUSTED with
// reason RELOAD_BUSY and RetryInfo. Pure.
absl::Status CheckRetiredSets(size_t retired);

// Thread-safe. Its loop must be stopped before it is destroyed.
class PipelineReloader {
 public:
  using AbandonFlag = std::shared_ptr<const std::atomic<bool>>;
  // Blocks: reads the configuration, loads plugins. Its pipelines are null when `errors` was added
  // to. It should return soon after `abandon` is set, which notifies who waits for it, too; then
  // nobody looks at what it returns.
  using Load = std::function<LoadedConfiguration(const AbandonFlag& abandon,
                                                 std::vector<ConfigError>& errors)>;
  // Brings into force what else a reload exchanges, and returns Reloaded::restart_required. Called
  // on the loop, next to the exchange of the pipelines; cannot fail.
  using TakeRest = std::function<std::vector<std::string>(const Settings& settings)>;
  using Callback = absl::AnyInvocable<void(const absl::StatusOr<Reloaded>&)>;

  // `loop` runs `load` and must outlive this. `take_rest` may be null.
  PipelineReloader(std::shared_ptr<const PipelineSet> first, Load load, TakeRest take_rest,
                   TimerExecutor& loop)
      : load_(std::move(load)),
        take_rest_(std::move(take_rest)),
        loop_(loop),
        current_(std::move(first)) {}

  // Never null.
  std::shared_ptr<const PipelineSet> current() const;

  // Loads anew, and calls `done` on the loop with what is in force from then on. Those who ask
  // while a load is under way are answered together by the one after it, which sees what they have
  // changed. FAILED_PRECONDITION (reason CONFIG_INVALID): every error as a field violation with its
  // place; RESOURCE_EXHAUSTED: jobs still use too many earlier sets (RELOAD_BUSY), or too many
  // callers wait already (TOO_MANY_RELOADS; called before Reload returns).
  void Reload(Callback done);

  // Asks a load under way to end and drops what it brings. Who waits, and who asks later, is
  // answered with `why`, before Drain or Reload returns. Idempotent.
  void Drain(const absl::Status& why);
  // Waits until no load is under way; false: `at_most` has passed.
  bool AwaitIdle(absl::Duration at_most);

 private:
  void Run();
  absl::StatusOr<Reloaded> LoadAndTake();
  // Returns those who still wait for the load that was under way.
  std::vector<Callback> EndLoad();
  void DestroyUnused();
  // Destroys retired sets that are out of use; looks again while there are others.
  void Sweep();

  const Load load_;
  const TakeRest take_rest_;
  TimerExecutor& loop_;
  const std::shared_ptr<std::atomic<bool>> abandon_ = std::make_shared<std::atomic<bool>>(false);

  mutable Mutex mutex_;
  CondVar idle_;
  std::shared_ptr<const PipelineSet> current_ ABSL_GUARDED_BY(mutex_);
  // For the next load, and for the one under way.
  std::vector<Callback> waiting_ ABSL_GUARDED_BY(mutex_);
  std::vector<Callback> loading_for_ ABSL_GUARDED_BY(mutex_);
  bool loading_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status draining_ ABSL_GUARDED_BY(mutex_);  // not OK: this drains

  // Of the loop's thread.
  std::vector<std::shared_ptr<const PipelineSet>> retired_;
  bool sweeping_ = false;
};

}  // namespace cxscribe
