// PipelineReloader: the pipelines in force, and their exchange for newly loaded ones.
//
//   PipelineReloader pipelines(std::move(first), load, loop);
//   pipelines.current()->Find("default");
//   pipelines.Reload([](absl::StatusOr<std::shared_ptr<const PipelineSet>> loaded) { ... });
//
// A reload is all or nothing: while anything in the configuration is wrong, the old pipelines stay.
// Jobs in flight keep the pipeline that they began with; what nobody uses any more is destroyed on
// the loop's thread, since that waits for plugins too.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/functional/any_invocable.h>
#include <absl/status/statusor.h>

#include "server/base/executor.h"
#include "server/base/mutex.h"
#include "server/pipeline/pipeline.h"

namespace cxscribe {

// Thread-safe. Its loop must be stopped before it is destroyed.
class PipelineReloader {
 public:
  // Blocks: reads the configuration, loads plugins. Null when `errors` was added to.
  using Load = std::function<std::shared_ptr<const PipelineSet>(std::vector<ConfigError>& errors)>;
  using Callback =
      absl::AnyInvocable<void(const absl::StatusOr<std::shared_ptr<const PipelineSet>>&)>;

  // `loop` runs `load` and must outlive this.
  PipelineReloader(std::shared_ptr<const PipelineSet> first, Load load, TimerExecutor& loop)
      : load_(std::move(load)), loop_(loop), current_(std::move(first)) {}

  // Never null.
  std::shared_ptr<const PipelineSet> current() const;

  // Loads anew, and calls `done` on the loop with what is in force from then on. Those who ask
  // while a load is under way are answered together by the one after it, which sees what they have
  // changed. FAILED_PRECONDITION (reason CONFIG_INVALID): every error as a field violation with its
  // place; RESOURCE_EXHAUSTED: too many wait already (called before Reload returns).
  void Reload(Callback done);

 private:
  void Run();
  // Destroys retired sets that are out of use; looks again while there are others.
  void Sweep();

  const Load load_;
  TimerExecutor& loop_;

  mutable Mutex mutex_;
  std::shared_ptr<const PipelineSet> current_ ABSL_GUARDED_BY(mutex_);
  std::vector<Callback> waiting_ ABSL_GUARDED_BY(mutex_);

  // Of the loop's thread.
  std::vector<std::shared_ptr<const PipelineSet>> retired_;
  bool sweeping_ = false;
};

}  // namespace cxscribe
