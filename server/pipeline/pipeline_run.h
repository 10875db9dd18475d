// PipelineRun: one transcript on its way through the stages of one pipeline.
//
// The transforms and verifying stages run in order over the text that came in. If what they found
// has to be masked, it is, and the stages that may not leave anything found run again over the
// masked text. Then turns, statistics and compliance are worked out, and the text is withheld where
// that is what the table of docs/evidence.md says. Every stage leaves a record for every time it
// ran, and one with pass 0 when it was skipped.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/clock.h"
#include "server/pipeline/outcomes.h"
#include "server/pipeline/pipeline.h"
#include "server/pipeline/staged_pipeline.h"

namespace cxscribe {

// "in_process" or "process".
std::string_view IsolationName(Isolation isolation);

// For one thread and one call of Execute. All references must outlive it.
class PipelineRun {
 public:
  PipelineRun(const std::vector<LoadedStage>& stages, const PipelineRequest& request,
              const Clock& clock, v1::Transcript transcript);

  PipelineResult Execute();

 private:
  // What is known so far about a stage.
  struct State {
    StageVerdict verdict;
    TextAction action = TextAction::kDeliver;
    bool ran = false;
  };

  // What came of one call of a stage.
  struct Ran {
    v1::Outcome outcome = v1::OUTCOME_INCONCLUSIVE;
    int findings = 0;
    absl::Status error;
  };

  // All of these return false when the job has failed: result_.status then says why.
  bool FirstPass();
  bool SecondPass();
  bool RunFirst(size_t index);
  bool FailJob(const absl::Status& status);
  void FailCancelled(const LoadedStage& stage);
  void FailDeadline(const LoadedStage& stage);

  // Calls a stage and leaves its record. nullopt when the job has failed: it was cancelled, or its
  // deadline passed.
  std::optional<Ran> RunStage(size_t index, int pass);
  // Takes the output of a stage into the transcript and the record.
  Ran Take(size_t index, RunOutput output, v1::StageRecord& record);
  bool RunsAgain(size_t index) const;
  // Whether the stage will run, and may have text masked or withheld.
  bool GuardsText(const LoadedStage& stage) const;
  // Before the first verifying stage, where any guards the text: takes away what none of them
  // reads. Says what, if anything.
  std::string DropWhatIsNotVerified();
  // Why the request does not want the stage to run; empty: it does.
  std::string ReasonToSkip(const LoadedStage& stage) const;
  absl::StatusOr<RunOutput> Call(size_t index, absl::Duration timeout);
  // Removes the findings that the policy does not cover; returns how many.
  int DropUncovered(const LoadedStage& stage, RunOutput& output) const;
  void DropAnnotationsOf(const LoadedStage& stage);
  void Mask();
  bool Quarantined() const;
  void Finish();

  v1::StageRecord& AddRecord(const LoadedStage& stage, int pass);
  void ReportProgress(size_t index, double fraction);
  bool cancelled() const;

  const std::vector<LoadedStage>& stages_;
  const PipelineRequest& request_;
  const Clock& clock_;
  PipelineResult result_;
  v1::Transcript& transcript_;  // in result_
  std::string hash_;            // of transcript_ as it is now
  std::vector<State> states_;   // of each stage
  // For each finding of the transcript, the stage that reported it.
  std::vector<size_t> finding_stage_;
  bool dropped_ = false;  // what is not verified
  int masked_ = 0;        // findings
  int last_percent_ = -1;
};

}  // namespace cxscribe
