// What goes wrong, and how the job ends: the error map of the API, the traps of naive clients, a
// store and an audit file that fail.
#include <limits>

#include "tests/engine/engine_fixture.h"
#include "tests/support/log_capture.h"

namespace cxscribe {
namespace {

TEST_F(EngineTest, NamesEveryBadRecordingAtOnce) {
  StartEngine();
  cxone_.unknown.insert("rec_gone");  // CXone leaves it out of its answer without a word
  cxone_.recordings["rec_ogg"] = {"rec_ogg", "ogg", 1, ""};
  cxone_.recordings["rec_big"] = {"rec_big", "wav", int64_t{600} << 20, ""};
  const std::string job_id = Submit(Request({"rec_1", "rec_gone", "rec_ogg", "rec_big"}));
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_FAILED);
  EXPECT_EQ(Code(job_id), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Reason(job_id), "RECORDINGS_INVALID");
  const v1::Job job = Job(job_id);
  std::string details;
  for (const auto& detail : job.error().details()) details += detail.value();
  for (const char* id : {"rec_gone", "rec_ogg", "MiB together"}) {
    EXPECT_NE(details.find(id), std::string::npos) << id;
  }
  EXPECT_TRUE(cxone_.submissions.empty());
}

struct MapRow {
  UpstreamFailure failure;
  int http_status;
  absl::StatusCode code;
  const char* reason;
};

class ErrorMapTest : public EngineTest, public testing::WithParamInterface<MapRow> {};

TEST_P(ErrorMapTest, FailsAtOnceWithTheMappedError) {
  StartEngine();
  const MapRow& row = GetParam();
  cxone_.submit_failures.push_back(Failure(row.failure, row.http_status));
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_FAILED);
  EXPECT_EQ(Code(job_id), row.code);
  EXPECT_EQ(Reason(job_id), row.reason);
  EXPECT_EQ(cxone_.submissions.size(), 1u) << "not worth a second try";
}

INSTANTIATE_TEST_SUITE_P(
    Rows, ErrorMapTest,
    testing::Values(MapRow{UpstreamFailure::kRejected, 400, absl::StatusCode::kInvalidArgument,
                           "UPSTREAM_REJECTED"},
                    MapRow{UpstreamFailure::kCredentials, 401,
                           absl::StatusCode::kFailedPrecondition, "UPSTREAM_CREDENTIALS"},
                    MapRow{UpstreamFailure::kForbidden, 403, absl::StatusCode::kPermissionDenied,
                           "UPSTREAM_FORBIDDEN"}));

TEST_F(EngineTest, ATranscriptionThatIsGoneFailsTheJob) {
  StartEngine();
  cxone_.polls.push_back(ScriptedCxone::Failed(Failure(UpstreamFailure::kGone, 404)));
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(Code(job_id), absl::StatusCode::kNotFound);
  EXPECT_EQ(Reason(job_id), "UPSTREAM_GONE");
}

TEST_F(EngineTest, A503IsTriedAgainAndTheSubmissionIsStillOne) {
  StartEngine();
  for (int i = 0; i < 5; ++i) {
    cxone_.submit_failures.push_back(Failure(UpstreamFailure::kUnavailable, 503));
  }
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(cxone_.submissions.size(), 6u);
}

TEST_F(EngineTest, OutlastsAnOutageOfThirtyMinutes) {
  StartEngine();
  const std::string job_id = Submit();
  const absl::Time back = loop_.Now() + absl::Minutes(30);
  // Far more failures than are needed; they end when the outage does.
  for (int i = 0; i < 500; ++i) {
    cxone_.polls.push_back(ScriptedCxone::Failed(Failure(UpstreamFailure::kUnavailable, 0)));
  }
  while (loop_.Now() < back && loop_.AdvanceToNextTimer()) {
  }
  ASSERT_EQ(State(job_id), v1::JOB_STATE_TRANSCRIBING) << Job(job_id).error().message();
  EXPECT_FALSE(cxone_.polls.empty());
  cxone_.polls.clear();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
}

TEST_F(EngineTest, AnOutageWithoutEndBecomesUnavailable) {
  StartEngine();
  const std::string job_id = Submit();
  for (int i = 0; i < 5000; ++i) {
    cxone_.polls.push_back(ScriptedCxone::Failed(Failure(UpstreamFailure::kUnavailable, 503)));
  }
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_FAILED);
  EXPECT_EQ(Code(job_id), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Reason(job_id), "UPSTREAM_UNAVAILABLE");
}

