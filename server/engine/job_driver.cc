#include "server/engine/job_driver.h"

#include <algorithm>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "google/protobuf/util/message_differencer.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/timestamp.h"
#include "server/engine/convert.h"
#include "server/job/states.h"
#include "server/pipeline/result.h"
#include "server/telemetry/log.h"
#include "server/telemetry/metrics.h"
#include "server/webhook/payload.h"

namespace cxscribe {
namespace {

// The store refused a write: the disk is full, say. Tried again for as long as it takes: the job is
// safe where it is.
constexpr absl::Duration kFirstStoreBackoff = absl::Milliseconds(100);
constexpr absl::Duration kLongestStoreBackoff = absl::Seconds(30);
// How long to wait for the audit file to be writable, or for room in the pool, before looking
// again.
constexpr absl::Duration kRecheck = absl::Milliseconds(200);

const RetrySettings& RetrySettingsOf(const Account* account) {
  static const RetrySettings kStandard;
  return account == nullptr ? kStandard : account->settings.retry;
}

}  // namespace

JobDriver::JobDriver(EngineContext& context, Account* account, internal::v1::JobRecord record,
                     std::shared_ptr<const Pipeline> pipeline,
                     std::function<void(const std::string&)> ended)
    : context_(context),
      account_(account),
      pipeline_(std::move(pipeline)),
      ended_(std::move(ended)),
      record_(std::move(record)),
      retries_(RetrySettingsOf(account)) {}

void JobDriver::After(absl::Duration delay, Task task) {
  step_timer_ = context_.on.loop.PostAfter(
      delay,
      [self = shared_from_this(), generation = generation_, task = std::move(task)]() mutable {
        if (self->generation_ != generation) return;
        self->step_timer_ = 0;
        task();
      });
}

void JobDriver::Abandon() {
  ++generation_;
  if (step_timer_ != 0) context_.on.loop.Cancel(std::exchange(step_timer_, 0));
  if (pipeline_cancelled_ != nullptr) pipeline_cancelled_->store(true);
  deferred_ = nullptr;
}

v1::JobEvent JobDriver::Event(std::string type, std::string message) const {
  v1::JobEvent event;
  event.set_type(std::move(type));
  event.set_message(std::move(message));
  return event;
}

void JobDriver::Proceed(Task task) {
  if (suspended_) return;
  if (writing_) {
    deferred_ = std::move(task);
  } else {
    task();
  }
}

void JobDriver::Step(const std::function<void(internal::v1::JobRecord&)>& change,
                     v1::JobEvent event, Task then) {
  auto write = std::make_shared<JobWrite>();
  write->expected_revision = record_.job().revision();
  write->record = record_;
  change(write->record);
  if (!event.type().empty()) {
    event.set_revision(write->record.job().revision());
    event.set_state(write->record.job().state());
    *event.mutable_time() = ToTimestamp(context_.on.loop.Now());
    write->events.push_back(std::move(event));
  }
  Commit(std::move(write), std::move(then), kFirstStoreBackoff);
}

void JobDriver::Commit(std::shared_ptr<JobWrite> write, Task then, absl::Duration backoff) {
  writing_ = true;
  JobWrite copy = *write;
  context_.on.store.Update(
      std::move(copy), [self = shared_from_this(), write = std::move(write), then = std::move(then),
                        backoff](absl::Status status) mutable {
        TimerExecutor& loop = self->context_.on.loop;
        loop.Post([self = std::move(self), write = std::move(write), then = std::move(then),
                   backoff, status = std::move(status)]() mutable {
          self->Written(std::move(write), std::move(then), backoff, status);
        });
      });
}

void JobDriver::Written(std::shared_ptr<JobWrite> write, Task then, absl::Duration backoff,
                        const absl::Status& status) {
  if (status.ok()) {
    Committed(*write, std::move(then));
    return;
  }
  LogError("job_write_failed", {{"job_id", record_.job().job_id()},
                                {"trace_id", record_.trace_id()},
                                {"error", DescribeForLog(status)}});
  if (absl::IsAborted(status) || absl::IsNotFound(status)) {
    Reread(std::move(write), std::move(then), status);
    return;
  }
  if (!absl::IsUnavailable(status) && !absl::IsResourceExhausted(status)) {
    Refused(*write, status);
    return;
  }
  if (suspended_) {
    writing_ = false;
    if (quiet_) std::exchange(quiet_, nullptr)();
    return;
  }
  commit_timer_ = context_.on.loop.PostAfter(backoff, [self = shared_from_this(),
                                                       write = std::move(write),
                                                       then = std::move(then), backoff]() mutable {
    self->commit_timer_ = 0;
    self->Commit(std::move(write), std::move(then), std::min(backoff * 2, kLongestStoreBackoff));
  });
}

void JobDriver::Reread(std::shared_ptr<JobWrite> write, Task then, const absl::Status& status) {
  context_.on.store.Get(
      record_.job().job_id(),
      [self = shared_from_this(), write = std::move(write), then = std::move(then),
       status](absl::StatusOr<internal::v1::JobRecord> stored) mutable {
        TimerExecutor& loop = self->context_.on.loop;
        loop.Post([self = std::move(self), write = std::move(write), then = std::move(then), status,
                   stored = std::move(stored)]() mutable {
          // A commit may report an error and be durable all the same.
          if (stored.ok() &&
              google::protobuf::util::MessageDifferencer::Equals(*stored, write->record)) {
            self->Committed(*write, std::move(then));
          } else {
            self->Lose(status);
          }
        });
      });
}

void JobDriver::Refused(const JobWrite& write, const absl::Status& status) {
  writing_ = false;
  if (suspended_) {
    if (quiet_) std::exchange(quiet_, nullptr)();
    return;
  }
  const bool was_end = IsEnd(write.record.job().state());
  if (was_end && refused_) {
    Lose(status);  // not even a bare failure can be stored
    return;
  }
  refused_ = was_end;
  ending_.reset();
  Fail(ErrorBuilder(absl::StatusCode::kInternal, "STORE_REFUSED",
                    "the store does not take what the job came to; see the server's log")
           .Build(),
       "the store refused its next step");
}

void JobDriver::Lose(const absl::Status& status) {
  writing_ = false;
  Abandon();
  if (deadline_timer_ != 0) context_.on.loop.Cancel(std::exchange(deadline_timer_, 0));
  for (auto& waiter : cancel_waiters_) waiter(status);
  cancel_waiters_.clear();
  if (quiet_) std::exchange(quiet_, nullptr)();
  ended_(record_.job().job_id());
}

void JobDriver::Committed(const JobWrite& write, Task then) {
  writing_ = false;
  const bool visible = write.record.job().revision() != record_.job().revision();
  context_.CountMove(record_.job().state(), write.record.job().state());
  record_ = write.record;
  if (visible) Publish(record_.job());
  if (IsEnd(record_.job().state())) {
    then();  // the end has its own bookkeeping, also while suspended
    if (quiet_) std::exchange(quiet_, nullptr)();
    return;
  }
  if (suspended_) {
    if (quiet_) std::exchange(quiet_, nullptr)();
    return;
  }
  if (ending_.has_value()) {
    WriteEnding();
    return;
  }
  then();
  if (!writing_ && deferred_ != nullptr) std::exchange(deferred_, nullptr)();
}

void JobDriver::MarkChanged(v1::Job& job) const {
  job.set_revision(job.revision() + 1);
  *job.mutable_update_time() = ToTimestamp(context_.on.loop.Now());
}

void JobDriver::Publish(const v1::Job& job) {
  v1::Job published = job;
  const absl::Time now = context_.on.loop.Now();
  if (job.state() == v1::JOB_STATE_TRANSCRIBING && account_ != nullptr &&
      poll_progress_.polls > 0) {
    if (const auto end = account_->planner.EstimateEnd(poll_progress_, now); end.has_value()) {
      *published.mutable_estimated_end_time() = ToTimestamp(*end);
      const absl::Duration whole = *end - poll_progress_.submitted;
      const double done = whole > absl::ZeroDuration()
                              ? absl::FDivDuration(now - poll_progress_.submitted, whole)
                              : 1.0;
      published.set_estimated_percent(static_cast<int>(100 * std::clamp(done, 0.0, 0.99)));
    }
  }
  context_.on.listener.OnJobChanged(published);
}

void JobDriver::Suspend(std::function<void()> quiet) {
  suspended_ = true;
  if (deadline_timer_ != 0) context_.on.loop.Cancel(std::exchange(deadline_timer_, 0));
  for (auto& waiter : cancel_waiters_) waiter(DrainingError());
  cancel_waiters_.clear();
  if (submitting_) {
    // Its answer is worth waiting for: without it the next start has a riddle to solve.
    quiet_ = std::move(quiet);
    return;
  }
  Abandon();
  if (commit_timer_ != 0 && context_.on.loop.Cancel(std::exchange(commit_timer_, 0))) {
    writing_ = false;
  }
  if (writing_) {
    quiet_ = std::move(quiet);
  } else {
    quiet();
  }
}

void JobDriver::Fail(const absl::Status& error, std::string message) {
  Ending ending;
  ending.state = v1::JOB_STATE_FAILED;
  ending.error = error;
  ending.message = std::move(message);
  Finish(std::move(ending));
}

void JobDriver::NeedAttention(const UpstreamOutcome* outcome) {
  Ending ending;
  ending.state = v1::JOB_STATE_NEEDS_ATTENTION;
  ErrorBuilder error(
      absl::StatusCode::kFailedPrecondition, "SUBMISSION_UNKNOWN",
      absl::StrCat(
          "it is not known whether CXone accepted the submission",
          outcome == nullptr ? " (the server stopped while it was under way)"
                             : absl::StrCat(" (", outcome->message, ")"),
          "; look at CXone for a transcription of these recordings. Resolving jobs is not in "
          "this version: submit the recordings again as a new job if there is none"));
  if (outcome != nullptr) error.Metadata("upstream_status", absl::StrCat(outcome->http_status));
  ending.error = error.Build();
  ending.message = "an operator must decide";
  Finish(std::move(ending));
}

void JobDriver::Cancel(const Actor& actor, const std::string& reason, Engine::JobCallback done) {
  if (suspended_) {
    done(DrainingError());
    return;
  }
  cancel_waiters_.push_back(std::move(done));
  if (ending_.has_value()) return;
  Ending ending;
  ending.state = v1::JOB_STATE_CANCELLED;
  ending.message = absl::StrCat("cancelled by ", actor.name);
  ending.actor = actor.name;
  ending.reason = reason;
  Finish(std::move(ending));
}

void JobDriver::Finish(Ending ending) {
  if (ending_.has_value() || suspended_ || IsEnd(record_.job().state())) return;
  ending_ = std::move(ending);
  Abandon();
  if (!writing_) WriteEnding();  // else Committed() does
}

void JobDriver::WriteEnding() {
  if (const auto status = context_.on.audit_writable(); !status.ok()) {
    LogError("audit_not_writable", {{"job_id", record_.job().job_id()},
                                    {"trace_id", record_.trace_id()},
                                    {"error", DescribeForLog(status)}});
    After(kRecheck, [this] { WriteEnding(); });
    return;
  }
  const absl::Time now = context_.on.loop.Now();
  Ending& ending = *ending_;
  auto write = std::make_shared<JobWrite>();
  write->expected_revision = record_.job().revision();
  write->record = record_;
  auto* job = write->record.mutable_job();
  if (const auto status = Advance(*job, ending.state, now); !status.ok()) {
    LogError("job_transition_refused",
             {{"job_id", job->job_id()},
              {"trace_id", record_.trace_id()},
              {"error", DescribeForLog(status)}});
    return;
  }
  if (!ending.error.ok()) *job->mutable_error() = ToRpcStatus(ending.error);

  v1::JobEvent event = Event("STATE_CHANGED", ending.message);
  event.set_revision(job->revision());
  event.set_state(job->state());
  *event.mutable_time() = ToTimestamp(now);
  if (!ending.reason.empty()) (*event.mutable_attributes())["reason"] = ending.reason;
  write->events.push_back(std::move(event));

  const internal::v1::ResultHeader* header =
      ending.result.has_value() ? &ending.result->header : nullptr;
  internal::v1::AuditDraft audit;
  *audit.mutable_timestamp() = ToTimestamp(now);
  audit.set_event(std::string(StateName(ending.state)));
  audit.set_tenant(record_.tenant());
  audit.set_actor(ending.actor.empty() ? record_.actor() : ending.actor);
  audit.set_reason(ending.reason);
  *audit.mutable_job() = *job;
  if (ending.accuracy_score.has_value()) audit.set_accuracy_score(*ending.accuracy_score);
  audit.set_processing_duration_ms(
      static_cast<int32_t>(absl::ToInt64Milliseconds(now - FromTimestamp(job->create_time()))));
  audit.set_segment_count(ending.segment_count);
  if (header != nullptr) *audit.mutable_compliance() = header->compliance();
  for (const auto& stage : ending.stages) *audit.add_stages() = stage;
  write->audit = std::move(audit);

  if (!record_.webhook_url().empty()) {
    write->webhook = MakeWebhookDelivery(write->record, header, "msg_" + context_.ids.Next(), now);
  }
  write->result = std::move(ending.result);
  Commit(
      std::move(write),
      [this] {
        const auto& finished = record_.job();
        if (deadline_timer_ != 0) context_.on.loop.Cancel(std::exchange(deadline_timer_, 0));
        LogInfo("job_ended", {{"job_id", finished.job_id()},
                              {"trace_id", record_.trace_id()},
                              {"state", StateName(finished.state())},
                              {"reason", ReasonOf(FromRpcStatus(finished.error()))},
                              {"duration_ms",
                               absl::ToInt64Milliseconds(FromTimestamp(finished.end_time()) -
                                                         FromTimestamp(finished.create_time()))}});
        context_.on.metrics.JobFinished(StateName(finished.state()));
        if (!record_.webhook_url().empty()) context_.on.webhook_stored();
        for (auto& waiter : cancel_waiters_) {
          if (finished.state() == v1::JOB_STATE_CANCELLED) {
            waiter(finished);
          } else {
            waiter(JobEndedError(finished));
          }
        }
        cancel_waiters_.clear();
        ended_(finished.job_id());
      },
      kFirstStoreBackoff);
}

}  // namespace cxscribe
