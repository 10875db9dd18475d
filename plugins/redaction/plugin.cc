// redaction.so: the verifier over the C ABI. Nothing is decided here.
#include <string>
#include <vector>

#include <cxscribe/plugin.hpp>

#include "plugins/redaction/verifier.h"

namespace cxscribe::redaction {
namespace {

namespace cx = ::cxscribe::plugin;

constexpr std::string_view kConfigSchema = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "additionalProperties": false,
  "properties": {}
})json";

class RedactionVerifier {
 public:
  static constexpr cx::Info kInfo{CX_KIND_VERIFY,
                                  "redaction",
                                  "0.1.0",
                                  "Finds card numbers, social security numbers, telephone numbers, "
                                  "e-mail addresses and their kin "
                                  "that are left in the text, written or spoken",
                                  "redaction-verification",
                                  kConfigSchema,
                                  CX_PLUGIN_REENTRANT};

  RedactionVerifier(std::string_view /*config_json*/, const cx::Host& /*host*/) {}

  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) {
    if (!context.language_is("en")) {
      sink.SetOutcome(CX_OUTCOME_INCONCLUSIVE,
                      "the verifier reads English only; the transcript's language is another one");
      return;
    }
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < context.entity_type_count(); ++i) {
      names.push_back(context.entity_type(i));
    }
    const EntitySet wanted = EntitySet::Of(names);
    for (std::size_t begin = 0; begin < transcript.size();) {
      const int recording = transcript[begin].recording_index();
      std::vector<Utterance> utterances;
      std::size_t end = begin;
      for (; end < transcript.size() && transcript[end].recording_index() == recording; ++end) {
        utterances.push_back({transcript[end].speaker(), transcript[end].text()});
      }
      const auto findings = Verify(utterances, wanted, [&context] {
        if (context.cancelled()) throw cx::Cancelled();
      });
      for (const Finding& finding : findings) sink.Report(ToReport(finding, begin));
      begin = end;
      context.SetProgress(static_cast<double>(end) / static_cast<double>(transcript.size()));
    }
    // PASS and FAIL are the host's own conclusion from the findings.
  }

 private:
  static cx::Finding ToReport(const Finding& finding, std::size_t first_segment) {
    cx::Finding report;
    for (const Span& span : finding.spans) {
      report.spans.push_back(cx::Span(first_segment + static_cast<std::size_t>(span.segment),
                                      static_cast<std::size_t>(span.begin),
                                      static_cast<std::size_t>(span.end)));
    }
    report.entity_type = EntityName(finding.verdict.entity);
    report.score = finding.verdict.score;
    report.detector = finding.verdict.detector;
    report.reason = finding.verdict.reason;
    return report;
  }
};

}  // namespace
}  // namespace cxscribe::redaction

CXSCRIBE_PLUGIN(cxscribe::redaction::RedactionVerifier)
