// A server that stops, gracefully or not, at every point of a job's life, and starts again on the
// same store.
#include "tests/engine/engine_fixture.h"

namespace cxscribe {
namespace {

class EngineRecoveryTest : public EngineTest {
 protected:
  // What kill -9 leaves: the store as it is; nothing that was under way comes back.
  void CrashAndRestart() {
    loop_.RunReady();
    engine_->Drain([] {});  // lets go of timers and callbacks; writes nothing
    loop_.RunReady();
    StartEngine();
  }
};

TEST_F(EngineRecoveryTest, AQueuedJobStartsAfterTheRestart) {
  settings_.jobs.max_active = 1;
  StartEngine();
  const std::string first = Submit();
  const std::string second = Submit();
  ASSERT_EQ(State(second), v1::JOB_STATE_QUEUED);
  CrashAndRestart();
  RunToEnd(second);
  EXPECT_EQ(State(first), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(State(second), v1::JOB_STATE_SUCCEEDED);
}

TEST_F(EngineRecoveryTest, AnAcceptedTranscriptionIsPolledNotSubmittedAgain) {
  StartEngine();
  const std::string job_id = Submit();
  ASSERT_EQ(Job(job_id).transcription_id(), "txn_1");
  const int64_t revision = Job(job_id).revision();
  CrashAndRestart();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(cxone_.submissions.size(), 1u);
  for (const v1::Job& change : listener_.changes) EXPECT_GT(change.revision(), revision);
}

TEST_F(EngineRecoveryTest, AnIntentWithoutAnAnswerNeedsAttention) {
  StartEngine();
  cxone_.hold_submissions = true;
  const std::string job_id = Submit();
  ASSERT_EQ(cxone_.submissions.size(), 1u);
  CrashAndRestart();
  EXPECT_EQ(State(job_id), v1::JOB_STATE_NEEDS_ATTENTION);
  EXPECT_EQ(cxone_.submissions.size(), 1u) << "a second transcription is for a person to decide";
}

TEST_F(EngineRecoveryTest, AnIntentIsResubmittedUnderItsKeyWhereTheAccountDedupes) {
  settings_.accounts["default"].idempotency = UpstreamIdempotency::kHeader;
  StartEngine();
  cxone_.hold_submissions = true;
  const std::string job_id = Submit();
  cxone_.hold_submissions = false;
  CrashAndRestart();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  ASSERT_EQ(cxone_.submissions.size(), 2u);
  EXPECT_EQ(cxone_.submissions[0].idempotency_key, cxone_.submissions[1].idempotency_key);
}

TEST_F(EngineRecoveryTest, ACrashBeforeTheIntentIsDurableSubmitsOnce) {
  StartEngine();
  cxone_.lookup_failures.push_back(Failure(UpstreamFailure::kUnavailable, 503));
  const std::string job_id = Submit();  // waits to look its recordings up again
  store_.HoldCommits();
  loop_.AdvanceToNextTimer();
  ASSERT_EQ(store_.held_writes(), 1u) << "the intent";
  EXPECT_TRUE(cxone_.submissions.empty()) << "nothing is sent before its intent is on disk";
  store_.LoseHeldWrites();
  store_.ReleaseCommits();
  engine_->Drain([] {});
  loop_.RunReady();
  StartEngine();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(cxone_.submissions.size(), 1u);
}

TEST_F(EngineRecoveryTest, AJobInThePipelineFetchesItsTranscriptAgain) {
  StartEngine();
  hold_runs = true;
  const std::string job_id = Submit();
  while (held_runs.empty() && loop_.AdvanceToNextTimer()) {
  }
  ASSERT_EQ(State(job_id), v1::JOB_STATE_PROCESSING);
  const size_t polls = cxone_.polled.size();
  hold_runs = false;
  CrashAndRestart();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(cxone_.polled.size(), polls + 1);
  EXPECT_EQ(cxone_.submissions.size(), 1u);
  EXPECT_EQ(store_.AuditDrafts().size(), 1u);
}

TEST_F(EngineRecoveryTest, AFinishedJobIsLeftAlone) {
  StartEngine();
  const std::string job_id = Submit();
  RunToEnd(job_id);
  const int64_t revision = Job(job_id).revision();
  CrashAndRestart();
  loop_.Advance(absl::Hours(5));
  EXPECT_EQ(Job(job_id).revision(), revision);
  EXPECT_EQ(store_.AuditDrafts().size(), 1u);
}

TEST_F(EngineRecoveryTest, TheDeadlineCountsTheTimeThatTheServerWasDown) {
  StartEngine();
  const std::string job_id = Submit();
  engine_->Drain([] {});
  loop_.RunReady();
  loop_.Advance(settings_.jobs.deadline + absl::Seconds(1));
  StartEngine();
  RunToEnd(job_id);
  EXPECT_EQ(Reason(job_id), "JOB_DEADLINE");
}

TEST_F(EngineRecoveryTest, ADrainWhileTheIntentIsStoredLeavesNoRiddle) {
  settings_.accounts["default"].budget = {1, absl::Hours(1)};
  StartEngine();
  const std::string job_id = Submit();  // the lookup has used the budget up
  ASSERT_EQ(State(job_id), v1::JOB_STATE_TRANSCRIBING);
  store_.HoldCommits();
  while (store_.held_writes() == 0 && loop_.AdvanceToNextTimer()) {
  }
  ASSERT_EQ(store_.held_writes(), 1u) << "the intent";
  bool drained = false;
  engine_->Drain([&drained] { drained = true; });
  loop_.RunReady();
  EXPECT_FALSE(drained);
  store_.ReleaseCommits();
  loop_.RunReady();
  EXPECT_TRUE(drained);
  EXPECT_TRUE(cxone_.submissions.empty());
  StartEngine();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(cxone_.submissions.size(), 1u);
}

TEST_F(EngineRecoveryTest, AnEngineThatHasOnlyRecoveredDoesNothingYet) {
  StartEngine();
  cxone_.hold_submissions = true;
  const std::string open = Submit();  // an intent without an answer
  const std::string queued = [this] {
    settings_.jobs.max_active = 1;
    return Submit();
  }();
  engine_->Drain([] {});
  loop_.RunReady();
  const int64_t revision = Job(open).revision();
  const size_t lookups = cxone_.lookups.size();
  run_engine = false;
  StartEngine();
  cxone_.hold_submissions = false;
  const std::string submitted = Submit();
  loop_.Advance(absl::Minutes(1));
  EXPECT_EQ(Job(open).revision(), revision);
  EXPECT_EQ(State(submitted), v1::JOB_STATE_QUEUED);
  EXPECT_EQ(cxone_.lookups.size(), lookups);
  engine_->Run();
  loop_.RunReady();
  EXPECT_EQ(State(open), v1::JOB_STATE_NEEDS_ATTENTION);
  RunToEnd(queued);
  RunToEnd(submitted);
  EXPECT_EQ(State(submitted), v1::JOB_STATE_SUCCEEDED);
}

TEST_F(EngineRecoveryTest, AGoneAccountOrPipelineDoesNotHideAnUnknownFate) {
  for (const bool account : {true, false}) {
    SCOPED_TRACE(account ? "account" : "pipeline");
    settings_.accounts["default"].idempotency =
        account ? UpstreamIdempotency::kNone : UpstreamIdempotency::kHeader;
    StartEngine();
    cxone_.hold_submissions = true;
    auto record = Request();
    const std::string job_id = Submit(std::move(record));
    engine_->Drain([] {});
    loop_.RunReady();
    const EngineSettings before = settings_;
    const auto pipelines = pipelines_->pipelines;
    if (account) {
      auto renamed = settings_.accounts.extract("default");
      renamed.key() = "other";
      settings_.accounts.insert(std::move(renamed));
    } else {
      pipelines_->pipelines.clear();
    }
    StartEngine();
    RunToEnd(job_id);
    EXPECT_EQ(State(job_id), v1::JOB_STATE_NEEDS_ATTENTION);
    EXPECT_EQ(Reason(job_id), "SUBMISSION_UNKNOWN");
    settings_ = before;
    pipelines_->pipelines = pipelines;
  }
}

TEST_F(EngineRecoveryTest, AJobWhosePipelineIsGoneSaysSo) {
  StartEngine();
  const std::string job_id = Submit();
  pipelines_->pipelines.clear();
  CrashAndRestart();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_FAILED);
  EXPECT_EQ(Reason(job_id), "PIPELINE_GONE");
}

TEST_F(EngineRecoveryTest, AJobWhosePolicyIsGoneSaysSo) {
  StartEngine();
  const std::string job_id = Submit();
  pipelines_->redaction_policies.clear();
  CrashAndRestart();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_FAILED);
  EXPECT_EQ(Reason(job_id), "PIPELINE_GONE");
}

TEST_F(EngineRecoveryTest, ARefusedSubmissionLeavesNoRiddle) {
  StartEngine();
  auto refused = Failure(UpstreamFailure::kUnavailable, 503);
  refused.retry_after = absl::Minutes(5);
  cxone_.submit_failures.push_back(refused);
  const std::string job_id = Submit();  // waits to submit again
  ASSERT_EQ(cxone_.submissions.size(), 1u);
  CrashAndRestart();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(cxone_.submissions.size(), 2u);
}

TEST_F(EngineRecoveryTest, AJobThatWaitsForTheBudgetHasNotBeenSubmitted) {
  settings_.accounts["default"].budget = {1, absl::Hours(1)};
  StartEngine();
  const std::string job_id = Submit();  // the lookup has used the budget up
  ASSERT_EQ(State(job_id), v1::JOB_STATE_TRANSCRIBING);
  ASSERT_TRUE(cxone_.submissions.empty());
  CrashAndRestart();
  EXPECT_NE(State(job_id), v1::JOB_STATE_NEEDS_ATTENTION);
}

TEST_F(EngineRecoveryTest, AChangedPipelineIsNamedByTheEvidence) {
  StartEngine();
  hold_runs = true;
  const std::string job_id = Submit();
  while (held_runs.empty() && loop_.AdvanceToNextTimer()) {
  }
  hold_runs = false;
  pipeline_->hash_ = "another-hash";
  CrashAndRestart();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(Job(job_id).pipeline_hash(), "another-hash");
}

TEST_F(EngineRecoveryTest, APipelineThatChangedBeforeItBeganIsTold) {
  settings_.jobs.max_active = 1;
  StartEngine();
  cxone_.hold_submissions = true;
  const std::string first = Submit();
  const std::string job_id = Submit();  // waits its turn
  pipeline_->hash_ = "another-hash";
  cxone_.hold_submissions = false;
  CrashAndRestart();
  RunToEnd(job_id);
  EXPECT_EQ(Job(job_id).pipeline_hash(), "another-hash");
  int told = 0;
  for (const v1::JobEvent& event : store_.Events(job_id))
    told += event.type() == "PIPELINE_CHANGED";
  EXPECT_EQ(told, 1);
}

TEST_F(EngineRecoveryTest, AQueuedJobMeetsItsDeadline) {
  settings_.jobs.max_active = 1;
  StartEngine();
  cxone_.hold_submissions = true;
  Submit();
  const std::string waiting = Submit();
  loop_.Advance(settings_.jobs.deadline + absl::Seconds(1));
  EXPECT_EQ(Reason(waiting), "JOB_DEADLINE");
}

// ---------------------------------------------------------------- drain

TEST_F(EngineRecoveryTest, DrainingWaitsForTheAnswerToASubmission) {
  StartEngine();
  cxone_.hold_submissions = true;
  const std::string job_id = Submit();
  bool drained = false;
  engine_->Drain([&drained] { drained = true; });
  loop_.RunReady();
  EXPECT_FALSE(drained);
  UpstreamResult<std::string> accepted;
  accepted.value = "txn_1";
  cxone_.held[0](accepted);
  loop_.RunReady();
  EXPECT_TRUE(drained);
  EXPECT_EQ(Job(job_id).transcription_id(), "txn_1");
}

TEST_F(EngineRecoveryTest, DrainingTakesNoNewJobsAndStopsAtADurableStep) {
  StartEngine();
  const std::string job_id = Submit();
  bool drained = false;
  engine_->Drain([&drained] { drained = true; });
  loop_.RunReady();
  EXPECT_TRUE(drained);
  absl::Status refused;
  engine_->Submit(
      Request(), [&](const absl::StatusOr<CreateOutcome>& outcome) { refused = outcome.status(); });
  loop_.RunReady();
  EXPECT_EQ(refused.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(refused), "DRAINING");
  loop_.Advance(absl::Hours(5));
  EXPECT_EQ(State(job_id), v1::JOB_STATE_TRANSCRIBING) << "it resumes at the next start";
}

TEST_F(EngineRecoveryTest, DrainingWaitsForAWriteThatIsUnderWay) {
  StartEngine();
  const std::string job_id = Submit();
  store_.HoldCommits();
  cxone_.polls.push_back(ScriptedCxone::Running(UpstreamStatus::kInProgress, 50));
  loop_.AdvanceToNextTimer();
  ASSERT_EQ(store_.held_writes(), 1u);
  bool drained = false;
  engine_->Drain([&drained] { drained = true; });
  loop_.RunReady();
  EXPECT_FALSE(drained);
  store_.ReleaseCommits();
  loop_.RunReady();
  EXPECT_TRUE(drained);
}

}  // namespace
}  // namespace cxscribe
