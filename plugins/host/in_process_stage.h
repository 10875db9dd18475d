// InProcessStage: the StageRunner of a plugin inside this process; see in_process.h for its
// promises.
#pragma once

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>

#include "plugins/host/call.h"
#include "plugins/host/loaded_plugin.h"
#include "plugins/host/plugin_log.h"
#include "plugins/host/stage_runner.h"
#include "server/base/mutex.h"

namespace cxscribe {

class InProcessStage final : public StageRunner {
 public:
  static absl::StatusOr<std::unique_ptr<StageRunner>> Start(const LoadedPlugin& plugin,
                                                            const StageOptions& options);
  ~InProcessStage() override;

  absl::StatusOr<RunOutput> Run(const RunContext& context,
                                const v1::Transcript& transcript) override;
  StageHealth health() const override;

 private:
  enum class SlotState { kStarting, kIdle, kBusy, kAbandoned, kEnded };

  // A thread with an instance. The mutex of Shared guards all of it.
  struct Slot {
    SlotState state = SlotState::kStarting;
    std::shared_ptr<Call> call;  // while kBusy
    absl::Status status;         // why it ended
    CondVar wake;                // there is a call, or no more will come
    std::thread thread;
  };

  // What the slots' threads need; an abandoned thread may outlive the stage, and keeps this.
  struct Shared {
    Shared(const LoadedPlugin& loaded, const StageOptions& stage_options);

    const LoadedPlugin& plugin;  // lives as long as the process
    const StageOptions options;  // its log is not for the slots' threads
    const PluginIdentity identity;

    Mutex mutex;
    CondVar changed;  // of any slot
    bool stopping ABSL_GUARDED_BY(mutex) = false;
    int abandoned ABSL_GUARDED_BY(mutex) = 0;
    std::string last_problem ABSL_GUARDED_BY(mutex);
    std::vector<std::shared_ptr<Slot>> slots ABSL_GUARDED_BY(mutex);
    // The one instance of a reentrant plugin, which all slots enter.
    std::shared_ptr<PluginInstance> common ABSL_GUARDED_BY(mutex);

    Mutex log_mutex;
    PluginLogBuffer log ABSL_GUARDED_BY(log_mutex);
  };

  explicit InProcessStage(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}

  static void SlotMain(const std::shared_ptr<Shared>& shared, const std::shared_ptr<Slot>& slot);
  static absl::StatusOr<std::shared_ptr<PluginInstance>> MakeInstance(
      const std::shared_ptr<Shared>& shared);
  static void AddSlot(const std::shared_ptr<Shared>& shared, std::shared_ptr<Slot>& slot);
  absl::Status AwaitStart(const std::shared_ptr<Slot>& slot, SteadyTime deadline);
  // Hands `call` to an idle slot, waiting for one.
  absl::StatusOr<std::shared_ptr<Slot>> Dispatch(const std::shared_ptr<Call>& call,
                                                 const RunContext& context);
  // Gives up on `call`; false when it has ended meanwhile.
  bool Abandon(const std::shared_ptr<Slot>& slot, const std::shared_ptr<Call>& call);
  bool Failed() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(shared_->mutex);
  absl::Status FailedStatus() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(shared_->mutex);
  void DeliverStageLog();

  const std::shared_ptr<Shared> shared_;
};

}  // namespace cxscribe
