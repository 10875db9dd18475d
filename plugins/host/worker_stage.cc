#include "plugins/host/worker_stage.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <sys/eventfd.h>

#include "server/base/error.h"

namespace cxscribe {
namespace {

// A job whose call kills its worker this often has had its chance.
constexpr int kMaxAttempts = 2;

absl::Duration Since(SteadyTime begun) {
  return absl::Trunc(absl::FromChrono(SteadyNow() - begun), absl::Milliseconds(1));
}

}  // namespace

WorkerStage::WorkerStage(std::shared_ptr<const PluginFile> file, const PluginInfo& info,
                         const WorkerClient::Options& worker, const RestartPolicy::Options& restart,
                         const StageOptions& options)
    : file_(std::move(file)),
      info_(info),
      worker_{worker.program, worker.memory_bytes, abandon_},
      options_(options),
      identity_{options.stage, info.name, info.version},
      policy_(restart, random_) {}

absl::StatusOr<std::unique_ptr<StageRunner>> WorkerStage::Start(
    std::shared_ptr<const PluginFile> file, const PluginInfo& info,
    const WorkerClient::Options& worker, const RestartPolicy::Options& restart,
    const StageOptions& options) {
  const SteadyTime deadline = After(SteadyNow(), options.start_timeout);
  std::unique_ptr<WorkerStage> stage(
      new WorkerStage(std::move(file), info, worker, restart, options));
  stage->wake_ = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stage->wake_.valid()) {
    return ErrorBuilder(absl::StatusCode::kUnavailable, "WORKER_SPAWN",
                        absl::StrCat("cannot watch over plugin workers: ", strerror(errno)))
        .Build();
  }
  for (int i = 0; i < std::max(options.instances, 1); ++i) {
    absl::StatusOr<std::unique_ptr<WorkerClient>> client = stage->StartWorker(worker, deadline);
    if (!client.ok()) return client.status();
    (*client)->set_abandon(stage->abandon_);
    for (const std::string& gap : (*client)->gaps()) {
      if (i == 0) stage->Tell(absl::StrCat("its worker is not fully confined: ", gap));
    }
    MutexLock lock(stage->mutex_);
    Slot& slot = *stage->slots_.emplace_back(std::make_unique<Slot>());
    slot.client = *std::move(client);
    slot.state = SlotState::kIdle;
  }
  stage->keeper_ = std::thread([raw = stage.get()] { raw->Keep(); });
  return std::unique_ptr<StageRunner>(std::move(stage));
}

absl::StatusOr<std::unique_ptr<WorkerClient>> WorkerStage::StartWorker(
    const WorkerClient::Options& worker, SteadyTime deadline) const {
  absl::StatusOr<std::unique_ptr<WorkerClient>> client =
      WorkerClient::Start(worker, *file_, deadline);
  if (!client.ok()) return client.status();
  if (absl::Status status = (*client)->Create(identity_, options_, deadline); !status.ok()) {
    return status;
  }
  return client;
}

WorkerStage::~WorkerStage() {
  std::vector<std::unique_ptr<Slot>> slots;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
  }
  Wake();
  abandon_->store(true);  // the keeper may be waiting for a create that takes long
  if (keeper_.joinable()) keeper_.join();
  {
    MutexLock lock(mutex_);
    slots.swap(slots_);
  }
  // All are told before any is waited for; now there is a deadline to end it.
  abandon_->store(false);
  for (const auto& slot : slots) {
    if (slot->client != nullptr) slot->client->Quit();
  }
  const SteadyTime deadline = After(SteadyNow(), std::max(options_.grace, absl::Seconds(1)));
  for (const auto& slot : slots) {
    if (slot->client != nullptr) slot->client->AwaitEnd(deadline);
  }
}

WorkerStage::Slot* WorkerStage::DeadSlot() const {
  Slot* dead = nullptr;
  for (const std::unique_ptr<Slot>& slot : slots_) {
    if (slot->state != SlotState::kDead) continue;
    // Who waits for its own worker comes first.
    if (dead == nullptr || slot->reserved_for != 0) dead = slot.get();
  }
  return dead;
}

void WorkerStage::Wake() const {
  const uint64_t one = 1;
  // It fails only where it has been written to already, more often than it can count.
  if (write(wake_.get(), &one, sizeof(one)) < 0) return;
}

void WorkerStage::Tell(const std::string& problem) const {
  if (options_.log) options_.log(PluginLogLevel::kWarning, problem);
}

