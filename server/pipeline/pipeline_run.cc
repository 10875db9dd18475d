// See pipeline_run.h.
#include "server/pipeline/pipeline_run.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/rpc/status.pb.h>

#include "server/base/error.h"
#include "server/base/timestamp.h"
#include "server/pipeline/masking.h"
#include "server/pipeline/policy_hash.h"
#include "server/pipeline/talk_statistics.h"
#include "server/pipeline/transcript_hash.h"
#include "server/pipeline/turns.h"
#include "server/pipeline/unverifiable.h"

namespace cxscribe {
namespace {

// A plugin's own CANCELLED, when nobody asked it to stop, must not look as if the job was
// cancelled.
absl::Status NotCancelled(const absl::Status& status) {
  if (!absl::IsCancelled(status)) return status;
  absl::Status internal(absl::StatusCode::kInternal, status.message());
  status.ForEachPayload([&internal](absl::string_view type, const absl::Cord& payload) {
    internal.SetPayload(type, payload);
  });
  return internal;
}

}  // namespace

std::string_view IsolationName(Isolation isolation) {
  return isolation == Isolation::kProcess ? "process" : "in_process";
}

PipelineRun::PipelineRun(const std::vector<LoadedStage>& stages, const PipelineRequest& request,
                         const Clock& clock, v1::Transcript transcript)
    : stages_(stages),
      request_(request),
      clock_(clock),
      transcript_(result_.transcript),
      states_(stages.size()) {
  transcript_ = std::move(transcript);
  transcript_.clear_findings();
  transcript_.clear_annotations();
  transcript_.clear_turns();
  hash_ = TranscriptHash(transcript_);
  for (size_t i = 0; i < stages_.size(); ++i) {
    states_[i].verdict.capability = stages_[i].plugin.capability;
  }
}

PipelineResult PipelineRun::Execute() {
  result_.compliance = MakeCompliance({});
  if (!FirstPass()) return std::move(result_);
  const bool mask = std::any_of(states_.begin(), states_.end(), [](const State& state) {
    return state.action == TextAction::kMask;
  });
  // A text that is withheld anyway is left as it was checked.
  if (mask && !Quarantined()) {
    Mask();
    if (!SecondPass()) return std::move(result_);
  }
  Finish();
  return std::move(result_);
}

bool PipelineRun::FirstPass() {
  for (size_t i = 0; i < stages_.size(); ++i) {
    const LoadedStage& stage = stages_[i];
    const std::string reason = ReasonToSkip(stage);
    if (!reason.empty()) {
      v1::StageRecord& record = AddRecord(stage, 0);
      record.set_outcome(v1::OUTCOME_NOT_RUN);
      record.set_reason(reason);
    } else if (!RunFirst(i)) {
      return false;
    }
    ReportProgress(i, 1);
  }
  return true;
}

bool PipelineRun::RunFirst(size_t index) {
  const LoadedStage& stage = stages_[index];
  State& state = states_[index];
  const std::string dropped = stage.verifies() ? DropWhatIsNotVerified() : "";
  const std::optional<Ran> ran = RunStage(index, 1);
  if (!ran) return false;
  if (!dropped.empty()) {
    std::string& reason = *result_.stages.back().mutable_reason();
    absl::StrAppend(&reason, reason.empty() ? "" : "; ", dropped);
  }
  state.ran = true;
  state.verdict.before = ran->outcome;
  state.verdict.after = ran->outcome;
  // A job that its stage may fail is failed; what is left withholds the text, or is of no concern
  // to it.
  const bool fails =
      !ran->error.ok() && !stage.verifies_redaction() && stage.settings.on_error == OnError::kFail;
  if (fails) return FailJob(ran->error);
  if (stage.verifies()) {
    state.action = DecideText(stage.plugin.capability, stage.on_finding, ran->outcome,
                              ran->findings, /*second_pass=*/false);
  }
  return true;
}

bool PipelineRun::GuardsText(const LoadedStage& stage) const {
  return stage.verifies() && ReasonToSkip(stage).empty() &&
         (stage.verifies_redaction() || stage.on_finding != OnFinding::kFlag);
}

std::string PipelineRun::DropWhatIsNotVerified() {
  const bool guarded = std::any_of(stages_.begin(), stages_.end(),
                                   [this](const LoadedStage& stage) { return GuardsText(stage); });
  if (dropped_ || !guarded) return "";
  dropped_ = true;
  const Unverifiable dropped = DropUnverifiable(transcript_);
  if (dropped.segments_without_words == 0 && dropped.speakers_renamed == 0) return "";
  hash_ = TranscriptHash(transcript_);
  std::vector<std::string> parts;
  if (dropped.segments_without_words > 0) {
    parts.push_back(absl::StrCat("dropped the words of ", dropped.segments_without_words,
                                 " segments, which are not those of their texts"));
  }
  if (dropped.speakers_renamed > 0) {
    parts.push_back(absl::StrCat("renamed ", dropped.speakers_renamed,
                                 " speakers, whose labels hold what no name of a speaker does"));
  }
  return absl::StrJoin(parts, "; ");
}

bool PipelineRun::RunsAgain(size_t index) const {
  // What was inconclusive before would be so again; a stage that only flags may leave findings.
  return states_[index].ran && stages_[index].verifies() &&
         stages_[index].on_finding != OnFinding::kFlag &&
         states_[index].verdict.before != v1::OUTCOME_INCONCLUSIVE;
}

bool PipelineRun::SecondPass() {
  for (size_t i = 0; i < stages_.size(); ++i) {
    if (!RunsAgain(i)) continue;
    const std::optional<Ran> ran = RunStage(i, 2);
    if (!ran) return false;
    std::string& reason = *result_.stages.back().mutable_reason();
    absl::StrAppend(&reason, reason.empty() ? "" : "; ", "findings masked before: ", masked_);
    State& state = states_[i];
    state.verdict.after = ran->outcome;
    state.action = DecideText(stages_[i].plugin.capability, stages_[i].on_finding, ran->outcome,
                              ran->findings, /*second_pass=*/true);
    // Whoever has text masked must know that it helped.
    if (!ran->error.ok()) state.action = TextAction::kQuarantine;
  }
  return true;
}

std::optional<PipelineRun::Ran> PipelineRun::RunStage(size_t index, int pass) {
  const LoadedStage& stage = stages_[index];
  if (cancelled()) return FailCancelled(stage), std::nullopt;
  const absl::Time start = clock_.Now();
  const absl::Duration until_deadline = request_.deadline - start;
  if (until_deadline <= absl::ZeroDuration()) return FailDeadline(stage), std::nullopt;

  v1::StageRecord& record = AddRecord(stage, pass);
  record.set_input_sha256(hash_);
  record.set_segments_in(transcript_.segments_size());
  *record.mutable_start_time() = ToTimestamp(start);
  absl::StatusOr<RunOutput> output = Call(index, std::min(stage.settings.timeout, until_deadline));

  Ran ran;
  if (output.ok()) {
    ran = Take(index, *std::move(output), record);
  } else {
    ran.error = cancelled() ? output.status() : NotCancelled(output.status());
    record.set_reason("the stage failed");
    *record.mutable_error() = ToRpcStatus(ran.error);
  }
  record.set_outcome(ran.outcome);
  record.set_output_sha256(hash_);
  record.set_segments_out(transcript_.segments_size());
  // The wall clock may have been set back meanwhile.
  record.set_duration_ms(
      absl::ToDoubleMilliseconds(std::max(clock_.Now() - start, absl::ZeroDuration())));

  if (!ran.error.ok()) {
    if (cancelled()) return FailCancelled(stage), std::nullopt;
    const bool job_deadline = until_deadline <= stage.settings.timeout;
    if (job_deadline && absl::IsDeadlineExceeded(ran.error)) {
      return FailDeadline(stage), std::nullopt;
    }
  }
  return ran;
}

PipelineRun::Ran PipelineRun::Take(size_t index, RunOutput output, v1::StageRecord& record) {
  const LoadedStage& stage = stages_[index];
  const auto emitted = static_cast<int>(output.findings.size());
  const int uncovered = DropUncovered(stage, output);
  Ran ran;
  ran.findings = emitted - uncovered;
  ran.outcome = stage.verifies() ? Verdict(output.outcome, emitted, ran.findings) : output.outcome;
  record.set_reason(output.reason);
  if (uncovered > 0) {
    absl::StrAppend(record.mutable_reason(), record.reason().empty() ? "" : "; ", uncovered,
                    " findings are of types that the policy does not cover");
  }
  record.set_findings(ran.findings);
  record.set_annotations(static_cast<int>(output.annotations.size()));
  for (v1::ResourceDigest& resource : output.resources) {
    *record.add_resources() = std::move(resource);
  }
  const bool changed = output.replaced;
  ApplyOutput(std::move(output), transcript_);
  finding_stage_.resize(static_cast<size_t>(transcript_.findings_size()), index);
  if (changed) hash_ = TranscriptHash(transcript_);
  return ran;
}

bool PipelineRun::FailJob(const absl::Status& status) {
  result_.status = status;
  // What the pipeline has not finished with must not get out.
  result_.transcript.Clear();
  return false;
}

void PipelineRun::FailCancelled(const LoadedStage& stage) {
  FailJob(ErrorBuilder(absl::StatusCode::kCancelled, "JOB_CANCELLED",
                       absl::StrCat("the job was cancelled before stage ", stage.settings.name,
                                    " had ended"))
              .Build());
}

void PipelineRun::FailDeadline(const LoadedStage& stage) {
  FailJob(ErrorBuilder(absl::StatusCode::kDeadlineExceeded, "JOB_DEADLINE",
                       absl::StrCat("the job's deadline passed before stage ", stage.settings.name,
                                    " had ended; jobs.deadline sets it"))
              .Metadata("stage", stage.settings.name)
              .Build());
}

std::string PipelineRun::ReasonToSkip(const LoadedStage& stage) const {
  if (stage.plugin.capability == kPunctuation && !request_.punctuation) {
    return "the job asked for no punctuation";
  }
  if (stage.plugin.capability == kDiarization && !request_.diarization) {
    return "the job asked for no diarization";
  }
  if (stage.verifies_redaction() && request_.policy.entity_types.empty()) {
    return absl::StrCat("the redaction policy ", request_.policy.name, " checks nothing");
  }
  return "";
}

absl::StatusOr<RunOutput> PipelineRun::Call(size_t index, absl::Duration timeout) {
  const LoadedStage& stage = stages_[index];
  RunContext context;
  context.language = request_.language;
  context.redaction_policy = request_.policy.name;
  context.entity_types = request_.policy.entity_types;
  context.labels.assign(request_.labels.begin(), request_.labels.end());
  context.timeout = timeout;
  context.cancelled = request_.cancelled;
  if (request_.log) {
    context.log = [this, &stage](PluginLogLevel level, std::string_view message) {
      request_.log(stage.settings.name, level, message);
    };
  }
  if (request_.progress) {
    context.progress = [this, index](double fraction) { ReportProgress(index, fraction); };
  }
  return stage.runner->Run(context, transcript_);
}

int PipelineRun::DropUncovered(const LoadedStage& stage, RunOutput& output) const {
  if (!stage.verifies_redaction()) return 0;
  const auto covered_end = std::stable_partition(
      output.findings.begin(), output.findings.end(), [this](const v1::Finding& finding) {
        return PolicyCovers(request_.policy, finding.entity_type());
      });
  const auto dropped = static_cast<int>(output.findings.end() - covered_end);
  output.findings.erase(covered_end, output.findings.end());
  return dropped;
}

void PipelineRun::DropAnnotationsOf(const LoadedStage& stage) {
  auto& annotations = *transcript_.mutable_annotations();
  const auto end = std::remove_if(
      annotations.begin(), annotations.end(),
      [&](const v1::Annotation& annotation) { return annotation.stage() == stage.settings.name; });
  annotations.erase(end, annotations.end());
}

void PipelineRun::Mask() {
  for (size_t i = 0; i < stages_.size(); ++i) {
    // It will make them again, of the masked text.
    if (RunsAgain(i)) DropAnnotationsOf(stages_[i]);
  }
  std::vector<bool> masked;
  masked.reserve(finding_stage_.size());
  for (const size_t stage : finding_stage_) {
    masked.push_back(states_[stage].action == TextAction::kMask);
  }
  MaskTranscript(transcript_, masked);
  masked_ =
      static_cast<int>(std::count_if(transcript_.findings().begin(), transcript_.findings().end(),
                                     [](const v1::Finding& finding) { return finding.masked(); }));
  hash_ = TranscriptHash(transcript_);
}

bool PipelineRun::Quarantined() const {
  return std::any_of(states_.begin(), states_.end(),
                     [](const State& state) { return state.action == TextAction::kQuarantine; });
}

void PipelineRun::Finish() {
  std::vector<StageVerdict> verdicts;
  for (const State& state : states_) verdicts.push_back(state.verdict);
  result_.compliance = MakeCompliance(verdicts);
  ComputeTurns(transcript_);
  result_.talk_statistics = ComputeTalkStatistics(transcript_);
  if (Quarantined()) {
    result_.disposition = Disposition::kQuarantine;
    result_.withheld = !request_.never_withhold;
    if (result_.withheld) WithholdText(transcript_);
  }
  ReportProgress(stages_.size(), 0);
}

v1::StageRecord& PipelineRun::AddRecord(const LoadedStage& stage, int pass) {
  v1::StageRecord& record = result_.stages.emplace_back();
  record.set_stage(stage.settings.name);
  record.set_plugin(stage.plugin.name);
  record.set_plugin_version(stage.plugin.version);
  record.set_plugin_sha256(stage.plugin.sha256);
  record.set_capability(stage.plugin.capability);
  record.set_kind(stage.verifies() ? v1::STAGE_KIND_VERIFY : v1::STAGE_KIND_TRANSFORM);
  record.set_isolation(std::string(IsolationName(stage.settings.isolation)));
  record.set_config_sha256(stage.config_sha256);
  record.set_pass(pass);
  if (stage.verifies_redaction()) {
    const RedactionPolicy& policy = request_.policy;
    record.mutable_entity_types()->Assign(policy.entity_types.begin(), policy.entity_types.end());
    record.set_policy_sha256(PolicyHash(policy));
  }
  return record;
}

void PipelineRun::ReportProgress(size_t index, double fraction) {
  if (!request_.progress) return;
  const double done = static_cast<double>(index) + std::clamp(fraction, 0.0, 1.0);
  auto percent =
      static_cast<int>(100 * done / static_cast<double>(std::max<size_t>(1, stages_.size())));
  // 100 means that all of it is done, a second pass included.
  if (index < stages_.size()) percent = std::min(percent, 99);
  percent = std::min(percent, 100);
  if (percent <= last_percent_) return;
  last_percent_ = percent;
  request_.progress(percent);
}

bool PipelineRun::cancelled() const {
  return request_.cancelled != nullptr && request_.cancelled->load();
}

}  // namespace cxscribe
