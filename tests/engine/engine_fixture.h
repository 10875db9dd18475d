// An engine in virtual time: a CXone that answers as the test scripts it, a pipeline that does as
// it is told, a store in memory. Nothing here waits: the test moves the clock.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/rpc/status.pb.h"
#include "server/base/error.h"
#include "server/base/random.h"
#include "server/engine/engine.h"
#include "server/job/states.h"
#include "server/telemetry/metrics.h"
#include "tests/support/fake_job_store.h"
#include "tests/support/manual_loop.h"

namespace cxscribe {

inline UpstreamOutcome Failure(UpstreamFailure failure, int http_status,
                               RequestFate fate = RequestFate::kNotProcessed) {
  UpstreamOutcome outcome;
  outcome.failure = failure;
  outcome.http_status = http_status;
  outcome.fate = fate;
  outcome.message = "scripted failure";
  return outcome;
}

// Answers from scripts; where a script is empty, as a CXone in good health would.
class ScriptedCxone final : public CxoneClient {
 public:
  explicit ScriptedCxone(TimerExecutor& loop) : loop_(loop) {}

  void GetRecordings(const std::vector<std::string>& ids,
                     Callback<std::vector<UpstreamRecording>> done) override {
    lookups.push_back(ids);
    UpstreamResult<std::vector<UpstreamRecording>> result;
    if (!lookup_failures.empty()) {
      result.outcome = Take(lookup_failures);
    } else {
      for (const std::string& id : ids) {
        if (unknown.count(id) > 0) continue;
        const auto special = recordings.find(id);
        result.value.push_back(special != recordings.end()
                                   ? special->second
                                   : UpstreamRecording{id, "wav", 1 << 20, "audio/wav"});
      }
    }
    loop_.Post([done = std::move(done), result = std::move(result)]() mutable {
      done(std::move(result));
    });
  }

  void Submit(const UpstreamSubmission& submission, Callback<std::string> done) override {
    submissions.push_back(submission);
    if (hold_submissions) {
      held.push_back(std::move(done));
      return;
    }
    UpstreamResult<std::string> result;
    if (!submit_failures.empty()) {
      result.outcome = Take(submit_failures);
    } else {
      result.value = "txn_" + std::to_string(submissions.size());
    }
    loop_.Post([done = std::move(done), result = std::move(result)]() mutable {
      done(std::move(result));
    });
  }

  void GetTranscription(const std::string& transcription_id, const std::vector<std::string>& ids,
                        Callback<UpstreamTranscription> done) override {
    poll_times.push_back(loop_.Now());
    polled.push_back(transcription_id);
    UpstreamResult<UpstreamTranscription> result;
    if (!polls.empty()) {
      result = std::move(polls.front());
      polls.pop_front();
    } else {
      result = Completed(transcription_id, ids);
    }
    loop_.Post([done = std::move(done), result = std::move(result)]() mutable {
      done(std::move(result));
    });
  }

  static UpstreamResult<UpstreamTranscription> Completed(const std::string& id,
                                                         const std::vector<std::string>& ids) {
    UpstreamResult<UpstreamTranscription> result;
    result.value.id = id;
    result.value.status = UpstreamStatus::kCompleted;
    result.value.progress_percent = 100;
    v1::Transcript transcript;
    transcript.set_accuracy_score(0.94);
    for (const std::string& recording : ids) {
      auto* segment = transcript.add_segments();
      segment->set_recording_id(recording);
      segment->set_text("hello");
      segment->set_end_ms(1000);
    }
    result.value.transcript = std::move(transcript);
    return result;
  }

  static UpstreamResult<UpstreamTranscription> Running(UpstreamStatus status, int percent) {
    UpstreamResult<UpstreamTranscription> result;
    result.value.status = status;
    result.value.progress_percent = percent;
    return result;
  }

  static UpstreamResult<UpstreamTranscription> Failed(UpstreamOutcome outcome) {
    UpstreamResult<UpstreamTranscription> result;
    result.outcome = std::move(outcome);
    return result;
  }

  std::map<std::string, UpstreamRecording> recordings;
  std::set<std::string> unknown;
  std::deque<UpstreamOutcome> lookup_failures;
  std::deque<UpstreamOutcome> submit_failures;
  std::deque<UpstreamResult<UpstreamTranscription>> polls;
  bool hold_submissions = false;
  std::vector<Callback<std::string>> held;

  std::vector<std::vector<std::string>> lookups;
  std::vector<UpstreamSubmission> submissions;
  std::vector<std::string> polled;
  std::vector<absl::Time> poll_times;

 private:
  static UpstreamOutcome Take(std::deque<UpstreamOutcome>& script) {
    UpstreamOutcome outcome = std::move(script.front());
    script.pop_front();
    return outcome;
  }

  TimerExecutor& loop_;
};

// Hands the transcript back as it came, or does what `run` says.
class ScriptedPipeline final : public Pipeline {
 public:
  const std::string& name() const override { return name_; }
  const std::string& hash() const override { return hash_; }
  v1::Pipeline Describe() const override { return {}; }
  PipelineResult Run(v1::Transcript transcript, const PipelineRequest& request) const override {
    ++runs;
    last_request = request;
    if (run) return run(std::move(transcript), request);
    PipelineResult result;
    result.transcript = std::move(transcript);
    result.compliance.set_pii_redacted(v1::OUTCOME_PASS);
    return result;
  }

  std::function<PipelineResult(v1::Transcript, const PipelineRequest&)> run;
  mutable int runs = 0;
  mutable PipelineRequest last_request;
  std::string hash_ = "pipeline-hash";

