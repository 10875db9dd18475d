// WorkerStage: the StageRunner of a plugin in worker processes; see isolated.h for its promises.
//
// Runs wait for an idle worker and then talk to it on their own threads. One thread, the keeper,
// watches over workers that nobody has called, and starts workers anew when they are gone and the
// RestartPolicy says so.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>

#include "plugins/host/descriptor.h"
#include "plugins/host/isolated.h"
#include "plugins/host/plugin_file.h"
#include "plugins/host/restart_policy.h"
#include "plugins/host/run_clock.h"
#include "plugins/host/stage_runner.h"
#include "plugins/host/worker_client.h"
#include "server/base/mutex.h"
#include "server/base/random.h"

namespace cxscribe {

class WorkerStage final : public StageRunner {
 public:
  static absl::StatusOr<std::unique_ptr<StageRunner>> Start(std::shared_ptr<const PluginFile> file,
                                                            const PluginInfo& info,
                                                            const WorkerClient::Options& worker,
                                                            const RestartPolicy::Options& restart,
                                                            const StageOptions& options);
  ~WorkerStage() override;

  absl::StatusOr<RunOutput> Run(const RunContext& context,
                                const v1::Transcript& transcript) override;
  StageHealth health() const override;

 private:
  enum class SlotState { kIdle, kBusy, kDead, kStarting };

  // A place for a worker. The mutex guards the state; the client belongs to whoever made it kBusy
  // or kStarting.
  struct Slot {
    SlotState state = SlotState::kDead;
    // The keeper has seen that the process is gone, which is for whoever has called it to find out.
    bool ended = false;
    // The run that has this slot's next worker for itself; 0: anybody.
    uint64_t reserved_for = 0;
    std::unique_ptr<WorkerClient> client;
  };

  WorkerStage(std::shared_ptr<const PluginFile> file, const PluginInfo& info,
              const WorkerClient::Options& worker, const RestartPolicy::Options& restart,
              const StageOptions& options);

  absl::StatusOr<std::unique_ptr<WorkerClient>> StartWorker(const WorkerClient::Options& worker,
                                                            SteadyTime deadline) const;
  // The keeper's thread: starts a worker in the place of each that is gone.
  void Keep();
  // Waits until there is something to do: a worker may be started, or one has ended that nobody had
  // called.
  void Watch();
  void Bury(Slot& slot);
  void Wake() const;
  Slot* DeadSlot() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // To the stage's log.
  void Tell(const std::string& problem) const;

  // Waits for a worker: `reserved` if it is not null, else any.
  absl::StatusOr<Slot*> Acquire(uint64_t job, Slot* reserved, const RunContext& context,
                                SteadyTime deadline);
  // Gives a worker back whose call ended well. `counts`: the call shows that the plugin works.
  void Release(Slot& slot, bool counts);
  // Lets go of a worker that is lost, for a job that may try again in its successor.
  void Replace(Slot& slot, uint64_t job, bool strike, bool again, const std::string& problem);
  absl::Status FailedStatus(SteadyTime now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CrashStatus(int attempts, const WorkerEnd& end, const std::string& loss,
                           absl::Duration elapsed, std::string_view more) const;

  const std::shared_ptr<const PluginFile> file_;
  const PluginInfo info_;
  const std::shared_ptr<std::atomic<bool>> abandon_ = std::make_shared<std::atomic<bool>>(false);
  const WorkerClient::Options worker_;
  const StageOptions options_;
  const PluginIdentity identity_;
  SystemRandom random_;

  mutable Mutex mutex_;
  CondVar changed_;  // any slot, or the policy
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t next_job_ ABSL_GUARDED_BY(mutex_) = 1;
  RestartPolicy policy_ ABSL_GUARDED_BY(mutex_);
  std::string last_problem_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Slot>> slots_ ABSL_GUARDED_BY(mutex_);
  Descriptor wake_;  // an eventfd that the keeper polls
  std::thread keeper_;
};

}  // namespace cxscribe
