// The life of a job when all goes well, and what callers may do to it meanwhile.
#include "tests/engine/engine_fixture.h"

namespace cxscribe {
namespace {

using testing::ElementsAre;

TEST_F(EngineTest, TakesAJobThroughItsLife) {
  StartEngine();
  cxone_.polls.push_back(ScriptedCxone::Running(UpstreamStatus::kQueued, 0));
  cxone_.polls.push_back(ScriptedCxone::Running(UpstreamStatus::kInProgress, 40));
  const std::string job_id = Submit(Request({"rec_1", "rec_2"}));
  RunToEnd(job_id);

  const v1::Job job = Job(job_id);
  EXPECT_EQ(job.state(), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(job.status(), "completed");
  EXPECT_EQ(job.progress_percent(), 100);
  EXPECT_EQ(job.transcription_id(), "txn_1");
  EXPECT_EQ(job.pipeline_hash(), "pipeline-hash");
  ASSERT_EQ(job.recordings_size(), 2);
  EXPECT_EQ(job.recordings(0).format(), "wav");
  EXPECT_EQ(cxone_.submissions.size(), 1u);
  EXPECT_EQ(pipeline_->runs, 1);

  std::vector<v1::JobState> states;
  for (const v1::Job& change : listener_.changes) {
    if (states.empty() || states.back() != change.state()) states.push_back(change.state());
  }
  EXPECT_THAT(states, ElementsAre(v1::JOB_STATE_QUEUED, v1::JOB_STATE_VALIDATING,
                                  v1::JOB_STATE_TRANSCRIBING, v1::JOB_STATE_PROCESSING,
                                  v1::JOB_STATE_SUCCEEDED));
}

TEST_F(EngineTest, PublishesRisingRevisionsAndProgressThatNeverGoesBack) {
  StartEngine();
  for (const int percent : {10, 60, 30, 5, 70}) {  // upstream goes back
    cxone_.polls.push_back(ScriptedCxone::Running(UpstreamStatus::kInProgress, percent));
  }
  const std::string job_id = Submit();
  RunToEnd(job_id);
  ASSERT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  int64_t revision = 0;
  int percent = 0;
  for (const v1::Job& change : listener_.changes) {
    EXPECT_EQ(change.revision(), revision + 1);
    EXPECT_GE(change.progress_percent(), percent);
    revision = change.revision();
    percent = change.progress_percent();
  }
}

TEST_F(EngineTest, PublishesNothingThatIsNotDurable) {
  StartEngine();
  store_.HoldCommits();
  engine_->Submit(Request(), [](const absl::StatusOr<CreateOutcome>&) {});
  loop_.RunReady();
  EXPECT_TRUE(listener_.changes.empty());
  store_.ReleaseCommits();
  loop_.RunReady();
  EXPECT_FALSE(listener_.changes.empty());
}

TEST_F(EngineTest, TheEndIsOneStep) {
  StartEngine();
  auto request = Request();
  request.set_webhook_url("https://caller.example/hook");
  const std::string job_id = Submit(std::move(request));
  RunToEnd(job_id);
  ASSERT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  ASSERT_TRUE(store_.Result(job_id).has_value());
  EXPECT_EQ(store_.Result(job_id)->header.status(), "completed");
  ASSERT_EQ(store_.AuditDrafts().size(), 1u);
  EXPECT_EQ(store_.AuditDrafts()[0].event(), "SUCCEEDED");
  EXPECT_EQ(store_.AuditDrafts()[0].segment_count(), 1);
  EXPECT_DOUBLE_EQ(store_.AuditDrafts()[0].accuracy_score(), 0.94);
  ASSERT_EQ(store_.Webhooks().size(), 1u);
  EXPECT_EQ(store_.Webhooks()[0].url(), "https://caller.example/hook");
  EXPECT_EQ(webhooks_stored, 1);
}

TEST_F(EngineTest, AQuarantinedJobEndsWithItsTextWithheld) {
  StartEngine();
  pipeline_->run = [](v1::Transcript transcript, const PipelineRequest&) {
    PipelineResult result;
    result.disposition = Disposition::kQuarantine;
    result.transcript = std::move(transcript);
    result.transcript.mutable_segments(0)->clear_text();
    result.compliance.set_pii_redacted(v1::OUTCOME_FAIL);
    return result;
  };
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_QUARANTINED);
  ASSERT_TRUE(store_.Result(job_id).has_value());
  EXPECT_TRUE(store_.Result(job_id)->header.withheld());
  EXPECT_EQ(store_.AuditDrafts().at(0).event(), "QUARANTINED");
}

TEST_F(EngineTest, AsksThePipelineForWhatTheJobAskedFor) {
  StartEngine();
  auto request = Request();
  request.mutable_job()->set_punctuation(false);
  (*request.mutable_job()->mutable_labels())["team"] = "claims";
  const std::string job_id = Submit(std::move(request));
  RunToEnd(job_id);
  EXPECT_FALSE(pipeline_->last_request.punctuation);
  EXPECT_TRUE(pipeline_->last_request.diarization);
  EXPECT_EQ(pipeline_->last_request.policy.name, "pii");
  EXPECT_EQ(pipeline_->last_request.labels.at("team"), "claims");
  EXPECT_FALSE(pipeline_->last_request.never_withhold);
}

TEST_F(EngineTest, TheCallersWebhookNeverGoesUpstream) {
  StartEngine();
  auto request = Request();
  request.set_webhook_url("https://caller.example/hook");
  const std::string job_id = Submit(std::move(request));
  RunToEnd(job_id);
  ASSERT_EQ(cxone_.submissions.size(), 1u);
  const auto& sent = cxone_.submissions[0];
  EXPECT_EQ(sent.redaction_policy, "pii");
  EXPECT_EQ(sent.idempotency_key, job_id);
}

TEST_F(EngineTest, JobsThatStartTogetherShareTheirLookups) {
  StartEngine();
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) {
    engine_->Submit(Request({"rec_a" + std::to_string(i), "rec_b" + std::to_string(i)}),
                    [&ids](absl::StatusOr<CreateOutcome> outcome) {
                      ids.push_back(outcome->record.job().job_id());
                    });
  }
  loop_.RunReady();
  for (const std::string& job_id : ids) RunToEnd(job_id);
  EXPECT_LE(cxone_.lookups.size(), 3u) << "80 ids of 40 jobs";
  for (const std::string& job_id : ids) EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
}

TEST_F(EngineTest, ABigJobIsLookedUpAHundredIdsACall) {
  StartEngine();
  std::vector<std::string> recordings;
  for (int i = 0; i < 250; ++i) {
    recordings.push_back("rec_" + std::to_string(i));
    cxone_.recordings[recordings.back()] = {recordings.back(), "mp3", 1000, "audio/mpeg"};
  }
  const std::string job_id = Submit(Request(recordings));
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  ASSERT_EQ(cxone_.lookups.size(), 3u);
  for (const auto& lookup : cxone_.lookups) EXPECT_LE(lookup.size(), 100u);
}

TEST_F(EngineTest, RunsNoMoreJobsThanAllowedAndServesTenantsInTurn) {
  settings_.jobs.max_active = 1;
  StartEngine();
  store_.HoldCommits();
  std::vector<std::string> order;
  for (const char* tenant : {"big", "big", "big", "small"}) {
    auto request = Request();
    request.set_tenant(tenant);
    engine_->Submit(std::move(request), [](const absl::StatusOr<CreateOutcome>&) {});
  }
  loop_.RunReady();
  store_.ReleaseCommits();
  loop_.RunReady();
  while (loop_.AdvanceToNextTimer() && store_.AuditDrafts().size() < 4) {
  }
  for (const auto& draft : store_.AuditDrafts()) order.push_back(draft.tenant());
  // The first is taken up when it comes, alone; from then on the tenants take turns.
  EXPECT_THAT(order, ElementsAre("big", "big", "small", "big"));
}

TEST_F(EngineTest, WaitsForRoomInThePool) {
  StartEngine();
  refuse_runs = 3;
  const std::string job_id = Submit();
  RunToEnd(job_id);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(pipeline_->runs, 1);
}

TEST_F(EngineTest, CheckingRecordingsStartsNothing) {
  StartEngine();
  absl::StatusOr<std::vector<v1::RecordingInfo>> good = absl::UnknownError("");
  absl::StatusOr<std::vector<v1::RecordingInfo>> bad = absl::UnknownError("");
  cxone_.unknown.insert("rec_gone");
  engine_->CheckRecordings(Request({"rec_1"}), [&](auto answer) { good = std::move(answer); });
  loop_.RunReady();
  engine_->CheckRecordings(Request({"rec_gone"}), [&](auto answer) { bad = std::move(answer); });
  loop_.RunReady();
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ(good->at(0).recording_id(), "rec_1");
  EXPECT_EQ(ReasonOf(bad.status()), "RECORDINGS_INVALID");
  EXPECT_TRUE(cxone_.submissions.empty());
  EXPECT_TRUE(store_.Jobs().empty());
}

// ---------------------------------------------------------------- cancel and delete

TEST_F(EngineTest, CancelsAJobThatCxoneWorksOn) {
  StartEngine();
  const std::string job_id = Submit();
  ASSERT_EQ(State(job_id), v1::JOB_STATE_TRANSCRIBING);
  const auto answer = Cancel(job_id);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->state(), v1::JOB_STATE_CANCELLED);
  loop_.Advance(absl::Hours(5));
  EXPECT_EQ(State(job_id), v1::JOB_STATE_CANCELLED);
  EXPECT_TRUE(cxone_.polled.empty()) << "nobody waits for it any more";
  EXPECT_EQ(store_.AuditDrafts().at(0).event(), "CANCELLED");
  EXPECT_EQ(store_.AuditDrafts().at(0).reason(), "not needed any more");
}