void WorkerStage::Watch() {
  std::vector<pollfd> entries = {{wake_.get(), POLLIN, 0}};
  std::vector<Slot*> watched;
  absl::Duration at_most = kLongestWait;
  {
    MutexLock lock(mutex_);
    if (DeadSlot() != nullptr) at_most = Until(policy_.restart_at());
    for (const std::unique_ptr<Slot>& slot : slots_) {
      if (slot->ended || slot->state == SlotState::kDead) continue;
      entries.push_back({slot->client->pidfd(), POLLIN, 0});
      watched.push_back(slot.get());
    }
  }
  const auto milliseconds =
      static_cast<int>(absl::ToInt64Milliseconds(absl::Ceil(at_most, absl::Milliseconds(1))));
  if (poll(entries.data(), entries.size(), milliseconds) <= 0) return;
  uint64_t count = 0;
  if (entries[0].revents != 0 && read(wake_.get(), &count, sizeof(count)) < 0) return;
  for (size_t i = 0; i < watched.size(); ++i) {
    if (entries[i + 1].revents != 0) Bury(*watched[i]);
  }
}

void WorkerStage::Bury(Slot& slot) {
  {
    MutexLock lock(mutex_);
    slot.ended = true;
    if (slot.state != SlotState::kIdle) return;
    slot.state = SlotState::kStarting;  // the keeper's
  }
  slot.client->NoteEnd();
  const std::string problem =
      absl::StrCat("a worker ended that nobody had called (", slot.client->loss(), ")");
  Tell(problem);
  MutexLock lock(mutex_);
  slot.state = SlotState::kDead;
  last_problem_ = problem;
  policy_.DiedIdle(SteadyNow());
  changed_.NotifyAll();
}

void WorkerStage::Keep() {
  while (true) {
    Slot* slot = nullptr;
    std::unique_ptr<WorkerClient> old;
    {
      MutexLock lock(mutex_);
      if (stopping_) return;
      if (SteadyNow() >= policy_.restart_at()) slot = DeadSlot();
      if (slot != nullptr) {
        slot->state = SlotState::kStarting;
        old = std::move(slot->client);
      }
    }
    if (slot == nullptr) {
      Watch();
      continue;
    }
    old.reset();  // reaps it
    absl::StatusOr<std::unique_ptr<WorkerClient>> client =
        StartWorker(worker_, After(SteadyNow(), options_.start_timeout));
    const std::string problem = client.ok() ? ""
                                            : absl::StrCat("a worker could not be started again: ",
                                                           std::string(client.status().message()));
    if (!client.ok()) Tell(problem);
    MutexLock lock(mutex_);
    slot->ended = false;
    if (client.ok()) {
      slot->client = *std::move(client);
      slot->state = SlotState::kIdle;
    } else {
      slot->state = SlotState::kDead;
      last_problem_ = problem;
      policy_.StartFailed(SteadyNow());
    }
    changed_.NotifyAll();
  }
}

absl::Status WorkerStage::FailedStatus(SteadyTime now) const {
  const absl::Duration wait =
      std::max(absl::FromChrono(policy_.opens_until() - now), absl::Milliseconds(1));
  return ErrorBuilder(
             absl::StatusCode::kUnavailable, "STAGE_FAILED",
             absl::StrCat(identity_.ToString(), ": its workers died ", policy_.strikes(now),
                          " times in a row and none is tried for another ",
                          absl::FormatDuration(absl::Ceil(wait, absl::Milliseconds(1))), ": ",
                          last_problem_))
      .Metadata("stage", identity_.stage)
      .Metadata("plugin", identity_.plugin)
      .Metadata("version", identity_.version)
      .RetryAfter(wait)
      .Build();
}

absl::Status WorkerStage::CrashStatus(int attempts, const WorkerEnd& end, const std::string& loss,
                                      absl::Duration elapsed, std::string_view more) const {
  return PluginCrash(
      identity_,
      absl::StrCat(
          identity_.ToString(), ": the call killed its worker",
          attempts > 1 ? absl::StrCat(" ", attempts == 2 ? "twice" : "again and again") : "", ", ",
          attempts > 1 ? "at last " : "", "after ", absl::FormatDuration(elapsed), " (", loss, ")",
          std::string(more)),
      end.SignalName(), elapsed, attempts);
}

