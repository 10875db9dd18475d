// The steps of a job on its way: validate, submit, poll, run the pipeline. job_driver.cc has what
// they stand on: writes, timers, ends.
#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "server/base/error.h"
#include "server/base/timestamp.h"
#include "server/engine/convert.h"
#include "server/engine/job_driver.h"
#include "server/job/states.h"
#include "server/pipeline/result.h"
#include "server/telemetry/log.h"
#include "server/telemetry/metrics.h"

namespace cxscribe {
namespace {

// How long to wait for room, in memory or in the pool, before looking again.
constexpr absl::Duration kRecheck = absl::Milliseconds(200);

LogLevel ToLogLevel(PluginLogLevel level) {
  switch (level) {
    case PluginLogLevel::kDebug:
      return LogLevel::kDebug;
    case PluginLogLevel::kInfo:
      return LogLevel::kInfo;
    case PluginLogLevel::kWarning:
      return LogLevel::kWarn;
    case PluginLogLevel::kError:
      return LogLevel::kError;
  }
  return LogLevel::kInfo;
}

// Larger than any quota; sums of sizes stop here.
constexpr double kMostBytes = 1e15;

int64_t TotalBytes(const v1::Job& job) {
  double bytes = 0;
  for (const auto& recording : job.recordings()) bytes += recording.size_bytes();
  return static_cast<int64_t>(std::clamp(bytes, 0.0, kMostBytes));
}

}  // namespace

void JobDriver::Start() {
  started_ = true;
  if (ending_.has_value() || suspended_) return;
  resumed_ = record_.job().state() != v1::JOB_STATE_QUEUED;
  const auto& job = record_.job();
  fate_unknown_ = record_.submission_phase() == internal::v1::SUBMISSION_PHASE_INTENT;
  const bool pipeline_gone = pipeline_ == nullptr || !policy_.has_value();
  if (fate_unknown_ && (account_ == nullptr || pipeline_gone ||
                        account_->settings.idempotency != UpstreamIdempotency::kHeader)) {
    NeedAttention(nullptr);  // whatever else is wrong: CXone may be at work, and nobody will ask
    return;
  }
  if (account_ == nullptr) {
    Fail(ErrorBuilder(absl::StatusCode::kFailedPrecondition, "ACCOUNT_GONE",
                      absl::StrCat("the configuration has no account \"", job.account(),
                                   "\" any more, which the job was submitted for"))
             .Build(),
         "its account is gone");
    return;
  }
  if (pipeline_gone) {
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
      } else {
        SendSubmission();  // where its fate is unknown, the key makes it the same submission
      }
      break;
    case v1::JOB_STATE_PROCESSING:
      SchedulePoll(now);  // vendor text is not stored: fetch it again
      break;
    default:
      break;
  }
}

void JobDriver::Arm() {
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
      {Event("STATE_CHANGED",
             absl::StrCat("checking ", record_.job().recording_ids_size(),
                          record_.job().recording_ids_size() == 1 ? " recording with CXone"
                                                                  : " recordings with CXone"))},
      [this] { LookUpRecordings(); });
}

void JobDriver::LookUpRecordings() {
  const std::vector<std::string> ids(record_.job().recording_ids().begin(),
                                     record_.job().recording_ids().end());
  lookup_ = account_->recordings.Find(
      RecordingLookup::Kind::kJob, ids,
      [self = shared_from_this(), generation = generation_](const UpstreamOutcome& outcome,
                                                            const RecordingLookup::Found& found) {
        self->lookup_ = 0;
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
        record.mutable_job()->mutable_recordings()->Assign(recordings.begin(), recordings.end());
        (void)Advance(*record.mutable_job(), v1::JOB_STATE_TRANSCRIBING, context_.on.loop.Now());
      },
      {Event("STATE_CHANGED", "its recordings are in order; submitting to CXone")},
      [this] {
        poll_progress_.audio_bytes = TotalBytes(record_.job());
        SendSubmission();
      });
}