// As it keeps its pipeline: what was checked is what was promised at Submit.
TEST_F(EngineTest, AJobKeepsThePolicyThatItBeganWith) {
  pipelines_->redaction_policies["pii"] = {"pii", {"CREDIT_CARD"}, "pci"};
  StartEngine();
  const std::string before = Submit();
  pipelines_->redaction_policies["pii"] = {"pii", {"PHONE"}, "phi"};
  RunToEnd(before);
  EXPECT_EQ(cxone_.submissions.back().redaction_policy, "pci");
  EXPECT_THAT(pipeline_->last_request.policy.entity_types, testing::ElementsAre("CREDIT_CARD"));
  const std::string after = Submit();
  RunToEnd(after);
  EXPECT_EQ(cxone_.submissions.back().redaction_policy, "phi");
  EXPECT_THAT(pipeline_->last_request.policy.entity_types, testing::ElementsAre("PHONE"));
}

TEST_F(EngineTest, CancelsAJobThatWaits) {
  settings_.jobs.max_active = 1;
  StartEngine();
  const std::string first = Submit();
  const std::string second = Submit();
  ASSERT_EQ(State(second), v1::JOB_STATE_QUEUED);
  ASSERT_TRUE(Cancel(second).ok());
  EXPECT_EQ(State(second), v1::JOB_STATE_CANCELLED);
  RunToEnd(first);
  EXPECT_EQ(State(first), v1::JOB_STATE_SUCCEEDED);
  EXPECT_EQ(cxone_.submissions.size(), 1u);
}