TEST_F(EngineTest, MalformedAnswersAreTriedAFewTimesOnly) {
  StartEngine();
  const std::string job_id = Submit();
  for (int i = 0; i < 50; ++i) {
    cxone_.polls.push_back(ScriptedCxone::Failed(Failure(UpstreamFailure::kMalformed, 200)));
  }
  RunToEnd(job_id);
  EXPECT_EQ(Code(job_id), absl::StatusCode::kInternal);
  EXPECT_EQ(Reason(job_id), "UPSTREAM_MALFORMED");
  EXPECT_EQ(static_cast<int>(cxone_.polled.size()),
            settings_.accounts.at("default").retry.malformed_attempts);
}

TEST_F(EngineTest, WaitsAsLongAsRetryAfterSays) {
  StartEngine();
  auto throttled = Failure(UpstreamFailure::kThrottled, 429);
  throttled.retry_after = absl::Minutes(2);
  cxone_.polls.push_back(ScriptedCxone::Failed(throttled));
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  ASSERT_EQ(cxone_.poll_times.size(), 2u);
  EXPECT_GE(cxone_.poll_times[1] - cxone_.poll_times[0], absl::Minutes(2));
}

TEST_F(EngineTest, ATranscriptionThatFailsUpstreamFailsTheJobWithUpstreamsWords) {
  StartEngine();
  auto failed = ScriptedCxone::Running(UpstreamStatus::kFailed, 30);
  failed.value.failure_message = "audio is silent";
  cxone_.polls.push_back(failed);
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(Reason(job_id), "UPSTREAM_FAILED");
  EXPECT_NE(Job(job_id).error().message().find("audio is silent"), std::string::npos);
}

TEST_F(EngineTest, ATranscriptionWithoutEndMeetsTheDeadline) {
  StartEngine();
  for (int i = 0; i < 20'000; ++i) {
    cxone_.polls.push_back(ScriptedCxone::Running(UpstreamStatus::kInProgress, 50));
  }
  const std::string job_id = Submit();
  const absl::Time submitted = loop_.Now();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_FAILED);
  EXPECT_EQ(Reason(job_id), "JOB_DEADLINE");
  EXPECT_EQ(loop_.Now() - submitted, settings_.jobs.deadline);
}

TEST_F(EngineTest, AFailedJobProvesNothing) {
  StartEngine();
  pipeline_->run = [](const v1::Transcript&, const PipelineRequest&) {
    PipelineResult result;
    result.status = absl::InternalError("stage punctuation crashed");
    return result;
  };
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_FAILED);
  EXPECT_FALSE(store_.Result(job_id).has_value());
  const auto draft = store_.AuditDrafts().at(0);
  EXPECT_EQ(draft.event(), "FAILED");
  EXPECT_NE(draft.compliance().pii_redacted(), v1::OUTCOME_PASS);
  EXPECT_NE(draft.compliance().diarization_applied(), v1::OUTCOME_PASS);
  EXPECT_NE(draft.compliance().punctuation_restored(), v1::OUTCOME_PASS);
}

// ---------------------------------------------------------------- a submission whose fate is
// unknown

TEST_F(EngineTest, ASubmissionOfUnknownFateIsNotRepeatedBlindly) {
  StartEngine();
  cxone_.submit_failures.push_back(
      Failure(UpstreamFailure::kUnavailable, 0, RequestFate::kUnknown));
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_NEEDS_ATTENTION);
  EXPECT_EQ(Reason(job_id), "SUBMISSION_UNKNOWN");
  EXPECT_EQ(Job(job_id).status(), "in_progress");
  EXPECT_EQ(cxone_.submissions.size(), 1u);
}

TEST_F(EngineTest, WithAKeyItIsRepeatedUnderTheSameKey) {
  settings_.accounts["default"].idempotency = UpstreamIdempotency::kHeader;
  StartEngine();
  cxone_.submit_failures.push_back(
      Failure(UpstreamFailure::kUnavailable, 0, RequestFate::kUnknown));
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  ASSERT_EQ(cxone_.submissions.size(), 2u);
  EXPECT_EQ(cxone_.submissions[0].idempotency_key, cxone_.submissions[1].idempotency_key);
  EXPECT_FALSE(cxone_.submissions[0].idempotency_key.empty());
}

TEST_F(EngineTest, ADeadlineWhileASubmissionIsOpenNeedsAttention) {
  StartEngine();
  cxone_.hold_submissions = true;
  const std::string job_id = Submit();
  loop_.Advance(settings_.jobs.deadline + absl::Seconds(1));
  EXPECT_EQ(State(job_id), v1::JOB_STATE_NEEDS_ATTENTION);
}

