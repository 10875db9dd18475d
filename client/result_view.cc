#include "client/result_view.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "client/error_view.h"
#include "client/fields.h"
#include "client/table.h"
#include "cxscribe/v1/transcription_service.pb.h"

namespace cxscribe::client {
namespace {

constexpr int kNarrowestText = 24;
constexpr size_t kShortHash = 12;

// A stretch of the transcript that one speaker says.
struct Utterance {
  std::string recording_id;
  std::string speaker;
  int start_ms = 0;
  int first = 0;  // segments [first, last)
  int last = 0;
  bool concluded = false;  // the source named nobody, or somebody else
};

// By segment: whether its speaker is what diarization concluded.
std::vector<bool> ConcludedSpeakers(const v1::GetResultResponse& result) {
  std::vector<bool> concluded(static_cast<size_t>(result.segments_size()), false);
  for (const v1::Annotation& note : result.annotations()) {
    if (!note.has_segment_index() || note.key() != "diarization.speaker") continue;
    const int64_t at = int64_t{note.segment_index()} - result.first_segment();
    if (at < 0 || at >= result.segments_size()) continue;
    concluded[static_cast<size_t>(at)] = note.value() == "filled" || note.value() == "corrected";
  }
  return concluded;
}

// The turns; segments that lie in no turn stand alone. A turn is taken apart where its speaker is no
// longer what the source said, or is again.
std::vector<Utterance> UtterancesOf(const v1::GetResultResponse& result) {
  const int count = result.segments_size();
  const std::vector<bool> concluded = ConcludedSpeakers(result);
  const auto is_concluded = [&](int i) { return concluded[static_cast<size_t>(i)]; };
  std::vector<Utterance> utterances;
  const auto add_segments = [&](int begin, int end) {
    for (int i = begin; i < end; ++i) {
      const v1::Segment& segment = result.segments(i);
      utterances.push_back({segment.recording_id(), segment.speaker(), segment.start_ms(), i, i + 1,
                            is_concluded(i)});
    }
  };
  int next = 0;
  for (const v1::Turn& turn : result.turns()) {
    const int begin = turn.segment_begin() - result.first_segment();
    const int end = turn.segment_end() - result.first_segment();
    if (begin < next || end <= begin || end > count) continue;  // not a turn of these segments
    add_segments(next, begin);
    for (int first = begin, last = begin; first < end; first = last) {
      while (last < end && is_concluded(last) == is_concluded(first)) ++last;
      const int start = first == begin ? turn.start_ms() : result.segments(first).start_ms();
      utterances.push_back(
          {turn.recording_id(), turn.speaker(), start, first, last, is_concluded(first)});
    }
    next = end;
  }
  add_segments(next, count);
  return utterances;
}

Style StyleOfSpeaker(const std::string& speaker) {
  if (speaker == "agent") return Style::kCyan;
  if (speaker == "customer") return Style::kGreen;
  return Style::kYellow;
}

std::string Heading(const std::string& title, const View& view) {
  return "\n" + Paint(title, Style::kBold, view.colour) + "\n";
}

std::string ShortHash(const std::string& hash) { return hash.substr(0, kShortHash); }

// Where a span lies: "00:12 #3 [10,26)".
std::string Where(const v1::Finding& finding, const v1::GetResultResponse& result) {
  std::vector<std::string> places;
  for (const v1::Span& span : finding.spans()) {
    const int index = span.segment_index() - result.first_segment();
    std::string place;
    if (index >= 0 && index < result.segments_size()) {
      place = FormatOffset(result.segments(index).start_ms()) + " ";
    }
    absl::StrAppend(&place, "#", span.segment_index(), " [", span.begin(), ",", span.end(), ")");
    places.push_back(std::move(place));
  }
  return absl::StrJoin(places, ", ");
}

std::string RenderFindings(const v1::GetResultResponse& result, const View& view) {
  if (result.findings().empty()) return "  none\n";
  Table table({{"TYPE"}, {"WHERE"}, {"SCORE", true}, {"DETECTOR"}, {"MASKED"}, {"WHY"}});
  for (const v1::Finding& finding : result.findings()) {
    table.Add(
        {finding.entity_type(), Where(finding, result), FormatScore(finding.score()),
         finding.detector(),
         Cell(finding.masked() ? "yes" : "no", finding.masked() ? Style::kGreen : Style::kRed),
         finding.reason()});
  }
  return table.Render(view, 2);
}

std::string RenderCompliance(const v1::Compliance& compliance, const View& view) {
  Fields fields;
  const auto add = [&fields](const std::string& name, v1::Outcome outcome) {
    fields.Add(name, Cell(OutcomeName(outcome), StyleOf(outcome)));
  };
  add("vendor_redaction", compliance.vendor_redaction());
  add("pii_redacted", compliance.pii_redacted());
  add("diarization_applied", compliance.diarization_applied());
  add("punctuation_restored", compliance.punctuation_restored());
  const std::map<std::string, int> sorted(compliance.capabilities().begin(),
                                          compliance.capabilities().end());
  for (const auto& entry : sorted) add(entry.first, static_cast<v1::Outcome>(entry.second));
  return fields.Render(view, 2);
}

// In the table; what a verifier says about its work is longer, and too good to be cut.
constexpr size_t kLongestReason = 32;

std::string RenderStages(const v1::GetResultResponse& result, const View& view) {
  Table table({{"STAGE"},
               {"PLUGIN"},
               {"SHA-256"},
               {"CONFIG"},
               {"SEGMENTS", true},
               {"FINDINGS", true},
               {"TIME", true},
               {"OUTCOME"},
               {"WHY"}});
  std::string below;
  for (const v1::StageRecord& stage : result.stages()) {
    std::string name = stage.stage();
    if (stage.pass() > 1) absl::StrAppend(&name, " (pass ", stage.pass(), ")");
    table.Add({name, stage.plugin() + " " + stage.plugin_version(),
               ShortHash(stage.plugin_sha256()), ShortHash(stage.config_sha256()),
               absl::StrCat(stage.segments_in(), "→", stage.segments_out()),
               absl::StrCat(stage.findings()), FormatMilliseconds(stage.duration_ms()),
               Cell(OutcomeName(stage.outcome()), StyleOf(stage.outcome())),
               stage.reason().size() > kLongestReason ? "see below" : stage.reason()});
    if (stage.reason().size() > kLongestReason) {
      absl::StrAppend(&below, "  ", Neutralise(name), ":\n");
      for (const std::string& line : Wrap(Neutralise(stage.reason()), view.width - 4)) {
        absl::StrAppend(&below, "    ", line, "\n");
      }
    }
    if (stage.has_error()) {
      absl::StrAppend(&below, "  ", Neutralise(stage.stage()), ":\n",
                      DescribeJobError(stage.error(), 4, view));
    }
  }
  return table.Render(view, 2) + below;
}

// "12 %".
std::string Percent(double share) { return absl::StrCat(std::lround(100 * share), " %"); }

std::string RenderTalk(const v1::TalkStatistics& talk, const View& view) {
  const auto duration = [](int32_t ms) { return HumanDuration(absl::Milliseconds(ms)); };
  const auto or_none = [](bool known, const auto& text) -> std::string {
    return known ? text() : "-";
  };
  Table table({{"SPEAKER"},
               {"TALKED", true},
               {"SHARE", true},
               {"LONGEST", true},
               {"SEGMENTS", true},
               {"WORDS", true},
               {"A MINUTE", true},
               {"INTERRUPTS", true}});
  for (const auto& speaker : talk.speakers()) {
    table.Add({speaker.speaker().empty() ? "unknown" : speaker.speaker(),
               or_none(speaker.has_talk_ms(), [&] { return duration(speaker.talk_ms()); }),
               or_none(speaker.has_talk_share(), [&] { return Percent(speaker.talk_share()); }),
               or_none(speaker.has_longest_monologue_ms(),
                       [&] { return duration(speaker.longest_monologue_ms()); }),
               absl::StrCat(speaker.segment_count()), absl::StrCat(speaker.word_count()),
               or_none(speaker.has_words_per_minute(),
                       [&] { return absl::StrCat(std::lround(speaker.words_per_minute())); }),
               or_none(speaker.has_interruption_count(),
                       [&] { return absl::StrCat(speaker.interruption_count()); })});
  }
  std::string out = table.Render(view, 2);
  if (!talk.has_total_ms()) return out + "  when is not known: the transcript has no times\n";
  absl::StrAppend(&out, "  of ", duration(talk.total_ms()), ", overlap ",
                  duration(talk.overlap_ms()), ", silence ", duration(talk.silence_ms()));
  if (talk.total_ms() > 0) {
    absl::StrAppend(&out, " (", Percent(static_cast<double>(talk.silence_ms()) / talk.total_ms()),
                    ")");
  }
  if (talk.silence_count() > 0) {
    absl::StrAppend(&out, ", ", talk.silence_count(), " of 3 s or more, longest ",
                    duration(talk.longest_silence_ms()));
  }
  return out + "\n";
}

std::string RenderHead(const v1::GetResultResponse& result, const View& view) {
  Fields fields;
  if (!result.job_id().empty()) fields.Add("Job", Cell(result.job_id(), Style::kBold));
  if (!result.transcription_id().empty()) fields.Add("Transcription", result.transcription_id());
  if (!result.status().empty()) fields.Add("Status", result.status());
  fields.Add("Language", result.language());
  fields.Add("Policy", result.redaction_policy());
  fields.Add("Pipeline", absl::StrCat(result.pipeline(), " ", ShortHash(result.pipeline_hash())));
  if (result.has_accuracy_score()) {
    fields.Add("Accuracy", FormatScore(result.accuracy_score()));
  }
  if (result.has_completed_time()) {
    fields.Add("Completed", FormatTime(FromTimestamp(result.completed_time()), view));
  }
  return fields.Render(view);
}

}  // namespace

std::string RenderTranscript(const v1::GetResultResponse& result, const View& view) {
  if (result.withheld()) {
    return Paint("  withheld: a person must resolve the job first", Style::kYellow, view.colour) +
           "\n";
  }
  if (result.segments().empty()) return "  nothing was said\n";
  const std::vector<Utterance> utterances = UtterancesOf(result);
  const bool several_recordings =
      std::any_of(utterances.begin(), utterances.end(), [&utterances](const Utterance& one) {
        return one.recording_id != utterances.front().recording_id;
      });
  std::string out;
  std::string recording_id;
  for (const Utterance& utterance : utterances) {
    if (several_recordings && (out.empty() || utterance.recording_id != recording_id)) {
      recording_id = utterance.recording_id;
      absl::StrAppend(&out, "  ", Paint(Neutralise(recording_id), Style::kDim, view.colour), "\n");
    }
    std::string text;
    for (int i = utterance.first; i < utterance.last; ++i) {
      absl::StrAppend(&text, text.empty() ? "" : " ", result.segments(i).text());
    }
    const std::string speaker =
        Neutralise(utterance.speaker.empty() ? "unknown" : utterance.speaker) +
        (utterance.concluded ? "~" : "");
    const std::string time = absl::StrCat("  [", FormatOffset(utterance.start_ms), "] ");
    const int margin = DisplayWidth(time) + DisplayWidth(speaker) + 2;
    const auto lines = Wrap(Neutralise(text), std::max(kNarrowestText, view.width - margin));
    out += Paint(time, Style::kDim, view.colour) +
           Paint(speaker + ":", StyleOfSpeaker(utterance.speaker), view.colour) + " " +
           lines.front() + "\n";
    for (size_t i = 1; i < lines.size(); ++i) {
      out += std::string(static_cast<size_t>(margin), ' ') + lines[i] + "\n";
    }
  }
  if (std::any_of(utterances.begin(), utterances.end(),
                  [](const Utterance& utterance) { return utterance.concluded; })) {
    out += Paint("  ~ concluded from what is said: the source named nobody here, or somebody else",
                 Style::kDim, view.colour) +
           "\n";
  }
  return out;
}

std::string RenderResult(const v1::GetResultResponse& result, const View& view) {
  std::string out = RenderHead(result, view);
  out += Heading("Transcript", view) + RenderTranscript(result, view);
  out += Heading("Findings", view) + RenderFindings(result, view);
  out += Heading("Compliance", view) + RenderCompliance(result.compliance(), view);
  if (result.stages_size() > 0) out += Heading("Stages", view) + RenderStages(result, view);
  if (result.talk_statistics().speakers_size() > 0) {
    out += Heading("Talk", view) + RenderTalk(result.talk_statistics(), view);
  }
  if (result.has_audit()) {
    out += Heading("Audit", view);
    absl::StrAppend(&out, "  entry ", result.audit().sequence(), ", hash ",
                    Neutralise(result.audit().head_hash()), "\n");
  }
  return out;
}

}  // namespace cxscribe::client
