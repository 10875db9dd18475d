#include "server/engine/job_driver.h"

#include <algorithm>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "google/rpc/status.pb.h"
#include "server/base/error.h"
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

int64_t TotalBytes(const v1::Job& job) {
  double bytes = 0;
  for (const auto& recording : job.recordings()) bytes += recording.size_bytes();
  return static_cast<int64_t>(bytes);
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

// ---------------------------------------------------------------- plumbing

template <typename T, typename Handler>
absl::AnyInvocable<void(T)> JobDriver::OnLoop(Handler handler) {
  return [self = shared_from_this(), generation = generation_,
          handler = std::move(handler)](T value) mutable {
    TimerExecutor& loop = self->context_.on.loop;
    loop.Post([self = std::move(self), generation, handler = std::move(handler),
               value = std::move(value)]() mutable {
      if (self->generation_ == generation) handler(std::move(value));
    });
  };
}

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
  event.set_revision(write->record.job().revision());
  event.set_state(write->record.job().state());
  *event.mutable_time() = ToTimestamp(context_.on.loop.Now());
  write->events.push_back(std::move(event));
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
    // Somebody else has moved the job on: it is theirs now.
    writing_ = false;
    Abandon();
    ended_(record_.job().job_id());
    return;
  }
  if (suspended_) {
    writing_ = false;
    if (quiet_) quiet_();
    return;
  }
  context_.on.loop.PostAfter(backoff, [self = shared_from_this(), write = std::move(write),
                                       then = std::move(then), backoff]() mutable {
    self->Commit(std::move(write), std::move(then), std::min(backoff * 2, kLongestStoreBackoff));
  });
}

void JobDriver::Committed(const JobWrite& write, Task then) {
  writing_ = false;
  const bool visible = write.record.job().revision() != record_.job().revision();
  context_.CountMove(record_.job().state(), write.record.job().state());
  record_ = write.record;
  if (visible) Publish(record_.job());
  if (IsEnd(record_.job().state())) {
    then();  // the end has its own bookkeeping, also while suspended
    if (quiet_) quiet_();
    return;
  }
  if (suspended_) {
    if (quiet_) quiet_();
    return;
  }
  if (ending_.has_value()) {
    WriteEnding();
    return;
  }
  then();
  if (!writing_ && deferred_ != nullptr) std::exchange(deferred_, nullptr)();
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
  Abandon();
  if (deadline_timer_ != 0) context_.on.loop.Cancel(std::exchange(deadline_timer_, 0));
  for (auto& waiter : cancel_waiters_) {
    waiter(DrainingError());
  }
  cancel_waiters_.clear();
  if (writing_) {
    quiet_ = std::move(quiet);
  } else {
    quiet();
  }
}

// ---------------------------------------------------------------- life

void JobDriver::Start() {
  started_ = true;
  if (ending_.has_value() || suspended_) return;
  ArmDeadline();
  const auto& job = record_.job();
  if (account_ == nullptr) {
    Fail(ErrorBuilder(absl::StatusCode::kFailedPrecondition, "ACCOUNT_GONE",
                      absl::StrCat("the configuration has no account \"", job.account(),
                                   "\" any more, which the job was submitted for"))
             .Build(),
         "its account is gone");
    return;
  }
  if (pipeline_ == nullptr ||
      context_.settings.redaction_policies.count(job.redaction_policy()) == 0) {
    Fail(
        ErrorBuilder(absl::StatusCode::kFailedPrecondition, "PIPELINE_GONE",
                     absl::StrCat("the configuration no longer has the pipeline \"", job.pipeline(),
                                  "\" or the redaction policy \"", job.redaction_policy(), "\""))
            .Build(),
        "its pipeline or policy is gone");
    return;
  }
  const absl::Time now = context_.on.loop.Now();
  poll_progress_.submitted = record_.has_submit_time() ? FromTimestamp(record_.submit_time()) : now;
  poll_progress_.audio_bytes = TotalBytes(job);
  fate_unknown_ = record_.submission_phase() == internal::v1::SUBMISSION_PHASE_INTENT;
  switch (job.state()) {
    case v1::JOB_STATE_QUEUED:
      Validate();
      break;
    case v1::JOB_STATE_VALIDATING:
      LookUpRecordings();
      break;
    case v1::JOB_STATE_TRANSCRIBING:
      if (record_.submission_phase() == internal::v1::SUBMISSION_PHASE_ACCEPTED) {
        SchedulePoll(now);
      } else if (account_->settings.idempotency == UpstreamIdempotency::kHeader) {
        SendSubmission();  // the key makes it the same submission
      } else {
        NeedAttention(nullptr);
      }
      break;
    case v1::JOB_STATE_PROCESSING:
      SchedulePoll(now);  // vendor text is not stored: fetch it again
      break;
    default:
      break;
  }
}