void JobDriver::SendSubmission() {
  ticket_ = account_->gate.Run(CallPriority::kSubmit, [self = shared_from_this()] {
    self->ticket_ = 0;
    self->StoreIntent();
  });
}

void JobDriver::StoreIntent() {
  if (record_.submission_phase() == internal::v1::SUBMISSION_PHASE_INTENT) {
    PostSubmission();  // under the same key as before
    return;
  }
  Step(
      [&](internal::v1::JobRecord& record) {
        record.set_submission_phase(internal::v1::SUBMISSION_PHASE_INTENT);
        *record.mutable_submit_time() = ToTimestamp(context_.on.loop.Now());
      },
      {}, [this] { PostSubmission(); });
}

void JobDriver::PostSubmission() {
  const auto& job = record_.job();
  UpstreamSubmission submission;
  submission.recording_ids.assign(job.recording_ids().begin(), job.recording_ids().end());
  submission.language = job.language();
  submission.redaction_policy = policy_->upstream;
  submission.punctuation = job.punctuation();
  submission.diarization = job.diarization();
  submission.idempotency_key = record_.idempotency_key();
  const bool earlier_unknown = std::exchange(fate_unknown_, true);
  submitting_ = true;
  account_->client.Submit(
      submission, [self = shared_from_this(), generation = generation_, earlier_unknown,
                   started = context_.on.loop.SteadyNow()](UpstreamResult<std::string> result) {
        TimerExecutor& loop = self->context_.on.loop;
        loop.Post([self, generation, earlier_unknown, started, result = std::move(result)] {
          self->submitting_ = false;
          self->account_->Observe("submit", result.outcome, started);
          if (self->generation_ == generation) {
            self->OnSubmitted(result, earlier_unknown);
          } else if (result.outcome.ok()) {
            self->OnOrphan(result.value);
          }
        });
      });
}

void JobDriver::OnSubmitted(const UpstreamResult<std::string>& result, bool earlier_unknown) {
  const UpstreamOutcome& outcome = result.outcome;
  if (outcome.ok()) {
    OnAccepted(result.value);
    return;
  }
  const auto repetition = account_->settings.idempotency == UpstreamIdempotency::kHeader
                              ? Repetition::kSafe
                              : Repetition::kUnsafe;
  // With a key, an earlier attempt's fate stays open until CXone speaks of the submission itself.
  if (outcome.fate == RequestFate::kNotProcessed &&
      (!earlier_unknown || outcome.failure == UpstreamFailure::kRejected)) {
    fate_unknown_ = false;
  }
  const auto retry_or_fail = [this, outcome, repetition] {
    RetryOrFail(outcome, "submitting the transcription", repetition, [this] { SendSubmission(); });
  };
  if (!fate_unknown_) {
    ClearIntent(retry_or_fail);
  } else if (suspended_) {
    BeQuiet();  // the intent stays: the next start decides
  } else if (repetition == Repetition::kUnsafe) {
    NeedAttention(&outcome);
  } else {
    retry_or_fail();
  }
}

void JobDriver::OnAccepted(const std::string& transcription_id) {
  fate_unknown_ = false;
  retries_.Reset();
  poll_progress_.submitted = context_.on.loop.Now();
  LogInfo("transcription_accepted", {{"job_id", record_.job().job_id()},
                                     {"trace_id", record_.trace_id()},
                                     {"transcription_id", transcription_id}});
  Step(
      [&](internal::v1::JobRecord& record) {
        record.set_submission_phase(internal::v1::SUBMISSION_PHASE_ACCEPTED);
        record.mutable_job()->set_transcription_id(transcription_id);
        MarkChanged(*record.mutable_job());
      },
      {Event("SUBMITTED_UPSTREAM", absl::StrCat("CXone took it as ", transcription_id))},
      [this] {
        const absl::Time now = context_.on.loop.Now();
        SchedulePoll(
            account_->planner.NextPoll(poll_progress_, now, context_.on.random.NextDouble()));
      });
}