absl::StatusOr<WorkerStage::Slot*> WorkerStage::Acquire(uint64_t job, Slot* reserved,
                                                        const RunContext& context,
                                                        SteadyTime deadline) {
  MutexLock lock(mutex_);
  while (true) {
    const SteadyTime now = SteadyNow();
    if (policy_.breaker(now) == RestartPolicy::Breaker::kOpen) return FailedStatus(now);
    if (IsCancelled(context)) return CancelledStatus(identity_);
    if (now >= deadline) return TimeoutStatus(identity_, context, "no worker became free");
    Slot* free = nullptr;
    for (const std::unique_ptr<Slot>& slot : slots_) {
      if (slot->state != SlotState::kIdle) continue;
      if (reserved != nullptr ? slot.get() == reserved : slot->reserved_for == 0) free = slot.get();
    }
    if (free != nullptr && policy_.TryEnter(now)) {
      free->state = SlotState::kBusy;
      free->reserved_for = job;
      return free;
    }
    changed_.WaitFor(mutex_, NextLook(context, deadline));
  }
}

void WorkerStage::Release(Slot& slot, bool counts) {
  bool ended = false;
  {
    MutexLock lock(mutex_);
    slot.state = SlotState::kIdle;
    slot.reserved_for = 0;
    ended = std::exchange(slot.ended, false);
    if (counts) {
      policy_.Succeeded();
    } else {
      policy_.Left();
    }
    changed_.NotifyAll();
  }
  // It answered, and then ended: as if nobody had called it.
  if (ended) Wake();
}

void WorkerStage::Replace(Slot& slot, uint64_t job, bool strike, bool again,
                          const std::string& problem) {
  Tell(problem);
  {
    MutexLock lock(mutex_);
    slot.state = SlotState::kDead;
    slot.reserved_for = again ? job : 0;
    last_problem_ = problem;
    if (strike) {
      policy_.Crashed(SteadyNow(), job);
    } else {
      policy_.Left();
    }
    changed_.NotifyAll();
  }
  Wake();
}

absl::StatusOr<RunOutput> WorkerStage::Run(const RunContext& context,
                                           const v1::Transcript& transcript) {
  const SteadyTime deadline = After(SteadyNow(), context.timeout);
  absl::StatusOr<std::unique_ptr<const EncodedTranscript>> encoded =
      EncodedTranscript::Encode(transcript);
  if (!encoded.ok()) return encoded.status();
  uint64_t job = 0;
  {
    MutexLock lock(mutex_);
    job = next_job_++;
  }
  absl::Status crash;
  Slot* reserved = nullptr;
  for (int attempt = 1;; ++attempt) {
    const absl::StatusOr<Slot*> slot = Acquire(job, reserved, context, deadline);
    if (!slot.ok()) {
      if (reserved == nullptr) return slot.status();
      MutexLock lock(mutex_);
      if (reserved->reserved_for == job) reserved->reserved_for = 0;
      changed_.NotifyAll();
      return absl::IsCancelled(slot.status()) ? slot.status() : crash;
    }
    WorkerClient& client = *(*slot)->client;
    const SteadyTime begun = SteadyNow();
    WorkerCallEnd end = client.Call(context, **encoded, deadline, options_.grace);
    switch (end.kind) {
      case WorkerCallEnd::Kind::kAnswered:
      case WorkerCallEnd::Kind::kStopped:
        Release(**slot, end.stop.ok());
        return SettleResult(std::move(end.result), end.stop, identity_, context, deadline);
      case WorkerCallEnd::Kind::kOverstayed:
        Replace(**slot, job, /*strike=*/!absl::IsCancelled(end.stop), /*again=*/false,
                absl::StrCat("a call did not end in time: ", client.loss()));
        return end.stop;
      case WorkerCallEnd::Kind::kViolated:
        Replace(**slot, job, /*strike=*/true, /*again=*/false, client.loss());
        return end.result.status();
      case WorkerCallEnd::Kind::kDied:
        break;
    }
    const bool last = attempt == kMaxAttempts || !end.stop.ok();
    crash = CrashStatus(attempt, client.end(), client.loss(), Since(begun),
                        last ? "" : "; it was not tried again");
    reserved = *slot;
    Replace(**slot, job, /*strike=*/true, /*again=*/!last,
            absl::StrCat("a call killed its worker (", client.loss(), ")"));
    if (last) return crash;
  }
}

StageHealth WorkerStage::health() const {
  MutexLock lock(mutex_);
  StageHealth health;
  const bool whole =
      std::all_of(slots_.begin(), slots_.end(), [](const std::unique_ptr<Slot>& slot) {
        return slot->state == SlotState::kIdle || slot->state == SlotState::kBusy;
      });
  const SteadyTime now = SteadyNow();
  if (policy_.breaker(now) != RestartPolicy::Breaker::kClosed) {
    health.state = StageState::kFailed;
  } else if (policy_.strikes(now) > 0) {
    health.state = StageState::kRecovering;
  } else if (!whole) {
    health.state = StageState::kStarting;
  }
  if (health.state != StageState::kOk) health.message = last_problem_;
  return health;
}

}  // namespace cxscribe