void JobDriver::ArmDeadline() {
  if (!record_.has_deadline()) return;
  deadline_timer_ =
      context_.on.loop.PostAt(FromTimestamp(record_.deadline()), [weak = weak_from_this()] {
        if (const auto self = weak.lock()) self->OnDeadline();
      });
}

void JobDriver::OnDeadline() {
  deadline_timer_ = 0;
  const auto& job = record_.job();
  if (record_.submission_phase() == internal::v1::SUBMISSION_PHASE_INTENT && fate_unknown_) {
    NeedAttention(nullptr);
    return;
  }
  Fail(ErrorBuilder(
           absl::StatusCode::kDeadlineExceeded, "JOB_DEADLINE",
           absl::StrCat("the job did not end within ",
                        absl::FormatDuration(context_.settings.jobs.deadline), "; it was ",
                        std::string(StateName(job.state())), " (jobs.deadline sets the time)"))
           .Metadata("state", std::string(StateName(job.state())))
           .Build(),
       "its deadline has passed");
}

void JobDriver::Validate() {
  Step(
      [&](internal::v1::JobRecord& record) {
        (void)Advance(*record.mutable_job(), v1::JOB_STATE_VALIDATING, context_.on.loop.Now());
      },
      Event("STATE_CHANGED",
            absl::StrCat("checking ", record_.job().recording_ids_size(),
                         record_.job().recording_ids_size() == 1 ? " recording with CXone"
                                                                 : " recordings with CXone")),
      [this] { LookUpRecordings(); });
}

void JobDriver::LookUpRecordings() {
  const std::vector<std::string> ids(record_.job().recording_ids().begin(),
                                     record_.job().recording_ids().end());
  // The lookup answers on the loop already; the generation is what is needed of OnLoop here.
  account_->recordings.Find(
      ids, [self = shared_from_this(), generation = generation_](
               const UpstreamOutcome& outcome, const RecordingLookup::Found& found) {
        if (self->generation_ == generation) self->OnRecordings(outcome, found);
      });
}

void JobDriver::OnRecordings(const UpstreamOutcome& outcome, const RecordingLookup::Found& found) {
  if (!outcome.ok()) {
    RetryOrFail(outcome, "looking up the recordings", Repetition::kSafe,
                [this] { LookUpRecordings(); });
    return;
  }
  retries_.Reset();
  const std::vector<std::string> ids(record_.job().recording_ids().begin(),
                                     record_.job().recording_ids().end());
  if (const auto status = JudgeRecordings(ids, found, account_->settings.max_storage_mb);
      !status.ok()) {
    Fail(status, "its recordings cannot be transcribed");
    return;
  }
  std::vector<v1::RecordingInfo> recordings(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    recordings[i] = ToRecordingInfo(found.at(ids[i]));
  }
  BeginSubmission(std::move(recordings));
}

void JobDriver::BeginSubmission(std::vector<v1::RecordingInfo> recordings) {
  Step(
      [&](internal::v1::JobRecord& record) {
        const absl::Time now = context_.on.loop.Now();
        record.mutable_job()->mutable_recordings()->Assign(recordings.begin(), recordings.end());
        (void)Advance(*record.mutable_job(), v1::JOB_STATE_TRANSCRIBING, now);
        record.set_submission_phase(internal::v1::SUBMISSION_PHASE_INTENT);
        *record.mutable_submit_time() = ToTimestamp(now);
      },
      Event("STATE_CHANGED", "its recordings are in order; submitting to CXone"),
      [this] {
        poll_progress_.audio_bytes = TotalBytes(record_.job());
        SendSubmission();
      });
}