TEST_F(EngineTest, CancelsAJobInThePipelineAndIgnoresItsResult) {
  StartEngine();
  hold_runs = true;
  const std::string job_id = Submit();
  while (held_runs.empty() && loop_.AdvanceToNextTimer()) {
  }
  ASSERT_EQ(State(job_id), v1::JOB_STATE_PROCESSING);
  bool asked_to_stop = false;
  pipeline_->run = [&](v1::Transcript transcript, const PipelineRequest& request) {
    asked_to_stop = request.cancelled->load();
    PipelineResult result;
    result.transcript = std::move(transcript);
    return result;
  };
  ASSERT_TRUE(Cancel(job_id).ok());
  held_runs[0]();
  loop_.RunReady();
  EXPECT_TRUE(asked_to_stop);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_CANCELLED);
  EXPECT_FALSE(store_.Result(job_id).has_value());
}

TEST_F(EngineTest, ACancelDuringAWriteWaitsForIt) {
  StartEngine();
  const std::string job_id = Submit();
  cxone_.polls.push_back(ScriptedCxone::Running(UpstreamStatus::kInProgress, 50));
  store_.HoldCommits();
  loop_.AdvanceToNextTimer();  // the poll; its progress is being written
  ASSERT_EQ(store_.held_writes(), 1u);
  bool cancelled = false;
  engine_->Cancel(job_id, {"default", "tester"}, "", [&](const absl::StatusOr<v1::Job>& job) {
    cancelled = job.ok() && job->state() == v1::JOB_STATE_CANCELLED;
  });
  loop_.RunReady();
  ASSERT_EQ(store_.held_writes(), 1u) << "never two writes of one job";
  store_.ReleaseCommits();
  loop_.RunReady();
  EXPECT_TRUE(cancelled);
  EXPECT_EQ(State(job_id), v1::JOB_STATE_CANCELLED);
}

TEST_F(EngineTest, CancellingTwiceIsFineAndAfterAnotherEndIsNot) {
  StartEngine();
  const std::string cancelled = Submit();
  ASSERT_TRUE(Cancel(cancelled).ok());
  EXPECT_TRUE(Cancel(cancelled).ok());
  const std::string finished = Submit();
  RunToEnd(finished);
  const auto answer = Cancel(finished);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(answer.status()), "JOB_ENDED");
}

TEST_F(EngineTest, AnotherTenantsJobIsUnknown) {
  StartEngine();
  const std::string running = Submit();
  EXPECT_EQ(Cancel(running, "rivals").status().code(), absl::StatusCode::kNotFound);
  RunToEnd(running);
  EXPECT_EQ(Cancel(running, "rivals").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(Delete(running, "rivals").code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(State(running), v1::JOB_STATE_SUCCEEDED);
}

TEST_F(EngineTest, DeletesOnlyWhatHasEnded) {
  StartEngine();
  const std::string job_id = Submit();
  EXPECT_EQ(ReasonOf(Delete(job_id)), "JOB_NOT_ENDED");
  RunToEnd(job_id);
  EXPECT_TRUE(Delete(job_id).ok());
  EXPECT_FALSE(store_.Find(job_id).has_value());
  EXPECT_EQ(store_.AuditDrafts().back().event(), "DELETED");
  EXPECT_EQ(Delete(job_id).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace cxscribe
