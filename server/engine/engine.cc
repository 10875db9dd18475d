#include "server/engine/engine.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"
#include "server/base/timestamp.h"
#include "server/engine/context.h"
#include "server/engine/convert.h"
#include "server/engine/job_driver.h"
#include "server/job/states.h"
#include "server/telemetry/log.h"
#include "server/telemetry/metrics.h"

namespace cxscribe {
namespace {

// Until tenants exist, every job belongs to this account.
constexpr char kDefaultAccount[] = "default";
// Callers that wait for a check of their recordings, and how long each may.
constexpr size_t kMostChecks = 64;
constexpr absl::Duration kCheckLimit = absl::Seconds(20);
// How soon a job is taken up again that the store holds in another state than its driver thought.
constexpr absl::Duration kTakeUpAgain = absl::Seconds(1);

// What an upstream failure of a check looks like to who asked: never like a mistake of their own,
// and with when to ask again where that helps.
absl::Status CheckError(const UpstreamOutcome& outcome, absl::Duration took) {
  // One attempt: the caller waits, and may ask again.
  absl::Status error = JobErrorFor(outcome, "looking up the recordings", 1, took);
  if (absl::IsUnavailable(error)) {
    return WithRetryAfter(error, outcome.retry_after.value_or(kCheckLimit / 4));
  }
  // FORBIDDEN is about the server's account, and so is a path that CXone does not know.
  if (absl::IsPermissionDenied(error) || absl::IsNotFound(error) ||
      absl::IsUnauthenticated(error)) {
    return WithCode(error, absl::StatusCode::kFailedPrecondition);
  }
  return error;
}

absl::Status UnknownJob(const std::string& job_id) {
  return ErrorBuilder(absl::StatusCode::kNotFound, "JOB_NOT_FOUND",
                      absl::StrCat("there is no job ", job_id))
      .Resource("job", job_id)
      .Build();
}

std::string_view ResultLabel(const UpstreamOutcome& outcome) {
  switch (outcome.failure) {
    case UpstreamFailure::kNone:
      return "ok";
    case UpstreamFailure::kRejected:
      return "rejected";
    case UpstreamFailure::kCredentials:
      return "unauthorized";
    case UpstreamFailure::kForbidden:
      return "forbidden";
    case UpstreamFailure::kGone:
      return "not_found";
    case UpstreamFailure::kThrottled:
      return "throttled";
    case UpstreamFailure::kUnavailable:
      return "unavailable";
    case UpstreamFailure::kMalformed:
      return "malformed";
  }
  return "other";
}

}  // namespace

Account::Account(const AccountSettings& account_settings, CxoneClient& cxone,
                 TimerExecutor& engine_loop, Metrics& engine_metrics)
    : settings(account_settings),
      client(cxone),
      loop(engine_loop),
      metrics(engine_metrics),
      gate(engine_loop, account_settings.budget),
      planner(account_settings.poll),
      recordings(engine_loop, cxone, gate,
                 [this](std::string_view call, const UpstreamOutcome& outcome, absl::Time started) {
                   Observe(call, outcome, started);
                 }) {}

void Account::Observe(std::string_view call, const UpstreamOutcome& outcome, absl::Time started) {
  metrics.UpstreamRequest(call, ResultLabel(outcome), loop.SteadyNow() - started);
  // The gate let one request through; a repetition after a 401 or a further page was another.
  if (outcome.requests > 1) gate.Charge(outcome.requests - 1);
  if (outcome.failure == UpstreamFailure::kThrottled) {
    metrics.UpstreamThrottled();
    gate.OnThrottled(outcome.retry_after);
  }
  const bool down = outcome.failure == UpstreamFailure::kUnavailable ||
                    outcome.failure == UpstreamFailure::kCredentials ||
                    outcome.failure == UpstreamFailure::kMalformed;
  MutexLock lock(problem_mutex_);
  problem_ = down ? outcome.message : "";
}

std::string Account::problem() const {
  MutexLock lock(problem_mutex_);
  return problem_;
}

void EngineContext::CountMove(v1::JobState from, v1::JobState to) {
  if (from == to) return;
  if (from != v1::JOB_STATE_UNSPECIFIED) {
    on.metrics.SetUnfinishedJobs(StateName(from), --unfinished[from]);
  }
  if (to != v1::JOB_STATE_UNSPECIFIED && !IsEnd(to)) {
    on.metrics.SetUnfinishedJobs(StateName(to), ++unfinished[to]);
  }
}

Engine::Engine(EngineDependencies dependencies, EngineSettings settings)
    : context_(std::make_unique<EngineContext>(std::move(dependencies), std::move(settings))) {
  for (const auto& [name, account] : context_->settings.accounts) {
    accounts_[name] = std::make_unique<Account>(account, *context_->on.clients.at(name),
                                                context_->on.loop, context_->on.metrics);
  }
}

Engine::~Engine() = default;

void Engine::Recover(JobStore::Done done) {
  context_->on.store.ListUnfinished(
      [this, done = std::move(done)](
          absl::StatusOr<std::vector<internal::v1::JobRecord>> records) mutable {
        context_->on.loop.Post(
            [this, done = std::move(done), records = std::move(records)]() mutable {
              if (records.ok()) {
                for (auto& record : *records) {
                  LogInfo("job_resumed", {{"job_id", record.job().job_id()},
                                          {"trace_id", record.trace_id()},
                                          {"state", StateName(record.job().state())}});
                  Enqueue(std::move(record));
                }
              }
              done(records.status());
            });
      });
}

void Engine::Run() {
  context_->on.loop.Post([this] {
    if (draining_) return;
    running_ = true;
    for (const auto& entry : drivers_) entry.second->Arm();
    for (const auto& driver : std::exchange(resuming_, {})) Begin(driver);
    Admit();
  });
}

void Engine::Submit(internal::v1::JobRecord record, SubmitCallback done) {
  context_->on.loop.Post([this, record = std::move(record), done = std::move(done)]() mutable {
    if (draining_) {
      done(DrainingError());
      return;
    }
    const absl::Time now = context_->on.loop.Now();
    auto* job = record.mutable_job();
    job->set_job_id("job_" + context_->ids.Next());
    job->set_account(kDefaultAccount);
    if (const auto pipeline = context_->on.pipelines()->Find(job->pipeline())) {
      job->set_pipeline_hash(pipeline->hash());
    }
    StartJob(*job, now);
    record.set_submission_phase(internal::v1::SUBMISSION_PHASE_NONE);
    record.set_idempotency_key(job->job_id());
    *record.mutable_deadline() = ToTimestamp(now + context_->settings.jobs.deadline);

    JobWrite write;
    write.record = std::move(record);
    v1::JobEvent event;
    event.set_revision(write.record.job().revision());
    *event.mutable_time() = ToTimestamp(now);
    event.set_type("SUBMITTED");
    event.set_state(v1::JOB_STATE_QUEUED);
    event.set_message(absl::StrCat("submitted by ", write.record.actor()));
    write.events.push_back(std::move(event));
    context_->on.store.Create(
        std::move(write), now - context_->settings.jobs.request_id_retention,
        context_->settings.jobs.max_queued,
        [this, done = std::move(done)](absl::StatusOr<CreateOutcome> outcome) mutable {
          if (outcome.ok() && !outcome->already_existed) {
            context_->on.loop.Post([this, record = outcome->record]() mutable {
              const auto& created = record.job();
              LogInfo("job_submitted", {{"job_id", created.job_id()},
                                        {"trace_id", record.trace_id()},
                                        {"tenant", record.tenant()},
                                        {"recordings", created.recording_ids_size()},
                                        {"pipeline", created.pipeline()}});
              context_->on.listener.OnJobChanged(created);
              Enqueue(std::move(record));
              Admit();
            });
          }
          done(std::move(outcome));
        });
  });
}

void Engine::CheckRecordings(const internal::v1::JobRecord& record, RecordingsCallback done) {
  std::vector<std::string> ids(record.job().recording_ids().begin(),
                               record.job().recording_ids().end());
  context_->on.loop.Post([this, ids = std::move(ids), done = std::move(done)]() mutable {
    if (draining_) {
      done(DrainingError());
      return;
    }
    if (checks_.size() >= kMostChecks) {
      done(ErrorBuilder(absl::StatusCode::kResourceExhausted, "TOO_MANY_CHECKS",
                        "too many requests are being checked with CXone already; try again")
               .RetryAfter(kCheckLimit / 4)
               .Build());
      return;
    }
    Account& account = *accounts_.at(kDefaultAccount);
    const absl::Time started = context_->on.loop.SteadyNow();
    const uint64_t check = ++last_check_;
    Check& waiting = checks_[check];
    waiting.done = std::move(done);
    waiting.timer = context_->on.loop.PostAfter(kCheckLimit, [this, check] {
      AnswerCheck(check,
                  ErrorBuilder(absl::StatusCode::kUnavailable, "UPSTREAM_BUSY",
                               "CXone has not answered yet, or the request budget is used up; "
                               "try again")
                      .RetryAfter(kCheckLimit)
                      .Build());
    });
    waiting.lookup = account.recordings.Find(
        RecordingLookup::Kind::kCheck, ids,
        [this, &account, ids, started, check](const UpstreamOutcome& outcome,
                                              const RecordingLookup::Found& found) {
          if (!outcome.ok()) {
            // One attempt: the caller waits, and may ask again.
            AnswerCheck(check, CheckError(outcome, context_->on.loop.SteadyNow() - started));
            return;
          }
          if (auto status = JudgeRecordings(ids, found, account.settings.max_storage_mb);
              !status.ok()) {
            AnswerCheck(check, std::move(status));
            return;
          }
          std::vector<v1::RecordingInfo> recordings;
          recordings.reserve(ids.size());
          for (const std::string& id : ids) recordings.push_back(ToRecordingInfo(found.at(id)));
          AnswerCheck(check, std::move(recordings));
        });
  });
}

void Engine::AnswerCheck(uint64_t check, absl::StatusOr<std::vector<v1::RecordingInfo>> answer) {
  const auto found = checks_.find(check);
  if (found == checks_.end()) return;  // answered before
  Check waiting = std::move(found->second);
  checks_.erase(found);
  context_->on.loop.Cancel(waiting.timer);
  accounts_.at(kDefaultAccount)->recordings.Abandon(waiting.lookup);  // if it is still open
  waiting.done(std::move(answer));
}

void Engine::Cancel(const std::string& job_id, Actor actor, std::string reason, JobCallback done) {
  context_->on.loop.Post([this, job_id, actor = std::move(actor), reason = std::move(reason),
                          done = std::move(done)]() mutable {
    const auto found = drivers_.find(job_id);
    if (found != drivers_.end()) {
      const auto driver = found->second;
      if (driver->record().tenant() != actor.tenant) {
        done(UnknownJob(job_id));
      } else {
        driver->Cancel(actor, reason, std::move(done));
      }
      return;
    }
    context_->on.store.Get(job_id, [job_id, tenant = actor.tenant, done = std::move(done)](
                                       absl::StatusOr<internal::v1::JobRecord> record) mutable {
      if (absl::IsNotFound(record.status()) || (record.ok() && record->tenant() != tenant)) {
        done(UnknownJob(job_id));
      } else if (!record.ok()) {
        done(record.status());
      } else if (record->job().state() == v1::JOB_STATE_CANCELLED) {
        done(std::move(*record->mutable_job()));
      } else if (!IsEnd(record->job().state())) {
        done(DrainingError());  // stored by a server that is on its way down, or not yet taken up
      } else {
        done(JobEndedError(record->job()));
      }
    });
  });
}

void Engine::Delete(const std::string& job_id, Actor actor, std::string reason,
                    JobStore::Done done) {
  context_->on.store.Get(job_id, [this, job_id, actor = std::move(actor),
                                  reason = std::move(reason), done = std::move(done)](
                                     absl::StatusOr<internal::v1::JobRecord> record) mutable {
    if (absl::IsNotFound(record.status()) || (record.ok() && record->tenant() != actor.tenant)) {
      done(UnknownJob(job_id));
      return;
    }
    if (!record.ok()) {
      done(record.status());
      return;
    }
    const auto& job = record->job();
    if (!CanDelete(job.state())) {
      done(ErrorBuilder(absl::StatusCode::kFailedPrecondition, "JOB_NOT_ENDED",
                        absl::StrCat("job ", job_id, " is ", std::string(StateName(job.state())),
                                     "; cancel it, or wait until it has ended, then delete it"))
               .Resource("job", job_id)
               .Build());
      return;
    }
    internal::v1::AuditDraft audit;
    *audit.mutable_timestamp() = ToTimestamp(context_->on.loop.Now());
    audit.set_event("DELETED");
    audit.set_tenant(record->tenant());
    audit.set_actor(actor.name);
    audit.set_reason(reason);
    *audit.mutable_job() = job;
    context_->on.store.Delete(
        job_id, job.revision(), std::move(audit),
        [job_id, trace_id = record->trace_id(),
         done = std::move(done)](absl::Status status) mutable {
          if (status.ok()) LogInfo("job_deleted", {{"job_id", job_id}, {"trace_id", trace_id}});
          done(std::move(status));
        });
  });
}

std::map<std::string, std::string> Engine::UpstreamProblems() const {
  std::map<std::string, std::string> problems;
  for (const auto& [name, account] : accounts_) problems[name] = account->problem();
  return problems;
}

// ---------------------------------------------------------------- on the loop

void Engine::Enqueue(internal::v1::JobRecord record) {
  const std::string job_id = record.job().job_id();
  if (drivers_.contains(job_id)) return;
  const std::string tenant = record.tenant();
  const bool queued = record.job().state() == v1::JOB_STATE_QUEUED;
  const auto account = accounts_.find(record.job().account());
  const auto pipelines = context_->on.pipelines();
  const auto policy = pipelines->redaction_policies.find(record.job().redaction_policy());
  JobDriver::Choice choice{pipelines->Find(record.job().pipeline()), std::nullopt};
  if (policy != pipelines->redaction_policies.end()) choice.policy = policy->second;
  context_->CountMove(v1::JOB_STATE_UNSPECIFIED, record.job().state());
  auto driver = std::make_shared<JobDriver>(
      *context_, account == accounts_.end() ? nullptr : account->second.get(), std::move(record),
      std::move(choice),
      JobDriver::Farewell{
          [this](const std::string& ended) { JobEnded(ended); },
          [this](internal::v1::JobRecord stored) { JobOvertaken(std::move(stored)); }});
  drivers_[job_id] = driver;
  if (running_) driver->Arm();
  if (!queued) {
    // Already under way when the server stopped: it goes on at once, whatever the limit.
    if (running_) {
      Begin(driver);
    } else {
      resuming_.push_back(driver);
    }
    return;
  }
  auto& queue = queues_[tenant];
  if (queue.empty()) turns_.push_back(tenant);
  queue.push_back(job_id);
}

void Engine::Begin(const std::shared_ptr<JobDriver>& driver) {
  if (drivers_.count(driver->record().job().job_id()) == 0) return;  // cancelled meanwhile
  ++active_;
  driver->Start();
}

void Engine::Admit() {
  while (running_ && !draining_ && active_ < context_->settings.jobs.max_active &&
         !turns_.empty()) {
    const std::string tenant = std::move(turns_.front());
    turns_.pop_front();
    auto& queue = queues_[tenant];
    const std::string job_id = std::move(queue.front());
    queue.pop_front();
    if (queue.empty()) {
      queues_.erase(tenant);
    } else {
      turns_.push_back(tenant);
    }
    const auto found = drivers_.find(job_id);
    if (found == drivers_.end()) continue;  // cancelled while it waited
    const auto driver = found->second;
    Begin(driver);
  }
}

void Engine::JobOvertaken(internal::v1::JobRecord stored) {
  // Not at once: a store that goes on contradicting itself must not keep the loop busy.
  context_->on.loop.PostAfter(kTakeUpAgain, [this, stored = std::move(stored)]() mutable {
    if (draining_) return;
    LogWarn("job_taken_up_again", {{"job_id", stored.job().job_id()},
                                   {"trace_id", stored.trace_id()},
                                   {"state", StateName(stored.job().state())}});
    Enqueue(std::move(stored));
    Admit();
  });
}

void Engine::JobEnded(const std::string& job_id) {
  const auto found = drivers_.find(job_id);
  if (found == drivers_.end()) return;
  if (found->second->started()) --active_;
  drivers_.erase(found);
  Admit();
}

void Engine::Drain(absl::AnyInvocable<void()> done) {
  context_->on.loop.Post([this, done = std::move(done)]() mutable {
    draining_ = true;
    while (!checks_.empty()) AnswerCheck(checks_.begin()->first, DrainingError());
    // Counts the drivers whose write is still under way, and itself.
    auto remaining = std::make_shared<size_t>(drivers_.size() + 1);
    auto finish = std::make_shared<absl::AnyInvocable<void()>>(std::move(done));
    const auto quiet = [remaining, finish] {
      if (--*remaining == 0) (*finish)();
    };
    auto drivers = drivers_;  // an end may erase from the map meanwhile
    for (const auto& entry : drivers) entry.second->Suspend(quiet);
    quiet();
  });
}

}  // namespace cxscribe
