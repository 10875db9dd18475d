// diarization.so: the naming of speakers over the C ABI.
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <cxscribe/align.hpp>
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

// The host takes half a million segments, and a cut makes up to five of one.
constexpr std::size_t kMostSegmentsToCut = 100'000;
// Half of what the host takes of a call; a transcript with more is not read by people.
constexpr std::size_t kMostAnnotations = 50'000;

Line LineOf(const cx::Segment& segment, bool may_be_cut) {
  Line line{segment.speaker(), segment.text(), segment.start_ms(), segment.end_ms()};
  line.may_be_cut = may_be_cut;
  if (!may_be_cut || segment.words().empty()) return line;
  const auto ranges = cx::AlignWords(line.text, cx::TextsOf(segment.words()));
  // Words that are not those of the text could not be told apart.
  line.may_be_cut = ranges.has_value();
  if (!ranges) return line;
  for (std::size_t i = 0; i < ranges->size(); ++i) {
    const cx::Word word = segment.words()[i];
    line.words.push_back({(*ranges)[i].begin, word.start_ms(), word.end_ms()});
  }
  return line;
}

const char* AnnotationOf(Basis basis) {
  switch (basis) {
    case Basis::kFilled:
      return "filled";
    case Basis::kCorrected:
      return "corrected";
    case Basis::kSplit:
      return "split";
    default:
      return nullptr;
  }
}

// The segments and annotations of one call.
class Output {
 public:
  Output(const cx::Context& context, const cx::Transcript& transcript, cx::Sink& sink)
      : context_(context), transcript_(transcript), sink_(sink) {}

  // Of one recording, whose first segment is `first` of the transcript.
  void Add(std::size_t first, const std::vector<Line>& lines, const Speakers& speakers) {
    if (speakers.role_confidence) {
      char text[8];
      std::snprintf(text, sizeof(text), "0.%02d", *speakers.role_confidence);
      Annotate("diarization.role_confidence", text);
    }
    if (speakers.labels_swapped) Annotate("diarization.labels", "swapped");
    for (const Said& said : speakers.said) {
      if (context_.cancelled()) throw cx::Cancelled();
      const cx::Segment segment = transcript_[first + said.line];
      if (said.basis == Basis::kSplit) {
        sink_.Emit(PartOf(segment, lines[said.line], said));
      } else {
        sink_.Emit(segment.Edit().Speaker(said.name));
      }
      if (const char* basis = AnnotationOf(said.basis)) Annotate("diarization.speaker", basis);
      if (said.estimated) Annotate("diarization.times", "estimated");
      if (!said.also.empty()) Annotate("diarization.overlap", said.also);
      if (said.role == Role::kAgent) Annotate("diarization.role", "agent");
      if (said.role == Role::kCustomer) Annotate("diarization.role", "customer");
      ++emitted_;
    }
  }

 private:
  // To the segment that comes next.
  void Annotate(std::string_view key, std::string_view value) {
    if (annotations_ == kMostAnnotations) return;
    ++annotations_;
    sink_.AnnotateSegment(emitted_, key, value);
  }

  static cx::NewSegment PartOf(const cx::Segment& segment, const Line& line, const Said& said) {
    std::string_view text = segment.text().substr(said.begin, said.end - said.begin);
    text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    cx::NewSegment part =
        segment.Edit().Text(std::string(text)).Speaker(said.name).Times(said.start_ms, said.end_ms);
    if (segment.words().empty()) return part;
    std::vector<cx::NewWord> words;
    for (std::size_t i = 0; i < line.words.size(); ++i) {
      if (line.words[i].begin < said.begin || line.words[i].begin >= said.end) continue;
      const cx::Word word = segment.words()[i];
      words.push_back(
          {std::string(word.text()), word.confidence(), word.start_ms(), word.end_ms()});
    }
    part.Words(std::move(words));
    return part;
  }

  const cx::Context& context_;
  const cx::Transcript& transcript_;
  cx::Sink& sink_;
  std::size_t emitted_ = 0;
  std::size_t annotations_ = 0;
};

class Diarization {
 public:
  static constexpr cx::Info kInfo{
      CX_KIND_TRANSFORM,
      "diarization",
      "0.4.0",
      "Names speakers agent, customer, speaker_1, ..., ivr or voicemail",
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
    const bool may_be_cut = options.repair && transcript.size() <= kMostSegmentsToCut;
    Output output(context, transcript, sink);
    std::size_t recordings = 0;
    std::size_t unlabelled = 0;
    for (std::size_t begin = 0; begin < transcript.size();) {
      const int recording = transcript[begin].recording_index();
      std::vector<Line> lines;
      std::size_t end = begin;
      for (; end < transcript.size() && transcript[end].recording_index() == recording; ++end) {
        lines.push_back(LineOf(transcript[end], may_be_cut));
      }
      const Speakers speakers = NameSpeakers(lines, options, [&context] {
        if (context.cancelled()) throw cx::Cancelled();
      });
      ++recordings;
      if (!speakers.any_label) ++unlabelled;
      output.Add(begin, lines, speakers);
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