TEST_F(EngineTest, ADeadlineWhileSubmissionsAreRefusedIsAFailure) {
  settings_.accounts["default"].retry.max_elapsed = absl::Hours(100);
  settings_.accounts["default"].retry.max_attempts = 1'000'000;
  StartEngine();
  for (int i = 0; i < 5000; ++i) {
    cxone_.submit_failures.push_back(Failure(UpstreamFailure::kUnavailable, 503));
  }
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_FAILED);
}

TEST_F(EngineTest, AnAnswerThatComesAfterTheEndChangesNothingButIsKept) {
  StartEngine();
  cxone_.hold_submissions = true;
  const std::string job_id = Submit();
  ASSERT_EQ(cxone_.held.size(), 1u);
  ASSERT_TRUE(Cancel(job_id).ok());
  UpstreamResult<std::string> late;
  late.value = "txn_late";
  cxone_.held[0](late);
  loop_.RunReady();
  EXPECT_EQ(State(job_id), v1::JOB_STATE_CANCELLED);
  EXPECT_EQ(Job(job_id).transcription_id(), "txn_late") << "an operator can find it at CXone";
  EXPECT_EQ(store_.Events(job_id).back().type(), "LATE_ANSWER");
  EXPECT_TRUE(cxone_.polled.empty());
}

// ---------------------------------------------------------------- our own side

TEST_F(EngineTest, OneBadIdDoesNotSpoilTheJobsThatSharedItsLookup) {
  StartEngine();
  cxone_.lookup_failures.push_back(Failure(UpstreamFailure::kRejected, 400));  // the shared call
  std::vector<std::string> ids;
  for (const char* recording : {"rec_1", "rec_2"}) {
    engine_->Submit(Request({recording}), [&ids](absl::StatusOr<CreateOutcome> outcome) {
      ids.push_back(outcome->record.job().job_id());
    });
  }
  loop_.RunReady();
  for (const std::string& job_id : ids) RunToEnd(job_id);
  for (const std::string& job_id : ids) EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
}

TEST_F(EngineTest, AStoreThatFailsForAWhileLosesNothing) {
  StartEngine();
  const std::string job_id = Submit();
  store_.FailWrites(3, absl::ResourceExhaustedError("the disk is full"));
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(cxone_.submissions.size(), 1u);
}

TEST_F(EngineTest, AWriteThatTheStoreWillNeverTakeFailsTheJob) {
  StartEngine();
  const std::string job_id = Submit();
  store_.FailWrites(1, absl::InternalError("the row is too large"));
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_FAILED);
  EXPECT_EQ(Reason(job_id), "STORE_REFUSED");
}

TEST_F(EngineTest, AJobThatSomebodyElseMovedOnIsLetGoAndItsWaitersAnswered) {
  StartEngine();
  const std::string job_id = Submit();
  store_.FailWrites(1, absl::AbortedError("another revision"));
  const auto answer = Cancel(job_id);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kAborted);
  bool drained = false;
  engine_->Drain([&drained] { drained = true; });
  loop_.RunReady();
  EXPECT_TRUE(drained);
}

TEST_F(EngineTest, AJobThatSomebodyElseMovedOnIsTakenUpAsItIsStored) {
  StartEngine();
  const std::string job_id = Submit();
  store_.FailWrites(1, absl::AbortedError("another revision"));
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(cxone_.submissions.size(), 1u);
  EXPECT_THAT(metrics_.Render(), testing::HasSubstr("jobs_unfinished{state=\"TRANSCRIBING\"} 0"));
}

TEST_F(EngineTest, AStoreThatCannotBeReadAfterAConflictIsReadAgain) {
  StartEngine();
  const std::string job_id = Submit();
  store_.FailWrites(1, absl::AbortedError("another revision"));
  store_.FailReads(3, absl::UnavailableError("the disk is away"));
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
}

// ---------------------------------------------------------------- checks of recordings

std::vector<std::string> ManyIds(const std::string& prefix, int count) {
  std::vector<std::string> ids;
  for (int i = 0; i < count; ++i) ids.push_back(prefix + std::to_string(i));
  return ids;
}

TEST_F(EngineTest, ChecksComeAfterJobsAndNeverShareTheirCalls) {
  settings_.accounts["default"].budget = {10, absl::Minutes(1)};
  StartEngine();
  std::vector<absl::Status> answers;
  for (int i = 0; i < 20; ++i) {
    engine_->CheckRecordings(Request(ManyIds("check_", 1000)),
                             [&](const auto& answer) { answers.push_back(answer.status()); });
  }
  const std::string job_id = Submit(Request({"rec_1"}));
  loop_.Advance(absl::Seconds(15));
  EXPECT_GE(State(job_id), v1::JOB_STATE_TRANSCRIBING) << "it did not wait behind 200 calls";
  for (const auto& ids : cxone_.lookups) {
    EXPECT_TRUE(ids.size() == 1 || ids.front().substr(0, 6) == "check_");
  }
}