void JobDriver::ClearIntent(Task then) {
  Step(
      [](internal::v1::JobRecord& record) {
        record.set_submission_phase(internal::v1::SUBMISSION_PHASE_NONE);
      },
      {}, std::move(then));
}

void JobDriver::OnOrphan(const std::string& transcription_id) {
  LogWarn("transcription_orphaned", {{"job_id", record_.job().job_id()},
                                     {"trace_id", record_.trace_id()},
                                     {"transcription_id", transcription_id}});
  // Whoever looks at the ended job should find what CXone made of it.
  if (writing_ || !IsEnd(record_.job().state())) return;
  Step(
      [&](internal::v1::JobRecord& record) {
        record.mutable_job()->set_transcription_id(transcription_id);
        MarkChanged(*record.mutable_job());
      },
      {Event("LATE_ANSWER", absl::StrCat("CXone had taken it as ", transcription_id,
                                         ", and said so after the job's end"))},
      [] {});
}

void JobDriver::RetryOrFail(const UpstreamOutcome& outcome, std::string_view call,
                            Repetition repetition, Task again) {
  // In steady time: a wall clock that is set must neither end nor prolong the retries.
  const absl::Time now = context_.on.loop.SteadyNow();
  const absl::Time deadline =
      record_.has_deadline() ? now + (FromTimestamp(record_.deadline()) - context_.on.loop.Now())
                             : absl::InfiniteFuture();
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

void JobDriver::SchedulePoll(absl::Time when) {
  After(std::max(absl::ZeroDuration(), when - context_.on.loop.Now()), [this] { Poll(); });
}

void JobDriver::Poll() {
  TranscriptRoom::Place place = account_->transcripts.TryTake();
  if (place == nullptr) {
    After(kRecheck, [this] { Poll(); });
    return;
  }
  ticket_ = account_->gate.Run(
      CallPriority::kPoll, [self = shared_from_this(), place = std::move(place)]() mutable {
        self->ticket_ = 0;
        const auto& job = self->record_.job();
        self->account_->client.GetTranscription(
            job.transcription_id(), {job.recording_ids().begin(), job.recording_ids().end()},
            [self, place = std::move(place), generation = self->generation_,
             started = self->context_.on.loop.SteadyNow()](
                UpstreamResult<UpstreamTranscription> result) mutable {
              TimerExecutor& loop = self->context_.on.loop;
              loop.Post([self = std::move(self), place = std::move(place), generation, started,
                         result = std::move(result)]() mutable {
                self->account_->Observe("poll", result.outcome, started);
                if (self->generation_ == generation) {
                  self->OnPolled(std::move(result), std::move(place));
                }
              });
            });
      });
}

void JobDriver::OnPolled(UpstreamResult<UpstreamTranscription> result,
                         TranscriptRoom::Place place) {
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
      // A resumed job took as long as the server was down: that teaches nothing.
      if (!resumed_) {
        account_->planner.Learn(poll_progress_.audio_bytes, now - poll_progress_.submitted);
      }
      BeginProcessing(*std::move(transcription.transcript), std::move(place));
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
  const bool processing = probe.state() == v1::JOB_STATE_PROCESSING;  // resumed
  if (processing || !RaiseProgress(probe, poll_progress_.percent, now)) {
    SchedulePoll(next);
    return;
  }
  Step([&](internal::v1::JobRecord& record) { *record.mutable_job() = std::move(probe); },
       {Event("PROGRESS", absl::StrCat("CXone is at ", poll_progress_.percent, " percent"))},
       [this, next] { SchedulePoll(next); });
}

void JobDriver::BeginProcessing(v1::Transcript transcript, TranscriptRoom::Place place) {
  transcript.set_language(record_.job().language());
  transcript.set_transcription_id(record_.job().transcription_id());
  const int segments = transcript.segments_size();
  auto fetched = std::make_shared<Fetched>(Fetched{std::move(transcript), std::move(place)});
  const bool resumed = record_.job().state() == v1::JOB_STATE_PROCESSING;
  std::vector<v1::JobEvent> events;
  if (!resumed) {
    events.push_back(
        Event("STATE_CHANGED", absl::StrCat("the transcript is here: ", segments, " segments")));
  }
  if (record_.job().pipeline_hash() != pipeline_->hash()) {
    // The configuration has changed meanwhile: evidence names what runs.
    events.push_back(Event("PIPELINE_CHANGED",
                           resumed ? "the pipeline has changed since the job began it"
                                   : "the pipeline has changed since the job was submitted"));
  }
  if (events.empty()) {
    RunPipeline(std::move(fetched));
    return;
  }
  Step(
      [&](internal::v1::JobRecord& record) {
        const absl::Time now = context_.on.loop.Now();
        record.mutable_job()->set_pipeline_hash(pipeline_->hash());
        if (resumed) {
          MarkChanged(*record.mutable_job());
        } else {
          (void)Advance(*record.mutable_job(), v1::JOB_STATE_PROCESSING, now);
          *record.mutable_processing_start_time() = ToTimestamp(now);
        }
      },
      std::move(events),
      [this, fetched = std::move(fetched)]() mutable { RunPipeline(std::move(fetched)); });
}

void JobDriver::RunPipeline(std::shared_ptr<Fetched> fetched) {
  const auto& job = record_.job();
  PipelineRequest request;
  request.language = job.language();
  request.policy = *policy_;
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
  request.log = [job_id = job.job_id(), trace_id = record_.trace_id()](
                    std::string_view stage, PluginLogLevel level, std::string_view line) {
    Log(ToLogLevel(level), "plugin_log",
        {{"job_id", job_id}, {"trace_id", trace_id}, {"stage", stage}, {"message", line}});
  };
  auto deliver = [self = shared_from_this(), generation = generation_](Processed processed) {
    self->context_.on.loop.Post([self, generation, processed = std::move(processed)]() mutable {
      if (self->generation_ == generation) self->OnProcessed(std::move(processed));
    });
  };
  const bool taken = context_.on.try_run(
      pipeline_->name(), [pipeline = pipeline_, fetched, request = std::move(request),
                          deliver = std::move(deliver)]() mutable {
        Processed processed;
        processed.outcome = pipeline->Run(std::move(fetched->transcript), request);
        if (processed.outcome.status.ok()) processed.stored = MakeStoredResult(processed.outcome);
        processed.place = std::move(fetched->place);
        deliver(std::move(processed));
      });
  if (!taken) {
    After(kRecheck,
          [this, fetched = std::move(fetched)]() mutable { RunPipeline(std::move(fetched)); });
  }
}

void JobDriver::OnProgress(int percent) {
  // Only where it costs nothing to wait for: progress never delays the result.
  if (writing_ || suspended_ || ending_.has_value()) return;
  v1::Job probe = record_.job();
  if (!RaiseProgress(probe, percent, context_.on.loop.Now())) return;
  Step([&](internal::v1::JobRecord& record) { *record.mutable_job() = std::move(probe); },
       {Event("PROGRESS", absl::StrCat("the pipeline is at ", percent, " percent"))}, [] {});
}

void JobDriver::OnProcessed(Processed processed) {
  if (writing_) {
    Proceed(
        [this, processed = std::move(processed)]() mutable { OnProcessed(std::move(processed)); });
    return;
  }
  PipelineResult& outcome = processed.outcome;
  for (const auto& stage : outcome.stages) {
    if (stage.pass() == 0) continue;  // it was skipped
    Metrics::StageRun run;
    run.took = absl::Milliseconds(stage.duration_ms());
    run.segments_in = stage.segments_in();
    run.segments_out = stage.segments_out();
    run.findings = stage.findings();
    run.failed = stage.has_error();
    context_.on.metrics.StageRan(record_.job().pipeline(), stage.stage(), run);
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
  ending.place = std::move(processed.place);
  Finish(std::move(ending));
}

}  // namespace cxscribe