void JobDriver::SendSubmission() {
  const auto& job = record_.job();
  UpstreamSubmission submission;
  submission.recording_ids.assign(job.recording_ids().begin(), job.recording_ids().end());
  submission.language = job.language();
  submission.redaction_policy =
      context_.settings.redaction_policies.at(job.redaction_policy()).upstream;
  submission.punctuation = job.punctuation();
  submission.diarization = job.diarization();
  submission.idempotency_key = record_.idempotency_key();
  account_->gate.Run(CallPriority::kSubmit, [self = shared_from_this(), generation = generation_,
                                             submission = std::move(submission)] {
    if (self->generation_ != generation) return;
    const absl::Time started = self->context_.on.loop.Now();
    const bool earlier_unknown = std::exchange(self->fate_unknown_, true);
    self->account_->client.Submit(
        submission,
        self->OnLoop<UpstreamResult<std::string>>([driver = self.get(), started, earlier_unknown](
                                                      const UpstreamResult<std::string>& result) {
          driver->account_->Observe("submit", result.outcome, started);
          driver->OnSubmitted(result, earlier_unknown);
        }));
  });
}

void JobDriver::OnSubmitted(const UpstreamResult<std::string>& result, bool earlier_unknown) {
  const auto repetition = account_->settings.idempotency == UpstreamIdempotency::kHeader
                              ? Repetition::kSafe
                              : Repetition::kUnsafe;
  if (!result.outcome.ok()) {
    // With a key, an earlier attempt's fate stays open until CXone speaks of the submission itself.
    if (result.outcome.fate == RequestFate::kNotProcessed &&
        (!earlier_unknown || result.outcome.failure == UpstreamFailure::kRejected)) {
      fate_unknown_ = false;
    }
    if (repetition == Repetition::kUnsafe && fate_unknown_) {
      NeedAttention(&result.outcome);
    } else {
      RetryOrFail(result.outcome, "submitting the transcription", repetition,
                  [this] { SendSubmission(); });
    }
    return;
  }
  retries_.Reset();
  poll_progress_.submitted = context_.on.loop.Now();
  LogInfo("transcription_accepted", {{"job_id", record_.job().job_id()},
                                     {"trace_id", record_.trace_id()},
                                     {"transcription_id", result.value}});
  Step(
      [&](internal::v1::JobRecord& record) {
        const absl::Time now = context_.on.loop.Now();
        record.set_submission_phase(internal::v1::SUBMISSION_PHASE_ACCEPTED);
        auto* job = record.mutable_job();
        job->set_transcription_id(result.value);
        job->set_revision(job->revision() + 1);
        *job->mutable_update_time() = ToTimestamp(now);
      },
      Event("SUBMITTED_UPSTREAM", absl::StrCat("CXone took it as ", result.value)),
      [this] {
        const absl::Time now = context_.on.loop.Now();
        SchedulePoll(
            account_->planner.NextPoll(poll_progress_, now, context_.on.random.NextDouble()));
      });
}

void JobDriver::SchedulePoll(absl::Time when) {
  After(std::max(absl::ZeroDuration(), when - context_.on.loop.Now()), [this] { Poll(); });
}

void JobDriver::Poll() {
  account_->gate.Run(CallPriority::kPoll, [self = shared_from_this(), generation = generation_] {
    if (self->generation_ != generation) return;
    const auto& job = self->record_.job();
    const absl::Time started = self->context_.on.loop.Now();
    self->account_->client.GetTranscription(
        job.transcription_id(), {job.recording_ids().begin(), job.recording_ids().end()},
        self->OnLoop<UpstreamResult<UpstreamTranscription>>(
            [driver = self.get(), started](UpstreamResult<UpstreamTranscription> result) {
              driver->account_->Observe("poll", result.outcome, started);
              driver->OnPolled(std::move(result));
            }));
  });
}