TEST_F(EngineTest, AnAbandonedCheckCostsNothingMore) {
  settings_.accounts["default"].budget = {2, absl::Hours(1)};
  StartEngine();
  std::vector<absl::Status> answers;
  engine_->CheckRecordings(Request(ManyIds("check_", 1000)),
                           [&](const auto& answer) { answers.push_back(answer.status()); });
  loop_.Advance(absl::Minutes(1));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(ReasonOf(answers[0]), "UPSTREAM_BUSY");
  const size_t lookups = cxone_.lookups.size();
  loop_.Advance(absl::Hours(10));
  EXPECT_EQ(cxone_.lookups.size(), lookups) << "nobody waits for the rest";
}

TEST_F(EngineTest, AFailedCheckSendsNoFurtherCalls) {
  StartEngine();
  cxone_.lookup_failures.push_back(Failure(UpstreamFailure::kUnavailable, 503));
  std::vector<absl::Status> answers;
  engine_->CheckRecordings(Request(ManyIds("check_", 1000)),
                           [&](const auto& answer) { answers.push_back(answer.status()); });
  loop_.Advance(absl::Minutes(1));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(cxone_.lookups.size(), 1u);
  EXPECT_EQ(answers[0].code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(answers[0].GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
}

TEST_F(EngineTest, AnUpstreamFailureOfACheckNeverLooksLikeTheCallersOwn) {
  StartEngine();
  const auto check = [this](UpstreamFailure failure, int http_status) {
    cxone_.lookup_failures.push_back(Failure(failure, http_status));
    absl::Status status;
    engine_->CheckRecordings(Request(), [&](const auto& answer) { status = answer.status(); });
    loop_.RunReady();
    return status;
  };
  const absl::Status forbidden = check(UpstreamFailure::kForbidden, 403);
  EXPECT_EQ(forbidden.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(forbidden), "UPSTREAM_FORBIDDEN");
  const absl::Status gone = check(UpstreamFailure::kGone, 404);
  EXPECT_EQ(gone.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(gone), "UPSTREAM_GONE");
  const absl::Status credentials = check(UpstreamFailure::kCredentials, 401);
  EXPECT_EQ(credentials.code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(EngineTest, AJobThatEndedCostsNoFurtherRequests) {
  settings_.accounts["default"].budget = {2, absl::Hours(1)};
  StartEngine();
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    ids.push_back(Submit(Request({"rec_" + std::to_string(i)})));
    loop_.RunReady();
  }
  for (const std::string& job_id : ids) ASSERT_TRUE(Cancel(job_id).ok());
  const auto calls = [this] {
    return cxone_.lookups.size() + cxone_.submissions.size() + cxone_.polled.size();
  };
  const size_t before = calls();
  const std::string job_id = Submit(Request({"rec_last"}));
  loop_.Advance(absl::Minutes(61));
  EXPECT_GE(calls(), before + 2) << "what the ended jobs waited for is this job's now";
  for (size_t i = before; i < cxone_.lookups.size(); ++i) {
    EXPECT_EQ(cxone_.lookups[i].front(), "rec_last");
  }
}

// ---------------------------------------------------------------- bounds

TEST_F(EngineTest, TranscriptsInMemoryAreBounded) {
  StartEngine();
  hold_runs = true;
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(Submit(Request({"rec_" + std::to_string(i)})));
  loop_.Advance(absl::Minutes(10));
  EXPECT_EQ(held_runs.size(), 16u) << "the others wait until these have become results";
  hold_runs = false;
  for (auto& run : std::exchange(held_runs, {})) loop_.Post(std::move(run));
  for (const std::string& job_id : ids) RunToEnd(job_id);
  for (const std::string& job_id : ids) EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
}

TEST_F(EngineTest, ResultsThatCannotBeStoredAreBoundedToo) {
  StartEngine();
  audit_status = absl::UnavailableError("no space left");
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(Submit(Request({"rec_" + std::to_string(i)})));
  loop_.Advance(absl::Minutes(10));
  EXPECT_EQ(pipeline_->runs, 16);
  audit_status = absl::OkStatus();
  for (const std::string& job_id : ids) RunToEnd(job_id);
  for (const std::string& job_id : ids) EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
}

TEST_F(EngineTest, ChecksOfRecordingsAreBoundedInTime) {
  settings_.accounts["default"].budget = {1, absl::Hours(1)};
  StartEngine();
  std::vector<absl::Status> answers;
  for (int i = 0; i < 3; ++i) {
    engine_->CheckRecordings(Request(),
                             [&](const auto& answer) { answers.push_back(answer.status()); });
    loop_.RunReady();
  }
  loop_.Advance(absl::Minutes(1));
  ASSERT_EQ(answers.size(), 3u);
  EXPECT_TRUE(answers[0].ok());
  EXPECT_EQ(answers[2].code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(answers[2]), "UPSTREAM_BUSY");
}

TEST_F(EngineTest, NoJobEndsWhileTheAuditFileCannotBeWritten) {
  StartEngine();
  audit_status = absl::UnavailableError("audit.jsonl: no space left");
  const std::string job_id = Submit();
  loop_.Advance(absl::Minutes(10));
  EXPECT_EQ(State(job_id), v1::JOB_STATE_PROCESSING);
  EXPECT_TRUE(store_.AuditDrafts().empty());
  audit_status = absl::OkStatus();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(pipeline_->runs, 1);
}

TEST_F(EngineTest, ACancelThatCannotBeStoredIsAnsweredAndStaysDecided) {
  StartEngine();
  cxone_.hold_submissions = true;
  const std::string job_id = Submit();
  audit_status = absl::UnavailableError("audit.jsonl: no space left");
  std::vector<absl::Status> answers;
  const auto cancel = [&] {
    engine_->Cancel(job_id, {"default", "tester"}, "",
                    [&](const auto& job) { answers.push_back(job.status()); });
  };
  cancel();
  loop_.Advance(absl::Seconds(11));
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(answers[0]), "END_NOT_STORED");
  EXPECT_TRUE(answers[0].GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
  cancel();
  audit_status = absl::OkStatus();
  loop_.Advance(absl::Seconds(6));
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_TRUE(answers[1].ok()) << answers[1];
  EXPECT_EQ(State(job_id), v1::JOB_STATE_CANCELLED);
}

TEST_F(EngineTest, AnUnwritableAuditFileIsLoggedOnceAndLookedAtLessAndLess) {
  StartEngine();
  audit_status = absl::UnavailableError("audit.jsonl: no space left");
  for (int i = 0; i < 5; ++i) Submit(Request({"rec_" + std::to_string(i)}));
  const LogCapture log;
  loop_.Advance(absl::Minutes(10));
  EXPECT_EQ(log.With("audit_not_writable").size(), 1u);
}

TEST_F(EngineTest, ADurationBeyondTheAuditsRangeIsClamped) {
  settings_.jobs.deadline = absl::Hours(24 * 60);
  StartEngine();
  cxone_.hold_submissions = true;
  const std::string job_id = Submit();
  loop_.Advance(absl::Hours(24 * 40));
  ASSERT_TRUE(Cancel(job_id).ok());
  EXPECT_EQ(store_.AuditDrafts().back().processing_duration_ms(),
            std::numeric_limits<int32_t>::max());
}

TEST_F(EngineTest, APluginsLogLinesKeepTheirLevel) {
  StartEngine();
  pipeline_->run = [](v1::Transcript transcript, const PipelineRequest& request) {
    request.log("stage", PluginLogLevel::kError, "it broke");
    PipelineResult result;
    result.transcript = std::move(transcript);
    return result;
  };
  const LogCapture log;
  RunToEnd(Submit());
  const auto lines = log.With("plugin_log");
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("\"level\":\"error\""), std::string::npos) << lines[0];
}

TEST_F(EngineTest, SpendsNoMoreThanItsBudget) {
  settings_.accounts["default"].budget = {10, absl::Minutes(1)};
  StartEngine();
  std::vector<std::string> ids;
  for (int i = 0; i < 12; ++i) {
    engine_->Submit(Request({"rec_" + std::to_string(i)}),
                    [&ids](absl::StatusOr<CreateOutcome> outcome) {
                      ids.push_back(outcome->record.job().job_id());
                    });
  }
  loop_.RunReady();
  const auto calls = [this] {
    return cxone_.lookups.size() + cxone_.submissions.size() + cxone_.polled.size();
  };
  for (int minute = 1; minute <= 10 && calls() < 25; ++minute) {
    const size_t before = calls();
    loop_.Advance(absl::Minutes(1));
    EXPECT_LE(calls() - before, 10u) << "in minute " << minute;
  }
  for (const std::string& job_id : ids) RunToEnd(job_id);
  for (const std::string& job_id : ids) EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
}

}  // namespace
}  // namespace cxscribe
