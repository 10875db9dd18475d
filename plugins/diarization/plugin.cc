// diarization.so: the naming of speakers over the C ABI.
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include <cxscribe/plugin.hpp>
#include <nlohmann/json.hpp>

#include "plugins/diarization/speakers.h"

namespace cxscribe::diarization {
namespace {

namespace cx = ::cxscribe::plugin;

constexpr std::string_view kConfigSchema = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "infer_roles": {"type": "boolean", "default": true},
    "repair": {"type": "boolean", "default": true},
    "fill_gap_ms": {"type": "integer", "minimum": 0, "maximum": 60000, "default": 2000},
    "agent_labels": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "customer_labels": {"type": "array", "items": {"type": "string", "minLength": 1}}
  }
})json";

class Diarization {
 public:
  static constexpr cx::Info kInfo{CX_KIND_TRANSFORM,
                                  "diarization",
                                  "0.2.0",
                                  "Names speakers agent, customer, speaker_1, ... or unknown",
                                  "diarization",
                                  kConfigSchema,
                                  CX_PLUGIN_REENTRANT};

  Diarization(std::string_view config_json, const cx::Host& /*host*/) {
    const nlohmann::json config = nlohmann::json::parse(config_json);
    options_.infer_roles = config.value("infer_roles", options_.infer_roles);
    options_.repair = config.value("repair", options_.repair);
    options_.fill_gap_ms = config.value("fill_gap_ms", options_.fill_gap_ms);
    options_.aliases.agent = config.value("agent_labels", std::vector<std::string>());
    options_.aliases.customer = config.value("customer_labels", std::vector<std::string>());
  }

  // What the schema cannot say: one label cannot name both roles.
  static void Validate(std::string_view config_json, cx::Problems& problems) {
    const nlohmann::json config = nlohmann::json::parse(config_json);
    Aliases aliases;
    aliases.agent = config.value("agent_labels", std::vector<std::string>());
    const auto customers = config.value("customer_labels", std::vector<std::string>());
    for (std::size_t i = 0; i < customers.size(); ++i) {
      Aliases agents_only{aliases.agent, {}};
      if (!aliases.agent.empty() && ReadLabel(customers[i], agents_only).role == Role::kAgent &&
          ReadLabel(customers[i], {}).role != Role::kAgent) {
        problems.Report("/customer_labels/" + std::to_string(i),
                        "this label stands in agent_labels too; it can name one role only");
      }
    }
  }

  void Process(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink) const {
    Options options = options_;
    if (!context.language_is("en")) options.infer_roles = options.repair = false;
    std::size_t recordings = 0;
    std::size_t unlabelled = 0;
    for (std::size_t begin = 0; begin < transcript.size();) {
      const int recording = transcript[begin].recording_index();
      std::vector<Line> lines;
      std::size_t end = begin;
      for (; end < transcript.size() && transcript[end].recording_index() == recording; ++end) {
        const cx::Segment segment = transcript[end];
        lines.push_back({segment.speaker(), segment.text(), segment.start_ms(), segment.end_ms()});
      }
      Speakers speakers = NameSpeakers(lines, options, [&context] {
        if (context.cancelled()) throw cx::Cancelled();
      });
      ++recordings;
      if (!speakers.any_label) ++unlabelled;
      for (std::size_t i = begin; i < end; ++i) {
        if (context.cancelled()) throw cx::Cancelled();
        sink.Emit(transcript[i].Edit().Speaker(std::move(speakers.names[i - begin])));
        const Basis basis = speakers.bases[i - begin];
        if (basis == Basis::kFilled) sink.AnnotateSegment(i, "diarization.speaker", "filled");
        if (basis == Basis::kCorrected) sink.AnnotateSegment(i, "diarization.speaker", "corrected");
      }
      if (speakers.role_confidence) {
        char text[8];
        std::snprintf(text, sizeof(text), "%.2f", *speakers.role_confidence);
        sink.AnnotateSegment(begin, "diarization.role_confidence", text);
      }
      begin = end;
      context.SetProgress(static_cast<double>(end) / static_cast<double>(transcript.size()));
    }
    if (unlabelled > 0) {
      sink.SetOutcome(CX_OUTCOME_INCONCLUSIVE, "the source gave no speaker labels at all for " +
                                                   std::to_string(unlabelled) + " of " +
                                                   std::to_string(recordings) + " recordings");
    }
  }

 private:
  Options options_;
};

}  // namespace
}  // namespace cxscribe::diarization

CXSCRIBE_PLUGIN(cxscribe::diarization::Diarization)
