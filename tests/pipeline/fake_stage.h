// FakeStage: a stage whose behaviour is the test's, and builders for what goes through it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugins/host/stage_runner.h"
#include "server/config/redaction_policies.h"
#include "server/pipeline/staged_pipeline.h"

namespace cxscribe {

using Behaviour =
    std::function<absl::StatusOr<RunOutput>(const RunContext& context, const v1::Transcript& in)>;

class FakeRunner final : public StageRunner {
 public:
  explicit FakeRunner(Behaviour behaviour) : behaviour_(std::move(behaviour)) {}
  absl::StatusOr<RunOutput> Run(const RunContext& context, const v1::Transcript& in) override {
    ++calls_;
    auto output = behaviour_(context, in);
    if (output.ok()) {
      for (auto& finding : output->findings) finding.set_stage(stage_);
      for (auto& annotation : output->annotations) annotation.set_stage(stage_);
    }
    return output;
  }
  StageHealth health() const override { return health_; }

  void set_stage(std::string stage) { stage_ = std::move(stage); }
  void set_health(StageState state) { health_.state = state; }
  int calls() const { return calls_; }

 private:
  const Behaviour behaviour_;
  std::string stage_;
  StageHealth health_;
  int calls_ = 0;
};

inline LoadedStage FakeStage(const std::string& name, const std::string& capability,
                             PluginKind kind, Behaviour behaviour, StageSettings settings = {}) {
  auto runner = std::make_shared<FakeRunner>(std::move(behaviour));
  runner->set_stage(name);
  settings.name = name;
  settings.plugin = name + ".so";
  PluginInfo plugin;
  plugin.file = settings.plugin;
  plugin.name = name;
  plugin.version = "1.2.3";
  plugin.capability = capability;
  plugin.kind = kind;
  plugin.sha256 = std::string(63, 'a') + "1";
  return MakeLoadedStage(std::move(settings), std::move(plugin), std::move(runner));
}

inline FakeRunner& RunnerOf(const LoadedStage& stage) {
  return static_cast<FakeRunner&>(*stage.runner);
}

// A stage that verifies redaction.
inline LoadedStage Verifier(Behaviour behaviour, OnFinding on_finding = OnFinding::kRedact,
                            const std::string& name = "redaction-verification") {
  StageSettings settings;
  settings.on_finding = on_finding;
  settings.on_finding_given = true;
  return FakeStage(name, "redaction-verification", PluginKind::kVerify, std::move(behaviour),
                   std::move(settings));
}

inline v1::Segment Segment(const std::string& text, const std::string& speaker = "agent",
                           const std::string& recording = "rec_1") {
  v1::Segment segment;
  segment.set_recording_id(recording);
  segment.set_speaker(speaker);
  segment.set_text(text);
  return segment;
}

inline v1::Transcript TranscriptOf(const std::vector<std::string>& texts) {
  v1::Transcript transcript;
  transcript.set_transcription_id("txn_1");
  transcript.set_language("en-US");
  for (const std::string& text : texts) *transcript.add_segments() = Segment(text);
  return transcript;
}

inline void AddWords(v1::Segment& segment, const std::vector<std::string>& words) {
  for (const std::string& word : words) segment.add_words()->set_text(word);
}

inline v1::Finding Find(int segment, int begin, int end, const std::string& type = "CREDIT_CARD",
                        double score = 0.9) {
  v1::Finding finding;
  v1::Span& span = *finding.add_spans();
  span.set_segment_index(segment);
  span.set_begin(begin);
  span.set_end(end);
  finding.set_entity_type(type);
  finding.set_score(score);
  finding.set_detector("test");
  finding.set_reason("because");
  return finding;
}

// Verifies like a plugin does: finds `needle` wherever it stands.
inline absl::StatusOr<RunOutput> FindText(const v1::Transcript& in, const std::string& needle,
                                          const std::string& type = "CREDIT_CARD") {
  RunOutput output;
  for (int i = 0; i < in.segments_size(); ++i) {
    const std::string& text = in.segments(i).text();
    for (size_t at = text.find(needle); at != std::string::npos; at = text.find(needle, at + 1)) {
      output.findings.push_back(
          Find(i, static_cast<int>(at), static_cast<int>(at + needle.size()), type));
    }
  }
  if (!output.findings.empty()) {
    output.outcome = v1::OUTCOME_FAIL;
    output.reason = "found";
  }
  return output;
}

inline Behaviour Finds(const std::string& needle, const std::string& type = "CREDIT_CARD") {
  return [=](const RunContext&, const v1::Transcript& in) { return FindText(in, needle, type); };
}

inline Behaviour Says(v1::Outcome outcome) {
  return [=](const RunContext&, const v1::Transcript&) -> absl::StatusOr<RunOutput> {
    RunOutput output;
    output.outcome = outcome;
    output.reason = "said so";
    return output;
  };
}

inline Behaviour Errs(absl::Status status) {
  return
      [=](const RunContext&, const v1::Transcript&) -> absl::StatusOr<RunOutput> { return status; };
}

// A transform that upper-cases every text.
inline absl::StatusOr<RunOutput> Shout(const RunContext&, const v1::Transcript& in) {
  RunOutput output;
  output.replaced = true;
  for (int i = 0; i < in.segments_size(); ++i) {
    v1::Segment segment = in.segments(i);
    for (char& c : *segment.mutable_text()) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    output.segments.push_back(std::move(segment));
    output.sources.push_back({i, 1});
  }
  return output;
}

inline PipelineRequest Request(const std::string& policy = "pii") {
  PipelineRequest request;
  request.language = "en-US";
  request.policy = BuiltInRedactionPolicies().at(policy);
  return request;
}

}  // namespace cxscribe