void JobDriver::OnPolled(UpstreamResult<UpstreamTranscription> result) {
  if (!result.outcome.ok()) {
    RetryOrFail(result.outcome, "polling the transcription", Repetition::kSafe, [this] { Poll(); });
    return;
  }
  retries_.Reset();
  const absl::Time now = context_.on.loop.Now();
  UpstreamTranscription& transcription = result.value;
  ++poll_progress_.polls;
  switch (transcription.status) {
    case UpstreamStatus::kFailed:
      Fail(
          ErrorBuilder(absl::StatusCode::kInternal, "UPSTREAM_FAILED",
                       absl::StrCat("CXone could not transcribe ", record_.job().transcription_id(),
                                    transcription.failure_message.empty() ? "" : ": ",
                                    transcription.failure_message,
                                    "; check the recordings' audio, then submit them again"))
              .Metadata("transcription_id", record_.job().transcription_id())
              .Build(),
          "CXone reports that the transcription failed");
      return;
    case UpstreamStatus::kCompleted:
      account_->planner.Learn(poll_progress_.audio_bytes, now - poll_progress_.submitted);
      BeginProcessing(*std::move(transcription.transcript));
      return;
    case UpstreamStatus::kQueued:
    case UpstreamStatus::kInProgress:
      break;
  }
  // Upstream's progress may go back; neither ours nor the estimate does.
  if (transcription.progress_percent > poll_progress_.percent) {
    poll_progress_.percent = std::min(transcription.progress_percent, 100);
    poll_progress_.unchanged_polls = 0;
  } else {
    ++poll_progress_.unchanged_polls;
  }
  const absl::Time next =
      account_->planner.NextPoll(poll_progress_, now, context_.on.random.NextDouble());
  v1::Job probe = record_.job();
  if (!RaiseProgress(probe, poll_progress_.percent, now)) {
    SchedulePoll(next);
    return;
  }
  Step([&](internal::v1::JobRecord& record) { *record.mutable_job() = std::move(probe); },
       Event("PROGRESS", absl::StrCat("CXone is at ", poll_progress_.percent, " percent")),
       [this, next] { SchedulePoll(next); });
}

void JobDriver::BeginProcessing(v1::Transcript transcript) {
  transcript.set_language(record_.job().language());
  transcript.set_transcription_id(record_.job().transcription_id());
  auto shared = std::make_shared<v1::Transcript>(std::move(transcript));
  if (record_.job().state() == v1::JOB_STATE_PROCESSING) {  // resumed
    RunPipeline(std::move(shared));
    return;
  }
  const int segments = shared->segments_size();
  Step(
      [&](internal::v1::JobRecord& record) {
        const absl::Time now = context_.on.loop.Now();
        (void)Advance(*record.mutable_job(), v1::JOB_STATE_PROCESSING, now);
        record.mutable_job()->set_pipeline_hash(pipeline_->hash());
        *record.mutable_processing_start_time() = ToTimestamp(now);
      },
      Event("STATE_CHANGED", absl::StrCat("the transcript is here: ", segments, " segments")),
      [this, shared = std::move(shared)]() mutable { RunPipeline(std::move(shared)); });
}

void JobDriver::RunPipeline(std::shared_ptr<v1::Transcript> transcript) {
  const auto& job = record_.job();
  PipelineRequest request;
  request.language = job.language();
  request.policy = context_.settings.redaction_policies.at(job.redaction_policy());
  request.punctuation = job.punctuation();
  request.diarization = job.diarization();
  request.labels.insert(job.labels().begin(), job.labels().end());
  if (record_.has_deadline()) request.deadline = FromTimestamp(record_.deadline());
  pipeline_cancelled_ = std::make_shared<std::atomic<bool>>(false);
  request.cancelled = pipeline_cancelled_;
  request.progress = [loop = &context_.on.loop, weak = weak_from_this(),
                      generation = generation_](int percent) {
    loop->Post([weak, generation, percent] {
      const auto self = weak.lock();
      if (self != nullptr && self->generation_ == generation) self->OnProgress(percent);
    });
  };
  request.log = [job_id = job.job_id(), trace_id = record_.trace_id()](std::string_view stage,
                                                                       std::string_view line) {
    LogInfo("plugin_log",
            {{"job_id", job_id}, {"trace_id", trace_id}, {"stage", stage}, {"message", line}});
  };
  auto deliver =
      OnLoop<Processed>([this](Processed processed) { OnProcessed(std::move(processed)); });
  const bool taken =
      context_.on.try_run([pipeline = pipeline_, transcript, request = std::move(request),
                           deliver = std::move(deliver)]() mutable {
        Processed processed;
        processed.outcome = pipeline->Run(std::move(*transcript), request);
        if (processed.outcome.status.ok()) processed.stored = MakeStoredResult(processed.outcome);
        deliver(std::move(processed));
      });
  if (!taken) {
    After(kRecheck, [this, transcript = std::move(transcript)]() mutable {
      RunPipeline(std::move(transcript));
    });
  }
}

