#include "plugins/host/in_process_stage.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/host/data_file.h"
#include "plugins/host/in_process.h"
#include "plugins/host/run_clock.h"

namespace cxscribe {

InProcessStage::Shared::Shared(const LoadedPlugin& loaded, const StageOptions& stage_options)
    : plugin(loaded),
      options(stage_options),
      identity{stage_options.stage, loaded.info().name, loaded.info().version} {}

absl::StatusOr<std::unique_ptr<StageRunner>> InProcessStage::Start(const LoadedPlugin& plugin,
                                                                   const StageOptions& options) {
  const SteadyTime deadline = After(SteadyNow(), options.start_timeout);
  std::unique_ptr<InProcessStage> stage(
      new InProcessStage(std::make_shared<Shared>(plugin, options)));
  // One after the other: instances share what the first has read, and peak memory stays low.
  for (int i = 0; i < std::max(options.instances, 1); ++i) {
    std::shared_ptr<Slot> slot;
    AddSlot(stage->shared_, slot);
    if (absl::Status status = stage->AwaitStart(slot, deadline); !status.ok()) return status;
  }
  return std::unique_ptr<StageRunner>(std::move(stage));
}

void InProcessStage::AddSlot(const std::shared_ptr<Shared>& shared, std::shared_ptr<Slot>& slot) {
  slot = std::make_shared<Slot>();
  MutexLock lock(shared->mutex);
  shared->slots.push_back(slot);
  // Under the lock, so that nobody joins or detaches the thread before it is here.
  slot->thread = std::thread([shared, slot] { SlotMain(shared, slot); });
}

absl::Status InProcessStage::AwaitStart(const std::shared_ptr<Slot>& slot, SteadyTime deadline) {
  absl::Status status;
  {
    MutexLock lock(shared_->mutex);
    while (slot->state == SlotState::kStarting && SteadyNow() < deadline) {
      shared_->changed.WaitFor(shared_->mutex, Until(deadline));
    }
    status = slot->status;
    if (slot->state == SlotState::kStarting) {
      slot->state = SlotState::kAbandoned;
      slot->thread.detach();
      status =
          PluginStatus(shared_->identity, absl::StatusCode::kDeadlineExceeded, "PLUGIN_TIMEOUT",
                       absl::StrCat("create did not return within the start timeout of ",
                                    absl::FormatDuration(shared_->options.start_timeout)));
    }
  }
  DeliverStageLog();
  return status;
}

InProcessStage::~InProcessStage() {
  std::vector<std::thread> threads;
  {
    MutexLock lock(shared_->mutex);
    shared_->stopping = true;
    shared_->common.reset();
    for (const std::shared_ptr<Slot>& slot : shared_->slots) {
      slot->wake.NotifyAll();
      if (slot->state == SlotState::kAbandoned) continue;
      if (slot->state == SlotState::kStarting) {
        // A replacement that is still in create: nothing bounds how long that takes.
        slot->state = SlotState::kAbandoned;
        slot->thread.detach();
        continue;
      }
      threads.push_back(std::move(slot->thread));
    }
  }
  for (std::thread& thread : threads) thread.join();
  DeliverStageLog();
}

absl::StatusOr<std::shared_ptr<PluginInstance>> InProcessStage::MakeInstance(
    const std::shared_ptr<Shared>& shared) {
  const bool reentrant = shared->plugin.info().reentrant;
  if (reentrant) {
    MutexLock lock(shared->mutex);
    if (shared->common != nullptr) return shared->common;
  }
  PluginInstance::Options options;
  options.plugin = &shared->plugin;
  options.identity = shared->identity;
  options.config_json = shared->options.config_json;
  options.open_data = [shared](const std::string& name) {
    return ReadDataFile(shared->options.data_directory, name);
  };
  options.log = [shared](cx_log_level level, const cx_string& message) {
    MutexLock lock(shared->log_mutex);
    shared->log.Add(level, message);
  };
  absl::StatusOr<std::shared_ptr<PluginInstance>> instance =
      PluginInstance::Create(std::move(options));
  if (reentrant && instance.ok()) {
    MutexLock lock(shared->mutex);
    if (!shared->stopping) shared->common = *instance;
  }
  return instance;
}

void InProcessStage::SlotMain(const std::shared_ptr<Shared>& shared,
                              const std::shared_ptr<Slot>& slot) {
  absl::StatusOr<std::shared_ptr<PluginInstance>> instance = MakeInstance(shared);
  {
    MutexLock lock(shared->mutex);
    if (slot->state == SlotState::kAbandoned) return;
    slot->state = instance.ok() ? SlotState::kIdle : SlotState::kEnded;
    slot->status = instance.status();
    if (!instance.ok()) shared->last_problem = std::string(instance.status().message());
    shared->changed.NotifyAll();
  }
  while (instance.ok()) {
    std::shared_ptr<Call> call;
    {
      MutexLock lock(shared->mutex);
      while (slot->call == nullptr && !shared->stopping) slot->wake.Wait(shared->mutex);
      if (slot->call == nullptr) return;
      call = slot->call;
    }
    call->Execute(**instance);
    {
      MutexLock lock(shared->mutex);
      slot->call.reset();
      if (slot->state == SlotState::kAbandoned) return;
      slot->state = SlotState::kIdle;
      shared->changed.NotifyAll();
    }
    // Only now: who sees the call done may count on the slot being free.
    call->MarkDone();
  }
}

bool InProcessStage::Failed() const {
  return shared_->abandoned >= kMaxAbandoned ||
         std::all_of(
             shared_->slots.begin(), shared_->slots.end(), [](const std::shared_ptr<Slot>& slot) {
               return slot->state == SlotState::kAbandoned || slot->state == SlotState::kEnded;
             });
}

absl::Status InProcessStage::FailedStatus() const {
  return PluginStatus(shared_->identity, absl::StatusCode::kFailedPrecondition, "STAGE_FAILED",
                      absl::StrCat("the stage has failed and stays so until the server restarts: ",
                                   shared_->last_problem));
}

absl::StatusOr<std::shared_ptr<InProcessStage::Slot>> InProcessStage::Dispatch(
    const std::shared_ptr<Call>& call, const RunContext& context) {
  MutexLock lock(shared_->mutex);
  while (true) {
    if (Failed()) return FailedStatus();
    if (IsCancelled(context)) return CancelledStatus(shared_->identity);
    if (SteadyNow() >= call->deadline()) {
      return TimeoutStatus(shared_->identity, context, "no instance became free");
    }
    for (const std::shared_ptr<Slot>& slot : shared_->slots) {
      if (slot->state != SlotState::kIdle) continue;
      slot->state = SlotState::kBusy;
      slot->call = call;
      slot->wake.NotifyOne();
      return slot;
    }
    shared_->changed.WaitFor(shared_->mutex, NextLook(context, call->deadline()));
  }
}

bool InProcessStage::Abandon(const std::shared_ptr<Slot>& slot, const std::shared_ptr<Call>& call) {
  bool replace = false;
  {
    MutexLock lock(shared_->mutex);
    if (slot->call != call) return false;
    slot->state = SlotState::kAbandoned;
    slot->thread.detach();
    shared_->common.reset();
    shared_->last_problem =
        "a call did not return when it was told to stop; its thread was abandoned";
    replace = ++shared_->abandoned < kMaxAbandoned;
    shared_->changed.NotifyAll();
  }
  if (replace) {
    std::shared_ptr<Slot> replacement;
    AddSlot(shared_, replacement);
  }
  return true;
}

absl::StatusOr<RunOutput> InProcessStage::Run(const RunContext& context,
                                              const v1::Transcript& transcript) {
  const SteadyTime deadline = After(SteadyNow(), context.timeout);
  absl::StatusOr<std::unique_ptr<const EncodedTranscript>> encoded =
      EncodedTranscript::Encode(transcript);
  if (!encoded.ok()) return encoded.status();
  const auto call = std::make_shared<LocalCall>(shared_->identity, shared_->plugin.info().kind,
                                                context, *std::move(encoded), deadline);
  const absl::StatusOr<std::shared_ptr<Slot>> slot = Dispatch(call, context);
  if (!slot.ok()) return slot.status();

  absl::Status stop;  // why the call was told to stop
  SteadyTime give_up = SteadyTime::max();
  while (true) {
    const bool done = call->Wait(NextLook(context, stop.ok() ? deadline : give_up));
    call->Deliver(context);
    if (done) break;
    if (stop.ok() && (IsCancelled(context) || SteadyNow() >= deadline)) {
      stop = IsCancelled(context)
                 ? CancelledStatus(shared_->identity)
                 : TimeoutStatus(shared_->identity, context, "process did not return");
      give_up = After(SteadyNow(), shared_->options.grace);
      call->RequestStop();
    }
    if (!stop.ok() && SteadyNow() >= give_up && Abandon(*slot, call)) {
      DeliverStageLog();
      return stop;
    }
  }
  DeliverStageLog();
  return SettleResult(call->TakeResult(), stop, shared_->identity, context, deadline);
}

StageHealth InProcessStage::health() const {
  MutexLock lock(shared_->mutex);
  StageHealth health;
  if (Failed()) {
    health.state = StageState::kFailed;
  } else if (!shared_->last_problem.empty()) {
    health.state = StageState::kRecovering;
  }
  health.message = shared_->last_problem;
  return health;
}

void InProcessStage::DeliverStageLog() {
  std::vector<PluginLogLine> lines;
  {
    MutexLock lock(shared_->log_mutex);
    lines = shared_->log.Take();
  }
  DeliverLog(lines, shared_->options.log);
}

}  // namespace cxscribe
