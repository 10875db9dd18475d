// What goes wrong, and how the job ends: the error map of the API, the traps of naive clients, a
// store and an audit file that fail.
#include "tests/engine/engine_fixture.h"

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
