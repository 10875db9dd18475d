// redaction.so: the verifier over the C ABI. Nothing is decided here.
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <cxscribe/plugin.hpp>

#include "plugins/redaction/evidence.h"
#include "plugins/redaction/language.h"
#include "plugins/redaction/own_detectors.h"
#include "plugins/redaction/plan.h"
#include "plugins/redaction/settings.h"
#include "plugins/redaction/settings_schema.h"
#include "plugins/redaction/verifier.h"

namespace cxscribe::redaction {
namespace {

namespace cx = ::cxscribe::plugin;

// Of a call; the host takes 100,000 annotations, and the rest is counted all the same.
constexpr std::size_t kMostFlags = 50'000;

class RedactionVerifier {
 public:
  static constexpr cx::Info kInfo{CX_KIND_VERIFY,
                                  "redaction",
                                  "0.4.0",
                                  "Finds numbers, names, addresses and secrets of people that are "
                                  "left in the text, written or spoken",
                                  "redaction-verification",
                                  kSettingsSchema,
                                  CX_PLUGIN_REENTRANT};

  RedactionVerifier(std::string_view config_json, const cx::Host& host) {
    std::vector<SettingsProblem> told_already;
    settings_ = ReadSettings(config_json, &told_already);
    if (settings_.detectors.empty() && settings_.terms.empty()) return;
    try {
      own_.emplace(settings_, [&host](const std::string& name) { return host.OpenData(name); });
    } catch (const BadTerms& error) {
      throw cx::Error(CX_INVALID_ARGUMENT, "BAD_TERMS", error.what());
    }
  }

  static void Validate(std::string_view config_json, cx::Problems& problems) {
    std::vector<SettingsProblem> found;
    ReadSettings(config_json, &found);
    for (const SettingsProblem& problem : found) problems.Report(problem.pointer, problem.message);
  }

  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) const {
    const Language* const language = LanguageOf(context);
    if (language == nullptr) {
      std::string read;
      for (const Language* one : Language::All()) {
        read += (read.empty() ? "" : ", ") + std::string(one->name());
      }
      sink.SetOutcome(CX_OUTCOME_INCONCLUSIVE,
                      "the transcript's language is none that the verifier reads: " + read);
      return;
    }
    std::vector<std::string_view> types;
    for (std::size_t i = 0; i < context.entity_type_count(); ++i) {
      types.push_back(context.entity_type(i));
    }
    const OwnDetectors* own = own_ ? &*own_ : nullptr;
    const Plan plan(settings_, own, context.redaction_policy(), types, *language);
    Evidence evidence(plan, own);
    std::size_t flags = 0;
    for (std::size_t begin = 0; begin < transcript.size();) {
      const int recording = transcript[begin].recording_index();
      std::vector<Utterance> utterances;
      std::size_t end = begin;
      for (; end < transcript.size() && transcript[end].recording_index() == recording; ++end) {
        utterances.push_back({transcript[end].speaker(), transcript[end].text()});
      }
      const Verified verified = Verify(utterances, plan, own, [&context] {
        if (context.cancelled()) throw cx::Cancelled();
      });
      for (const Finding& finding : verified.findings) sink.Report(ToReport(finding, begin));
      for (const Finding& finding : verified.flagged) {
        if (++flags <= kMostFlags) Flag(finding, begin, sink);
      }
      evidence.Add(verified, end - begin);
      begin = end;
      context.SetProgress(static_cast<double>(end) / static_cast<double>(transcript.size()));
    }
    Conclude(plan, evidence, sink);
  }

 private:
  static const Language* LanguageOf(const cx::Context& context) {
    for (const Language* one : Language::All()) {
      if (context.language_is(one->tag())) return one;
    }
    return nullptr;
  }

  // The host holds the findings against the policy once more.
  static void Conclude(const Plan& plan, const Evidence& evidence, cx::Sink& sink) {
    std::string problem;
    for (const std::string& type : plan.missing) {
      problem += (problem.empty() ? "nothing here looks for " : ", ") + type;
    }
    if (!problem.empty() && !plan.language->english()) {
      problem += " in " + std::string(plan.language->name());
    }
    if (!problem.empty()) problem += ", which the redaction policy has checked; ";
    if (problem.empty() && plan.looked_for == 0) {
      problem = "nothing here looks for any of what the redaction policy has checked; ";
    }
    if (evidence.overflowed()) problem += "the configured patterns match too often; ";
    const cx_outcome outcome = !problem.empty()       ? CX_OUTCOME_INCONCLUSIVE
                               : evidence.found_any() ? CX_OUTCOME_FAIL
                                                      : CX_OUTCOME_PASS;
    sink.SetOutcome(outcome, problem + evidence.Summary());
  }

  // Told to whoever reads the result; the text stays as it is.
  void Flag(const Finding& finding, std::size_t first_segment, cx::Sink& sink) const {
    const cx::Finding report = ToReport(finding, first_segment);
    char score[8];
    std::snprintf(score, sizeof(score), "%.2f", report.score);
    for (const cx_span& span : report.spans) {
      sink.AnnotateSpan(span, "redaction.below_threshold",
                        report.entity_type + " " + score + " " + report.detector);
    }
  }

  cx::Finding ToReport(const Finding& finding, std::size_t first_segment) const {
    cx::Finding report;
    for (const Span& span : finding.spans) {
      report.spans.push_back(cx::Span(first_segment + static_cast<std::size_t>(span.segment),
                                      static_cast<std::size_t>(span.begin),
                                      static_cast<std::size_t>(span.end)));
    }
    report.entity_type = TypeOf(finding.verdict, own_ ? &*own_ : nullptr);
    report.score = finding.verdict.score;
    report.detector = finding.verdict.detector;
    report.reason = finding.verdict.reason;
    return report;
  }

  Settings settings_;
  std::optional<OwnDetectors> own_;  // where there are any
};

}  // namespace
}  // namespace cxscribe::redaction

CXSCRIBE_PLUGIN(cxscribe::redaction::RedactionVerifier)