void JobDriver::OnProgress(int percent) {
  // Only where it costs nothing to wait for: progress never delays the result.
  if (writing_ || suspended_ || ending_.has_value()) return;
  v1::Job probe = record_.job();
  if (!RaiseProgress(probe, percent, context_.on.loop.Now())) return;
  Step([&](internal::v1::JobRecord& record) { *record.mutable_job() = std::move(probe); },
       Event("PROGRESS", absl::StrCat("the pipeline is at ", percent, " percent")), [] {});
}

void JobDriver::OnProcessed(Processed processed) {
  if (writing_) {
    Proceed(
        [this, processed = std::move(processed)]() mutable { OnProcessed(std::move(processed)); });
    return;
  }
  PipelineResult& outcome = processed.outcome;
  for (const auto& stage : outcome.stages) {
    context_.on.metrics.StageRan(record_.job().pipeline(), stage.stage(),
                                 absl::Milliseconds(stage.duration_ms()));
  }
  Ending ending;
  ending.stages = outcome.stages;
  if (!outcome.status.ok()) {
    ending.state = v1::JOB_STATE_FAILED;
    ending.error = outcome.status;
    ending.message = "the pipeline failed";
    Finish(std::move(ending));
    return;
  }
  for (const auto& chunk : processed.stored.chunks) {
    for (const auto& finding : chunk.findings()) {
      context_.on.metrics.FindingsReported(finding.entity_type(), 1);
    }
  }
  const bool withheld = outcome.disposition == Disposition::kQuarantine;
  ending.state = withheld ? v1::JOB_STATE_QUARANTINED : v1::JOB_STATE_SUCCEEDED;
  ending.message =
      withheld ? "the text is withheld until a person resolves the job" : "the result is ready";
  auto& header = processed.stored.header;
  header.set_withheld(withheld);
  header.set_transcription_id(record_.job().transcription_id());
  header.set_status(std::string(SeedStatus(ending.state)));
  *header.mutable_completed_time() = ToTimestamp(context_.on.loop.Now());
  if (header.has_accuracy_score()) ending.accuracy_score = header.accuracy_score();
  ending.segment_count = header.segment_count();
  ending.result = std::move(processed.stored);
  Finish(std::move(ending));
}

// ---------------------------------------------------------------- ends

void JobDriver::RetryOrFail(const UpstreamOutcome& outcome, std::string_view call,
                            Repetition repetition, Task again) {
  const absl::Time now = context_.on.loop.Now();
  const absl::Time deadline =
      record_.has_deadline() ? FromTimestamp(record_.deadline()) : absl::InfiniteFuture();
  const RetryDecision decision =
      retries_.Next(outcome, repetition, now, deadline, context_.on.random);
  LogWarn("upstream_failed", {{"job_id", record_.job().job_id()},
                              {"trace_id", record_.trace_id()},
                              {"call", call},
                              {"http_status", outcome.http_status},
                              {"attempt", retries_.tally().attempts},
                              {"retry", decision.retry()},
                              {"delay_ms", absl::ToInt64Milliseconds(decision.delay)},
                              {"error", outcome.message}});
  if (decision.retry()) {
    After(decision.delay, std::move(again));
    return;
  }
  // A submission that was refused every time was never accepted: that is a failure, not a riddle.
  if (record_.submission_phase() == internal::v1::SUBMISSION_PHASE_INTENT && fate_unknown_) {
    NeedAttention(&outcome);
    return;
  }
  Fail(JobErrorFor(outcome, call, retries_.tally(), now),
       absl::StrCat(std::string(call), " failed for good"));
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
      absl::StrCat("it is not known whether CXone accepted the submission",
                   outcome == nullptr ? " (the server stopped while it was under way)"
                                      : absl::StrCat(" (", outcome->message, ")"),
                   "; look at CXone for a transcription of these recordings, then resolve the job: "
                   "attach that transcription, submit again, or reject"));
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
             {{"job_id", job->job_id()}, {"error", DescribeForLog(status)}});
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
  audit.set_event(std::string(WebhookEventType(ending.state)));
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
