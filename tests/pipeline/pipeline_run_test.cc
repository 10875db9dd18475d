// A run of a pipeline: what is skipped, what fails the job, and what evidence is left.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "server/base/timestamp.h"
#include "server/pipeline/transcript_hash.h"
#include "tests/pipeline/fake_stage.h"
#include "tests/support/manual_loop.h"

namespace cxscribe {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

LoadedStage Transform(const std::string& name, Behaviour behaviour, StageSettings settings = {}) {
  return FakeStage(name, name, PluginKind::kTransform, std::move(behaviour), std::move(settings));
}

class PipelineRunTest : public ::testing::Test {
 protected:
  PipelineResult Run(std::vector<LoadedStage> stages, const PipelineRequest& request = Request(),
                     v1::Transcript transcript = TranscriptOf({"hello there", "bye"})) {
    const StagedPipeline pipeline("p", std::move(stages), loop_);
    return pipeline.Run(std::move(transcript), request);
  }

  ManualLoop loop_;
};

TEST_F(PipelineRunTest, StagesRunInOrderAndSeeWhatTheOneBeforeMade) {
  std::vector<std::string> seen;
  const auto note = [&](const RunContext&, const v1::Transcript& in) -> absl::StatusOr<RunOutput> {
    seen.push_back(in.segments(0).text());
    return RunOutput();
  };
  const PipelineResult result =
      Run({Transform("first", note), Transform("shout", Shout), Transform("last", note)});
  ASSERT_TRUE(result.status.ok());
  EXPECT_THAT(seen, ElementsAre("hello there", "HELLO THERE"));
  EXPECT_EQ(result.transcript.segments(1).text(), "BYE");
  EXPECT_EQ(result.transcript.turns_size(), 1);
  EXPECT_EQ(result.talk_statistics.speakers(0).word_count(), 3);
}

TEST_F(PipelineRunTest, AStageIsToldWhatTheJobIsAbout) {
  PipelineRequest request = Request("pci");
  request.language = "de-DE";
  request.labels = {{"team", "red"}};
  StageSettings settings;
  settings.timeout = absl::Seconds(7);
  RunContext seen;
  Run({Transform(
          "t",
          [&](const RunContext& context, const v1::Transcript&) {
            seen = context;
            return RunOutput();
          },
          settings)},
      request);
  EXPECT_EQ(seen.language, "de-DE");
  EXPECT_EQ(seen.redaction_policy, "pci");
  EXPECT_EQ(seen.entity_types, request.policy.entity_types);
  EXPECT_THAT(seen.labels, ElementsAre(std::pair<std::string, std::string>("team", "red")));
  EXPECT_EQ(seen.timeout, absl::Seconds(7));
}

TEST_F(PipelineRunTest, TheJobsDeadlineShortensAStagesTimeout) {
  PipelineRequest request = Request();
  request.deadline = loop_.Now() + absl::Seconds(3);
  absl::Duration timeout;
  Run({Transform("t",
                 [&](const RunContext& context, const v1::Transcript&) {
                   timeout = context.timeout;
                   return RunOutput();
                 })},
      request);
  EXPECT_EQ(timeout, absl::Seconds(3));
}

// ---- skipping

TEST_F(PipelineRunTest, PunctuationAndDiarizationCanBeAskedOff) {
  PipelineRequest request = Request();
  request.punctuation = false;
  request.diarization = false;
  std::vector<LoadedStage> stages = {Transform("punctuation", Shout),
                                     Transform("diarization", Shout)};
  const auto keep = stages;
  const PipelineResult result = Run(std::move(stages), request);
  ASSERT_TRUE(result.status.ok());
  EXPECT_EQ(RunnerOf(keep[0]).calls(), 0);
  EXPECT_EQ(RunnerOf(keep[1]).calls(), 0);
  EXPECT_EQ(result.transcript.segments(0).text(), "hello there");
  EXPECT_EQ(result.compliance.punctuation_restored(), v1::OUTCOME_NOT_RUN);
  EXPECT_EQ(result.compliance.diarization_applied(), v1::OUTCOME_NOT_RUN);
  ASSERT_THAT(result.stages, SizeIs(2));
  for (const v1::StageRecord& record : result.stages) {
    EXPECT_EQ(record.pass(), 0);
    EXPECT_EQ(record.outcome(), v1::OUTCOME_NOT_RUN);
    EXPECT_THAT(record.reason(), HasSubstr("the job asked for no"));
    EXPECT_EQ(record.input_sha256(), "");
    EXPECT_FALSE(record.has_start_time());
  }
}

TEST_F(PipelineRunTest, OutcomesFollowCapabilities) {
  const PipelineResult result =
      Run({Transform("punctuation", Says(v1::OUTCOME_INCONCLUSIVE)),
           Transform("diarization", Says(v1::OUTCOME_PASS)),
           FakeStage("mood", "acme.mood", PluginKind::kTransform, Says(v1::OUTCOME_PASS))});
  EXPECT_EQ(result.compliance.punctuation_restored(), v1::OUTCOME_INCONCLUSIVE);
  EXPECT_EQ(result.compliance.diarization_applied(), v1::OUTCOME_PASS);
  EXPECT_EQ(result.compliance.capabilities().at("acme.mood"), v1::OUTCOME_PASS);
  EXPECT_EQ(result.disposition, Disposition::kDeliver);
}

// ---- failing

TEST_F(PipelineRunTest, ATransformThatErrsFailsTheJobAndLeavesNoText) {
  const absl::Status error =
      ErrorBuilder(absl::StatusCode::kInternal, "PLUGIN_ERROR", "stage t broke").Build();
  std::vector<LoadedStage> stages = {Transform("shout", Shout), Transform("t", Errs(error)),
                                     Transform("never", Shout)};
  const auto keep = stages;
  const PipelineResult result = Run(std::move(stages));
  EXPECT_EQ(result.status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(ReasonOf(result.status), "PLUGIN_ERROR");
  EXPECT_EQ(result.transcript.segments_size(), 0);
  EXPECT_EQ(RunnerOf(keep[2]).calls(), 0);
  ASSERT_THAT(result.stages, SizeIs(2));
  EXPECT_EQ(result.stages[1].outcome(), v1::OUTCOME_INCONCLUSIVE);
  EXPECT_EQ(result.stages[1].error().message(), "stage t broke");
  // A failed job claims nothing.
  EXPECT_EQ(result.compliance.punctuation_restored(), v1::OUTCOME_NOT_RUN);
  EXPECT_EQ(result.compliance.pii_redacted(), v1::OUTCOME_NOT_RUN);
}

TEST_F(PipelineRunTest, ATransformThatMayBeSkippedLeavesTheTextAsItWas) {
  StageSettings settings;
  settings.on_error = OnError::kSkip;
  const PipelineResult result =
      Run({Transform("punctuation", Errs(absl::InternalError("broke")), settings),
           Transform("shout", Shout)});
  ASSERT_TRUE(result.status.ok());
  EXPECT_EQ(result.transcript.segments(0).text(), "HELLO THERE");
  EXPECT_EQ(result.compliance.punctuation_restored(), v1::OUTCOME_INCONCLUSIVE);
  EXPECT_EQ(result.stages[0].error().message(), "broke");
}

TEST_F(PipelineRunTest, OtherVerifiersFailTheJobOrAreSkipped) {
  const auto script = [](OnError on_error) {
    StageSettings settings;
    settings.on_error = on_error;
    return FakeStage("script", "acme.script", PluginKind::kVerify,
                     Errs(absl::InternalError("broke")), settings);
  };
  EXPECT_FALSE(Run({script(OnError::kFail)}).status.ok());
  const PipelineResult skipped = Run({script(OnError::kSkip)});
  ASSERT_TRUE(skipped.status.ok());
  EXPECT_EQ(skipped.disposition, Disposition::kDeliver);
  EXPECT_EQ(skipped.compliance.capabilities().at("acme.script"), v1::OUTCOME_INCONCLUSIVE);
}

TEST_F(PipelineRunTest, APluginsOwnCancelledIsNotACancelledJob) {
  const PipelineResult result = Run({Transform("t", Errs(absl::CancelledError("I gave up")))});
  EXPECT_EQ(result.status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("I gave up"));
}

TEST_F(PipelineRunTest, ACancelledJobStopsBeforeTheNextStage) {
  PipelineRequest request = Request();
  request.cancelled = std::make_shared<std::atomic<bool>>(false);
  std::vector<LoadedStage> stages = {
      Transform("t",
                [&](const RunContext& context, const v1::Transcript&) {
                  EXPECT_EQ(context.cancelled, request.cancelled);
                  request.cancelled->store(true);
                  return RunOutput();
                }),
      Transform("never", Shout)};
  const auto keep = stages;
  const PipelineResult result = Run(std::move(stages), request);
  EXPECT_EQ(result.status.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(ReasonOf(result.status), "JOB_CANCELLED");
  EXPECT_EQ(RunnerOf(keep[1]).calls(), 0);
  EXPECT_EQ(result.transcript.segments_size(), 0);
}

// Even where an error would only be skipped, or withhold the text.
TEST_F(PipelineRunTest, ACancelledJobIsCancelledWhateverTheStageAnswers) {
  PipelineRequest request = Request();
  request.cancelled = std::make_shared<std::atomic<bool>>(false);
  const auto cancelled = [&](const RunContext&,
                             const v1::Transcript&) -> absl::StatusOr<RunOutput> {
    request.cancelled->store(true);
    return absl::InternalError("odd");
  };
  StageSettings skip;
  skip.on_error = OnError::kSkip;
  EXPECT_EQ(Run({Transform("t", cancelled, skip)}, request).status.code(),
            absl::StatusCode::kCancelled);
  request.cancelled->store(false);
  EXPECT_EQ(Run({Verifier(cancelled)}, request).status.code(), absl::StatusCode::kCancelled);
}

TEST_F(PipelineRunTest, AJobPastItsDeadlineDoesNotStartAStage) {
  PipelineRequest request = Request();
  request.deadline = loop_.Now();
  std::vector<LoadedStage> stages = {Transform("t", Shout)};
  const auto keep = stages;
  const PipelineResult result = Run(std::move(stages), request);
  EXPECT_EQ(result.status.code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ReasonOf(result.status), "JOB_DEADLINE");
  EXPECT_EQ(RunnerOf(keep[0]).calls(), 0);
}

TEST_F(PipelineRunTest, AStageThatRunsIntoTheJobsDeadlineFailsTheJob) {
  PipelineRequest request = Request();
  request.deadline = loop_.Now() + absl::Seconds(5);
  StageSettings skip;
  skip.on_error = OnError::kSkip;
  skip.timeout = absl::Seconds(10);
  const PipelineResult result =
      Run({Transform("t", Errs(absl::DeadlineExceededError("too slow")), skip)}, request);
  EXPECT_EQ(ReasonOf(result.status), "JOB_DEADLINE");
}

TEST_F(PipelineRunTest, AStageThatRunsIntoItsOwnTimeoutDoesNotTouchTheJobsDeadline) {
  PipelineRequest request = Request();
  request.deadline = loop_.Now() + absl::Hours(1);
  StageSettings skip;
  skip.on_error = OnError::kSkip;
  const PipelineResult result =
      Run({Transform("t", Errs(absl::DeadlineExceededError("too slow")), skip)}, request);
  EXPECT_TRUE(result.status.ok());
}

// ---- evidence

TEST_F(PipelineRunTest, AStageLeavesItsEvidence) {
  StageSettings settings;
  settings.config = {{"b", 1}, {"a", {1, 2}}};
  const v1::Transcript in = TranscriptOf({"hello there", "bye"});
  const std::string hash_in = TranscriptHash(in);
  const PipelineResult result =
      Run({Transform(
              "shout",
              [&](const RunContext& context, const v1::Transcript& transcript) {
                loop_.Advance(absl::Milliseconds(1500));
                auto output = Shout(context, transcript);
                output->reason = "because";
                output->resources.emplace_back().set_name("m");
                output->annotations.emplace_back().set_key("k");
                return output;
              },
              settings)},
          Request(), in);
  ASSERT_THAT(result.stages, SizeIs(1));
  const v1::StageRecord& record = result.stages[0];
  EXPECT_EQ(record.stage(), "shout");
  EXPECT_EQ(record.plugin(), "shout");
  EXPECT_EQ(record.plugin_version(), "1.2.3");
  EXPECT_THAT(record.plugin_sha256(), SizeIs(64));
  EXPECT_EQ(record.capability(), "shout");
  EXPECT_EQ(record.kind(), v1::STAGE_KIND_TRANSFORM);
  EXPECT_EQ(record.isolation(), "process");
  // printf '{"a":[1,2],"b":1}' | sha256sum
  EXPECT_EQ(CanonicalJson(settings.config), R"({"a":[1,2],"b":1})");
  EXPECT_THAT(record.config_sha256(), SizeIs(64));
  EXPECT_EQ(record.input_sha256(), hash_in);
  EXPECT_EQ(record.output_sha256(), TranscriptHash(result.transcript));
  EXPECT_NE(record.input_sha256(), record.output_sha256());
  EXPECT_EQ(record.segments_in(), 2);
  EXPECT_EQ(record.segments_out(), 2);
  EXPECT_EQ(record.annotations(), 1);
  EXPECT_EQ(record.resources_size(), 1);
  EXPECT_EQ(record.duration_ms(), 1500);
  EXPECT_EQ(FromTimestamp(record.start_time()), loop_.Now() - absl::Milliseconds(1500));
  EXPECT_EQ(record.outcome(), v1::OUTCOME_PASS);
  EXPECT_EQ(record.reason(), "because");
  EXPECT_EQ(record.pass(), 1);
  EXPECT_FALSE(record.has_error());
}

TEST_F(PipelineRunTest, AVerifyingStageHasTheSameHashBeforeAndAfter) {
  const PipelineResult result = Run({Verifier(Finds("absent"))});
  ASSERT_THAT(result.stages, SizeIs(1));
  EXPECT_EQ(result.stages[0].kind(), v1::STAGE_KIND_VERIFY);
  EXPECT_EQ(result.stages[0].input_sha256(), result.stages[0].output_sha256());
}

TEST_F(PipelineRunTest, FindingsThatCameInAreNotGivenOut) {
  v1::Transcript transcript = TranscriptOf({"x"});
  *transcript.add_findings() = Find(0, 0, 1);
  transcript.add_annotations()->set_value("x");
  const PipelineResult result = Run({Transform("shout", Shout)}, Request(), transcript);
  EXPECT_EQ(result.transcript.findings_size(), 0);
  EXPECT_EQ(result.transcript.annotations_size(), 0);
}

// ---- progress and log

TEST_F(PipelineRunTest, ProgressRisesOverAllStagesAndEndsAt100) {
  std::vector<int> percents;
  PipelineRequest request = Request();
  request.progress = [&](int percent) { percents.push_back(percent); };
  const auto half = [](const RunContext& context, const v1::Transcript&) {
    context.progress(0.5);
    context.progress(0.2);  // a plugin that goes back
    context.progress(7);    // or beyond
    return RunOutput();
  };
  Run({Transform("a", half), Transform("b", half)}, request);
  EXPECT_THAT(percents, ElementsAre(25, 50, 75, 99, 100));
}

TEST_F(PipelineRunTest, AFailedRunNeverReports100) {
  int last = 0;
  PipelineRequest request = Request();
  request.progress = [&](int percent) { last = percent; };
  Run({Transform("a", Shout), Transform("b", Errs(absl::InternalError("x")))}, request);
  EXPECT_EQ(last, 50);
}

TEST_F(PipelineRunTest, LogLinesCarryTheirStage) {
  std::vector<std::string> lines;
  PipelineRequest request = Request();
  request.log = [&](std::string_view stage, PluginLogLevel, std::string_view line) {
    lines.push_back(std::string(stage) + ": " + std::string(line));
  };
  Run({Transform("a",
                 [](const RunContext& context, const v1::Transcript&) {
                   context.log(PluginLogLevel::kInfo, "said");
                   return RunOutput();
                 })},
      request);
  EXPECT_THAT(lines, ElementsAre("a: said"));
}

TEST_F(PipelineRunTest, AnEmptyTranscriptGoesThrough) {
  const PipelineResult result =
      Run({Transform("shout", Shout), Verifier(Finds("x"))}, Request(), TranscriptOf({}));
  ASSERT_TRUE(result.status.ok());
  EXPECT_EQ(result.compliance.pii_redacted(), v1::OUTCOME_PASS);
  EXPECT_EQ(result.transcript.segments_size(), 0);
}

}  // namespace
}  // namespace cxscribe
