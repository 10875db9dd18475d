// redaction.so: the verifier over the C ABI. Nothing is decided here.
#include <string>
#include <vector>

#include <cxscribe/plugin.hpp>

#include "plugins/redaction/verifier.h"

namespace cxscribe::redaction {
namespace {

namespace cx = ::cxscribe::plugin;

// Whether the detectors' words are those of this BCP 47 tag.
bool IsEnglish(std::string_view tag) {
  const std::string_view language = tag.substr(0, tag.find_first_of("-_"));
  return language.size() == 2 && (language[0] == 'e' || language[0] == 'E') &&
         (language[1] == 'n' || language[1] == 'N');
}

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
                                  "e-mail addresses, names, addresses, passwords and their kin "
                                  "that are left in the text, written or spoken",
                                  "redaction-verification",
                                  kConfigSchema,
                                  CX_PLUGIN_REENTRANT};

  RedactionVerifier(std::string_view /*config_json*/, const cx::Host& /*host*/) {}

  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) {
    if (!IsEnglish(context.language())) {
      sink.SetOutcome(CX_OUTCOME_INCONCLUSIVE,
                      "the verifier reads English only; the transcript's language is another one");
      return;
    }
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < context.entity_type_count(); ++i) {
      names.push_back(context.entity_type(i));
    }
    const EntitySet wanted = EntitySet::Of(names);
    Reading total;
    for (std::size_t begin = 0; begin < transcript.size();) {
      const int recording = transcript[begin].recording_index();
      std::vector<Utterance> utterances;
      std::size_t end = begin;
      for (; end < transcript.size() && transcript[end].recording_index() == recording; ++end) {
        utterances.push_back({transcript[end].speaker(), transcript[end].text()});
      }
      Reading reading;
      const auto findings = Verify(
          utterances, wanted,
          [&context] {
            if (context.cancelled()) throw cx::Cancelled();
          },
          &reading);
      total += reading;
      for (const Finding& finding : findings) sink.Report(ToReport(finding, begin));
      begin = end;
      context.SetProgress(static_cast<double>(end) / static_cast<double>(transcript.size()));
    }
    // PASS and FAIL are the host's own conclusion from the findings.
    Annotate(names, total, sink);
  }

 private:
  // What the evidence is worth: how much was read, for what, and what was taken out before.
  static void Annotate(const std::vector<std::string_view>& names, const Reading& reading,
                       cx::Sink& sink) {
    std::string checked;
    std::string unchecked;
    for (const std::string_view name : names) {
      std::string& list = EntitySet::Of({name}).Empty() ? unchecked : checked;
      list += list.empty() ? "" : " ";
      list += name;
    }
    sink.Annotate("redaction.types_checked", checked);
    sink.Annotate("redaction.types_not_checked", unchecked);
    sink.Annotate("redaction.read", "segments " + std::to_string(reading.segments) + ", words " +
                                        std::to_string(reading.words) + ", numbers in figures " +
                                        std::to_string(reading.numbers));
    sink.Annotate("redaction.marks_found", "names " + std::to_string(reading.marks.names) +
                                               ", runs " + std::to_string(reading.marks.runs) +
                                               ", words " + std::to_string(reading.marks.words));
  }

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
