#include "server/engine/job_driver.h"

#include <algorithm>
#include <limits>

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
// How long to wait for the audit file to be writable before looking again.
constexpr absl::Duration kFirstAuditBackoff = absl::Milliseconds(200);
constexpr absl::Duration kLongestAuditBackoff = absl::Seconds(5);
// How long a caller waits for a cancellation to be durable.
constexpr absl::Duration kCancelLimit = absl::Seconds(10);

const RetrySettings& RetrySettingsOf(const Account* account) {
  static const RetrySettings kStandard;
  return account == nullptr ? kStandard : account->settings.retry;
}

}  // namespace

JobDriver::JobDriver(EngineContext& context, Account* account, internal::v1::JobRecord record,
                     Choice choice, Farewell farewell)
    : context_(context),
      account_(account),
      pipeline_(std::move(choice.pipeline)),
      policy_(std::move(choice.policy)),
      farewell_(std::move(farewell)),
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
  // What was not sent yet costs no request.
  if (ticket_ != 0) account_->gate.Cancel(std::exchange(ticket_, 0));
  if (lookup_ != 0) account_->recordings.Abandon(std::exchange(lookup_, 0));
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
                     std::vector<v1::JobEvent> events, Task then) {
  auto write = std::make_shared<JobWrite>();
  write->expected_revision = record_.job().revision();
  write->record = record_;
  change(write->record);
  for (v1::JobEvent& event : events) {
    event.set_revision(write->record.job().revision());
    event.set_state(write->record.job().state());
    *event.mutable_time() = ToTimestamp(context_.on.loop.Now());
  }
  write->events = std::move(events);
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
    Reread(std::move(write), std::move(then), backoff, status);
    return;
  }
  if (!absl::IsUnavailable(status) && !absl::IsResourceExhausted(status)) {
    Refused(*write, status);
    return;
  }
  if (suspended_) {
    writing_ = false;
    BeQuiet();
    return;
  }
  commit_timer_ = context_.on.loop.PostAfter(backoff, [self = shared_from_this(),
                                                       write = std::move(write),
                                                       then = std::move(then), backoff]() mutable {
    self->commit_timer_ = 0;
    self->Commit(std::move(write), std::move(then), std::min(backoff * 2, kLongestStoreBackoff));
  });
}

void JobDriver::Reread(std::shared_ptr<JobWrite> write, Task then, absl::Duration backoff,
                       const absl::Status& status) {
  const std::string job_id = record_.job().job_id();
  context_.on.store.Get(
      job_id, [self = shared_from_this(), write = std::move(write), then = std::move(then), backoff,
               status](absl::StatusOr<internal::v1::JobRecord> stored) mutable {
        TimerExecutor& loop = self->context_.on.loop;
        loop.Post([self = std::move(self), write = std::move(write), then = std::move(then),
                   backoff, status, stored = std::move(stored)]() mutable {
          self->OnReread(std::move(write), std::move(then), backoff, status, std::move(stored));
        });
      });
}

void JobDriver::OnReread(std::shared_ptr<JobWrite> write, Task then, absl::Duration backoff,
                         const absl::Status& status,
                         absl::StatusOr<internal::v1::JobRecord> stored) {
  if (stored.ok()) {
    // A commit may report an error and be durable all the same.
    if (google::protobuf::util::MessageDifferencer::Equals(*stored, write->record)) {
      Committed(*write, std::move(then));
    } else {
      Lose(status, *std::move(stored));
    }
    return;
  }
  if (absl::IsNotFound(stored.status())) {
    Lose(status, std::nullopt);
    return;
  }
  if (suspended_) {
    writing_ = false;
    BeQuiet();  // the next start reads it
    return;
  }
  LogError("job_read_failed", {{"job_id", record_.job().job_id()},
                               {"trace_id", record_.trace_id()},
                               {"error", DescribeForLog(stored.status())}});
  context_.on.loop.PostAfter(backoff, [self = shared_from_this(), write = std::move(write),
                                       then = std::move(then), backoff, status]() mutable {
    self->Reread(std::move(write), std::move(then), std::min(backoff * 2, kLongestStoreBackoff),
                 status);
  });
}

void JobDriver::Refused(const JobWrite& write, const absl::Status& status) {
  writing_ = false;
  if (suspended_) {
    BeQuiet();
    return;
  }
  const bool was_end = IsEnd(write.record.job().state());
  if (was_end && refused_) {
    Lose(status, std::nullopt);  // not even a bare failure can be stored
    return;
  }
  refused_ = was_end;
  ending_.reset();
  Fail(ErrorBuilder(absl::StatusCode::kInternal, "STORE_REFUSED",
                    "the store does not take what the job came to; see the server's log")
           .Build(),
       "the store refused its next step");
}