 private:
  const std::string name_ = "default";
};

class RecordingListener final : public JobListener {
 public:
  void OnJobChanged(const v1::Job& job) override { changes.push_back(job); }
  std::vector<v1::Job> changes;
};

class EngineTest : public testing::Test {
 protected:
  EngineTest() : store_(loop_), cxone_(loop_), pipeline_(std::make_shared<ScriptedPipeline>()) {
    pipelines_ = std::make_shared<PipelineSet>();
    pipelines_->pipelines["default"] = pipeline_;
    AccountSettings account;
    account.name = "default";
    account.budget = {100'000, absl::Seconds(1)};  // tests of the budget set their own
    settings_.accounts["default"] = account;
    pipelines_->redaction_policies["pii"] = {"pii", {"CREDIT_CARD"}, "pii"};
    settings_.jobs.deadline = absl::Hours(4);
  }

  // Makes the engine, as a server that starts does; a second call is a restart on the same store.
  void StartEngine() {
    engine_.reset();
    listener_.changes.clear();
    engine_ = std::make_unique<Engine>(
        EngineDependencies{.loop = loop_,
                           .store = store_,
                           .random = random_,
                           .metrics = metrics_,
                           .listener = listener_,
                           .clients = {{"default", &cxone_}, {"other", &cxone_}},
                           .try_run =
                               [this](const std::string&, Task task) {
                                 if (refuse_runs > 0) {
                                   --refuse_runs;
                                   return false;
                                 }
                                 if (hold_runs) {
                                   held_runs.push_back(std::move(task));
                                 } else {
                                   loop_.Post(std::move(task));
                                 }
                                 return true;
                               },
                           .pipelines = [this] { return pipelines_; },
                           .audit_writable = [this] { return audit_status; },
                           .webhook_stored = [this] { ++webhooks_stored; }},
        settings_);
    std::optional<absl::Status> started;
    engine_->Recover([&started](absl::Status status) { started = std::move(status); });
    loop_.RunReady();
    ASSERT_TRUE(started.has_value());
    ASSERT_TRUE(started->ok()) << *started;
    if (!run_engine) return;
    engine_->Run();
    loop_.RunReady();
  }

  static internal::v1::JobRecord Request(std::vector<std::string> ids = {"rec_1"}) {
    internal::v1::JobRecord record;
    record.set_tenant("default");
    record.set_actor("tester");
    record.set_trace_id("0af7651916cd43dd8448eb211c80319c");
    auto* job = record.mutable_job();
    for (std::string& id : ids) job->add_recording_ids(std::move(id));
    job->set_language("en-US");
    job->set_redaction_policy("pii");
    job->set_pipeline("default");
    job->set_punctuation(true);
    job->set_diarization(true);
    return record;
  }

  // Submits and returns the job's id; nothing has moved yet but the create.
  std::string Submit(internal::v1::JobRecord record = Request()) {
    std::string job_id;
    engine_->Submit(std::move(record), [&job_id](absl::StatusOr<CreateOutcome> outcome) {
      ASSERT_TRUE(outcome.ok()) << outcome.status();
      job_id = outcome->record.job().job_id();
    });
    for (int i = 0; i < 1000 && job_id.empty(); ++i) loop_.RunReady();
    return job_id;
  }

  v1::Job Job(const std::string& job_id) const {
    const auto record = store_.Find(job_id);
    return record.has_value() ? record->job() : v1::Job();
  }
  v1::JobState State(const std::string& job_id) const { return Job(job_id).state(); }
  std::string Reason(const std::string& job_id) const {
    return ReasonOf(FromRpcStatus(Job(job_id).error()));
  }
  absl::StatusCode Code(const std::string& job_id) const {
    return static_cast<absl::StatusCode>(Job(job_id).error().code());
  }

  // Runs until the job has ended or `limit` of virtual time has passed.
  void RunToEnd(const std::string& job_id, absl::Duration limit = absl::Hours(5)) {
    const absl::Time stop = loop_.Now() + limit;
    loop_.RunReady();
    while (!IsEnd(State(job_id)) && loop_.Now() < stop && loop_.AdvanceToNextTimer()) {
    }
  }

  absl::StatusOr<v1::Job> Cancel(const std::string& job_id, const std::string& tenant = "default") {
    absl::StatusOr<v1::Job> answer = absl::UnknownError("no answer");
    engine_->Cancel(job_id, {tenant, "tester"}, "not needed any more",
                    [&answer](absl::StatusOr<v1::Job> job) { answer = std::move(job); });
    loop_.RunReady();
    return answer;
  }

  absl::Status Delete(const std::string& job_id, const std::string& tenant = "default") {
    absl::Status answer = absl::UnknownError("no answer");
    engine_->Delete(job_id, {tenant, "tester"}, "retention",
                    [&answer](absl::Status status) { answer = std::move(status); });
    loop_.RunReady();
    return answer;
  }

  ManualLoop loop_;
  SeededRandom random_{7};
  Metrics metrics_;
  FakeJobStore store_;
  ScriptedCxone cxone_;
  RecordingListener listener_;
  std::shared_ptr<ScriptedPipeline> pipeline_;
  std::shared_ptr<PipelineSet> pipelines_;
  EngineSettings settings_;
  absl::Status audit_status;
  int webhooks_stored = 0;
  bool run_engine = true;  // false: StartEngine only recovers
  int refuse_runs = 0;
  bool hold_runs = false;
  std::vector<Task> held_runs;
  std::unique_ptr<Engine> engine_;
};

}  // namespace cxscribe