void JobDriver::Lose(const absl::Status& status, std::optional<internal::v1::JobRecord> stored) {
  writing_ = false;
  Abandon();
  if (deadline_timer_ != 0) context_.on.loop.Cancel(std::exchange(deadline_timer_, 0));
  LogError("job_lost", {{"job_id", record_.job().job_id()},
                        {"trace_id", record_.trace_id()},
                        {"stored_revision", stored.has_value() ? stored->job().revision() : 0},
                        {"error", DescribeForLog(status)}});
  AnswerWaiters(status);
  if (!IsEnd(record_.job().state())) {
    context_.CountMove(record_.job().state(), v1::JOB_STATE_UNSPECIFIED);
  }
  BeQuiet();
  farewell_.ended(record_.job().job_id());
  if (stored.has_value() && !suspended_ && !IsEnd(stored->job().state())) {
    farewell_.overtaken(*std::move(stored));
  }
}

void JobDriver::BeQuiet() {
  if (quiet_) std::exchange(quiet_, nullptr)();
}

void JobDriver::AnswerWaiters(const absl::Status& status) {
  for (auto& entry : std::exchange(cancel_waiters_, {})) entry.second(status);
}

void JobDriver::Committed(const JobWrite& write, Task then) {
  writing_ = false;
  const bool visible = write.record.job().revision() != record_.job().revision();
  context_.CountMove(record_.job().state(), write.record.job().state());
  record_ = write.record;
  if (visible) Publish(record_.job());
  if (IsEnd(record_.job().state())) {
    then();  // the end has its own bookkeeping, also while suspended
    BeQuiet();
    return;
  }
  if (suspended_) {
    if (record_.submission_phase() == internal::v1::SUBMISSION_PHASE_INTENT && !submitting_ &&
        !fate_unknown_) {
      // The POST of this intent was not sent, and will not be: the next start must not wonder.
      ClearIntent([] {});
      return;
    }
    BeQuiet();
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
  AnswerWaiters(DrainingError());
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
  const uint64_t waiter = ++last_waiter_;
  cancel_waiters_[waiter] = std::move(done);
  context_.on.loop.PostAfter(kCancelLimit, [weak = weak_from_this(), waiter] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    const auto found = self->cancel_waiters_.find(waiter);
    if (found == self->cancel_waiters_.end()) return;  // has its answer
    Engine::JobCallback late = std::move(found->second);
    self->cancel_waiters_.erase(found);
    late(ErrorBuilder(absl::StatusCode::kUnavailable, "END_NOT_STORED",
                      "the job will end, but the server cannot store that now; watch the job, or "
                      "ask again")
             .RetryAfter(kCancelLimit)
             .Resource("job", self->record_.job().job_id())
             .Build());
  });
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

bool JobDriver::AuditWritable() {
  const absl::Status status = context_.on.audit_writable();
  if (context_.audit_blocked != status.ok()) return status.ok();
  context_.audit_blocked = !status.ok();
  if (status.ok()) {
    LogInfo("audit_writable_again");
  } else {
    LogError("audit_not_writable", {{"note", "no job ends until it is"},
                                    {"job_id", record_.job().job_id()},
                                    {"trace_id", record_.trace_id()},
                                    {"error", DescribeForLog(status)}});
  }
  return status.ok();
}

void JobDriver::WriteEnding() {
  if (!AuditWritable()) {
    audit_backoff_ = std::clamp(audit_backoff_ * 2, kFirstAuditBackoff, kLongestAuditBackoff);
    After(audit_backoff_, [this] { WriteEnding(); });
    return;
  }
  const absl::Time now = context_.on.loop.Now();
  Ending& ending = *ending_;
  auto write = std::make_shared<JobWrite>();
  write->expected_revision = record_.job().revision();
  write->record = record_;
  auto* job = write->record.mutable_job();
  if (const auto status = Advance(*job, ending.state, now); !status.ok()) {
    LogError("job_transition_refused", {{"job_id", job->job_id()},
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
  // Clamped: a wall clock that was set, or a server that was down for a month.
  audit.set_processing_duration_ms(static_cast<int32_t>(
      std::clamp<int64_t>(absl::ToInt64Milliseconds(now - FromTimestamp(job->create_time())), 0,
                          std::numeric_limits<int32_t>::max())));
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
        for (auto& entry : std::exchange(cancel_waiters_, {})) {
          if (finished.state() == v1::JOB_STATE_CANCELLED) {
            entry.second(finished);
          } else {
            entry.second(JobEndedError(finished));
          }
        }
        ending_->place = nullptr;  // the result is durable
        farewell_.ended(finished.job_id());
      },
      kFirstStoreBackoff);
}

}  // namespace cxscribe
